using System.Globalization;
using DistillSharp.Data;
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
    private readonly string _title;
    private readonly IReadOnlyList<int> _chosen;
    private readonly Dictionary<int, List<PictureCell>> _cells = [];
    private readonly List<string> _columns = ["Image", "Teacher"];

    /// <summary>Chooses the examples and draws the columns that need no student.</summary>
    /// <param name="subject">Names of classes, the first seed, where pictures go.</param>
    /// <param name="sample">The measured images.</param>
    /// <param name="title">The name of the maps.</param>
    /// <param name="most">Most examples.</param>
    /// <param name="teacherMaps">The teacher's maps; null where it has none, and then there are no pictures.</param>
    /// <param name="teacherEnergy">The share of the teacher's map in the box of each image, NaN where there is none; null without boxes.</param>
    public LocalizationPictures(AnalysisSubject subject, ImageSample sample, string title, int most, ClassMaps? teacherMaps, double[]? teacherEnergy)
    {
        _subject = subject;
        _sample = sample;
        _title = title;
        _pictures = new ExamplePictures(subject.SavePicture, "localization");
        _chosen = teacherMaps is null ? [] : ExamplePictures.Choose(sample.Classes, most, _ => true);
        using var scope = new TensorScope();
        foreach (int at in _chosen)
        {
            string image = _pictures.SaveImage(Image(at), sample.Indices[at], 0, "image", Box(at));
            string map = _pictures.SaveHeatMap(Image(at), Map(teacherMaps!, at), sample.Indices[at], 1, "teacher", Box(at));
            _cells.Add(at, [new PictureCell(image, ""), new PictureCell(map, IsZero(teacherMaps!, at) ? "all-zero map" : InBox(teacherEnergy, at))]);
        }
    }

    /// <summary>Draws a student's column, for the first seed only.</summary>
    /// <param name="student">The student.</param>
    /// <param name="maps">Its maps; drawn is that of the true class.</param>
    /// <param name="cosines">Their cosines with the teacher's, [n].</param>
    /// <param name="energy">The share of the map in the box of each image, NaN where there is none; null without boxes.</param>
    public void Add(SubjectModel student, ClassMaps maps, double[] cosines, double[]? energy)
    {
        if (_chosen.Count == 0 || student.Seed != _subject.Seeds[0])
        {
            return;
        }

        using var scope = new TensorScope();
        foreach (int at in _chosen)
        {
            string path = _pictures.SaveHeatMap(Image(at), Map(maps, at), _sample.Indices[at], _columns.Count, student.Method, Box(at));
            string cosine = double.IsNaN(cosines[at]) ? "" : string.Create(CultureInfo.InvariantCulture, $"cosine with teacher {cosines[at]:0.00}");
            string caption = IsZero(maps, at) ? "all-zero map" : string.Join("; ", new[] { cosine, InBox(energy, at) }.Where(t => t.Length > 0));
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
            $"{_title} maps of the models of seed {_subject.Seeds[0].ToString(CultureInfo.InvariantCulture)}, each scaled to its own largest value. "
            + "Shown is the first measured image of each class, not a choice of good examples."
            + (_sample.Boxes.Count > 0 ? " The light blue line is the box of the object." : ""),
            [.. _columns],
            [.. _chosen.Select(at => new PictureRow(string.Create(CultureInfo.InvariantCulture, $"{_subject.ClassNames[_sample.Classes[at]]}, image {_sample.Indices[at]}"), [.. _cells[at]]))]),
    ];

    private bool IsZero(ClassMaps maps, int at) => GradCam.IsZero(Map(maps, at).Unsqueeze(0))[0];

    private ImageBox? Box(int at) => _sample.Boxes.Count == 0 ? null : _sample.Boxes[at];

    private static string InBox(double[]? energy, int at) =>
        energy is null || double.IsNaN(energy[at]) ? "" : string.Create(CultureInfo.InvariantCulture, $"{100 * energy[at]:0} % in the box");

    private Tensor Map(ClassMaps maps, int at) => maps.Map(at, _sample.Classes[at]);

    private Tensor Image(int at) => ImageClassifier.ToUnitRange(_sample.Images.Select(0, at)).To(Device.Cpu);
}
