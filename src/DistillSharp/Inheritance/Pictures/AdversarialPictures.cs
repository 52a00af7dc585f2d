using System.Globalization;
using DistillSharp.Models;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>The table of example attacks: an image, its change, the changed image, and what each model of one seed makes of both.</summary>
internal sealed class AdversarialPictures
{
    private readonly AnalysisSubject _subject;
    private readonly ImageSample _sample;
    private readonly ExamplePictures _pictures;
    private readonly HashSet<int> _chosen;
    private readonly List<(string Name, ImageClassifier Model)> _models;
    private readonly SortedDictionary<int, PictureRow> _rows = [];

    public AdversarialPictures(AnalysisSubject subject, ImageSample sample, int most)
    {
        _subject = subject;
        _sample = sample;
        _pictures = new ExamplePictures(subject.SavePicture, "adversarial");
        _chosen = [.. ExamplePictures.Choose(sample.Classes, most, _ => true)];
        _models = [("teacher", subject.Teacher), .. subject.StudentModels().Where(s => s.Seed == subject.Seeds[0]).Select(s => (s.Method, s.Classifier))];
    }

    /// <summary>Draws the examples among a slice of adversarial images.</summary>
    /// <param name="start">Position of the slice's first image.</param>
    /// <param name="adversarial">The slice's adversarial images <c>[n, C, H, W]</c>.</param>
    /// <param name="budget">The attack's budget.</param>
    /// <param name="scaledByEpsilon">Whether epsilon scales the picture of the change; else its own largest value.</param>
    public void Offer(int start, Tensor adversarial, AttackBudget budget, bool scaledByEpsilon)
    {
        foreach (int at in _chosen.Where(p => p >= start && p < start + adversarial.Size(0)))
        {
            using var scope = new TensorScope();
            Tensor after = adversarial.Rows(at - start, at - start + 1);
            Tensor before = ImageClassifier.ToUnitRange(_sample.Images.Rows(at, at + 1));
            Tensor difference = after - before;

            // In L2 norm a value alone could change by epsilon, but many share it: the picture is scaled to its own largest change then.
            double largest = scaledByEpsilon ? budget.Epsilon : Math.Max(difference.Abs().Max().Item(), 1.0 / 255);
            Tensor change = (difference / (2 * largest)) + 0.5;
            int index = _sample.Indices[at];
            string title = string.Create(CultureInfo.InvariantCulture, $"{Name(_sample.Classes[at])}, image {index}");
            _rows.Add(at, new PictureRow(title,
            [
                new PictureCell(Save(before, index, 0, "unchanged"), Captions(before)),
                new PictureCell(Save(change, index, 1, "change"), string.Create(CultureInfo.InvariantCulture, $"{1 / (2 * largest):0.#} times")),
                new PictureCell(Save(after, index, 2, "adversarial"), Captions(after)),
            ]));
        }
    }

    /// <summary>The finished table, if there is an example.</summary>
    public IReadOnlyList<PictureTable> Tables(string analysis) => _rows.Count == 0 ? [] :
    [
        new PictureTable(
            analysis,
            "Images crafted against the teacher, and what each model sees in them",
            $"Models of seed {_subject.Seeds[0].ToString(CultureInfo.InvariantCulture)}. The change is magnified: black and white are the largest change allowed (in L2 norm: the largest there is), grey is none. "
            + "Shown is the first measured image of each class, whether or not the attack succeeds, not a choice of good examples.",
            ["Unchanged", "Change", "Adversarial"],
            [.. _rows.Values]),
    ];

    private string Save(Tensor image, int index, int column, string kind) => _pictures.SaveImage(image.Squeeze(0).To(Device.Cpu), index, column, kind);

    private string Captions(Tensor image) =>
        string.Join("; ", _models.Select(m => $"{m.Name}: {Name(ClassificationMetrics.Predictions(m.Model.Evaluate(image))[0])}"));

    private string Name(int predicted) => _subject.ClassNames[predicted];
}
