using System.Globalization;
using DistillSharp.Models;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>The table of example maps: an image, where its teacher looks, where each student of one seed looks.</summary>
internal sealed class LocalizationPictures
{
    private readonly AnalysisSubject _subject;
    private readonly ImageSample _sample;
    private readonly ExamplePictures _pictures;
    private readonly IReadOnlyList<int> _chosen;
    private readonly Dictionary<int, List<PictureCell>> _cells = [];
    private readonly List<string> _columns = ["Image", "Teacher"];

    /// <summary>Chooses the examples and draws the columns that need no student.</summary>
    /// <param name="subject">Names of classes, the first seed, where pictures go.</param>
    /// <param name="sample">The measured images.</param>
    /// <param name="most">Most examples.</param>
    /// <param name="teacherMaps">The teacher's maps <c>[n, h, w]</c>; null where it has none, and then there are no pictures.</param>
    public LocalizationPictures(AnalysisSubject subject, ImageSample sample, int most, Tensor? teacherMaps)
    {
        _subject = subject;
        _sample = sample;
        _pictures = new ExamplePictures(subject.SavePicture, "localization");
        _chosen = teacherMaps is null ? [] : ExamplePictures.Choose(sample.Classes, most, _ => true);
        using var scope = new TensorScope();
        foreach (int at in _chosen)
        {
            string image = _pictures.SaveImage(Image(at), sample.Indices[at], 0, "image");
            string map = _pictures.SaveHeatMap(Image(at), teacherMaps!.Select(0, at), sample.Indices[at], 1, "teacher");
            _cells.Add(at, [new PictureCell(image, ""), new PictureCell(map, IsZero(teacherMaps, at) ? "all-zero map" : "")]);
        }
    }

    /// <summary>Draws a student's column, for the first seed only.</summary>
    /// <param name="student">The student.</param>
    /// <param name="maps">Its maps <c>[n, h, w]</c>.</param>
    /// <param name="cosines">Their cosines with the teacher's, [n].</param>
    public void Add(SubjectModel student, Tensor maps, double[] cosines)
    {
        if (_chosen.Count == 0 || student.Seed != _subject.Seeds[0])
        {
            return;
        }

        using var scope = new TensorScope();
        foreach (int at in _chosen)
        {
            string path = _pictures.SaveHeatMap(Image(at), maps.Select(0, at), _sample.Indices[at], _columns.Count, student.Method);
            string caption = IsZero(maps, at) ? "all-zero map"
                : double.IsNaN(cosines[at]) ? ""
                : string.Create(CultureInfo.InvariantCulture, $"cosine with teacher {cosines[at]:0.00}");
            _cells[at].Add(new PictureCell(path, caption));
        }

        _columns.Add(student.Method);
    }

    /// <summary>The finished table, if there is an example.</summary>
    public IReadOnlyList<PictureTable> Tables(string analysis) => _chosen.Count == 0 ? [] :
    [
        new PictureTable(
            analysis,
            "Where each model looks for the true class",
            $"Grad-CAM maps of the models of seed {_subject.Seeds[0].ToString(CultureInfo.InvariantCulture)}, each scaled to its own largest value. "
            + "Shown is the first measured image of each class, not a choice of good examples.",
            [.. _columns],
            [.. _chosen.Select(at => new PictureRow(string.Create(CultureInfo.InvariantCulture, $"{_subject.ClassNames[_sample.Classes[at]]}, image {_sample.Indices[at]}"), [.. _cells[at]]))]),
    ];

    private static bool IsZero(Tensor maps, int at) => GradCam.IsZero(maps.Rows(at, at + 1))[0];

    private Tensor Image(int at) => ImageClassifier.ToUnitRange(_sample.Images.Select(0, at)).To(Device.Cpu);
}
