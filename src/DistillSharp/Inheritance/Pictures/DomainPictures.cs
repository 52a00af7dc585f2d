using System.Globalization;
using DistillSharp.Models;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>The table of example images in every domain that is made from them, with what the models of one seed see there.</summary>
internal sealed class DomainPictures
{
    private readonly AnalysisSubject _subject;
    private readonly ImageSample _sample;
    private readonly ExamplePictures _pictures;
    private readonly IReadOnlyList<int> _chosen;
    private readonly List<(string Name, ImageClassifier Model)> _models;
    private readonly Dictionary<int, List<PictureCell>> _cells = [];
    private readonly List<string> _columns = [];

    public DomainPictures(AnalysisSubject subject, ImageSample sample, int most, string analysis)
    {
        _subject = subject;
        _sample = sample;
        _pictures = new ExamplePictures(subject.SavePicture, analysis);
        _chosen = ExamplePictures.Choose(sample.Classes, most, _ => true);
        _models = [("teacher", subject.Teacher), .. subject.StudentModels().Where(s => s.Seed == subject.Seeds[0]).Select(s => (s.Method, s.Classifier))];
    }

    /// <summary>Draws a domain's column.</summary>
    /// <param name="name">The domain.</param>
    /// <param name="images">Its images <c>[n, C, H, W]</c>, in the order of the sample.</param>
    /// <param name="logits">From a model to its logits on them, <c>[n, classes]</c>.</param>
    /// <param name="texture">From an image's position to the class of its texture, where that is another than the shape's.</param>
    public void Add(string name, Tensor images, Func<ImageClassifier, Tensor> logits, Func<int, string>? texture = null)
    {
        using var scope = new TensorScope();
        if (_chosen.Count == 0)
        {
            return;
        }

        (string Name, int[] Answers)[] answers = [.. _models.Select(m => (m.Name, ClassificationMetrics.FinitePredictions(logits(m.Model))))];
        foreach (int at in _chosen)
        {
            Tensor image = ImageClassifier.ToUnitRange(images.Select(0, at)).To(Device.Cpu);
            string path = _pictures.SaveImage(image, _sample.Indices[at], _columns.Count, name);
            string caption = (texture is null ? "" : $"texture of {texture(at)}; ") + string.Join("; ", answers.Select(a => $"{a.Name}: {(a.Answers[at] < 0 ? "not finite" : _subject.ClassNames[a.Answers[at]])}"));
            _cells.TryAdd(at, []);
            _cells[at].Add(new PictureCell(path, caption));
        }

        _columns.Add(name);
    }

    /// <summary>The finished table, if there is an example.</summary>
    public IReadOnlyList<PictureTable> Tables(string analysis) => _chosen.Count == 0 ? [] :
    [
        new PictureTable(
            analysis,
            "The same images in every domain, and what each model sees in them",
            $"Models of seed {_subject.Seeds[0].ToString(CultureInfo.InvariantCulture)}. Shown is the first measured image of each class, not a choice of good examples."
            + (_columns.Contains(TestDomains.CueConflict) ? " A cue-conflict image has the shape of this image and the texture of another class." : ""),
            [.. _columns],
            [.. _chosen.Select(at => new PictureRow(string.Create(CultureInfo.InvariantCulture, $"{_subject.ClassNames[_sample.Classes[at]]}, image {_sample.Indices[at]}"), [.. _cells[at]]))]),
    ];
}
