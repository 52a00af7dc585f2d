using System.Globalization;
using DistillSharp.Models;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>Examples of changed images, with what each model of one seed sees in them.</summary>
internal sealed class InvariancePictures(AnalysisSubject subject, ImageSample sample, InvarianceStrengths asked, int most)
{
    private const string Analysis = "invariance";

    private readonly ExamplePictures _pictures = new(subject.SavePicture, Analysis);
    private readonly List<(string Name, ImageClassifier Model)> _models =
        [("teacher", subject.Teacher), .. subject.StudentModels().Where(s => s.Seed == subject.Seeds[0]).Select(s => (s.Method, s.Classifier))];

    /// <summary>Draws the table; none where no example is asked for.</summary>
    /// <param name="analysis">The analysis' name.</param>
    public IReadOnlyList<PictureTable> Tables(string analysis)
    {
        IReadOnlyList<int> chosen = ExamplePictures.Choose(sample.Classes, most, _ => true);
        return chosen.Count == 0 ? [] : [Examples(analysis, chosen)];
    }

    private PictureTable Examples(string analysis, IReadOnlyList<int> chosen)
    {
        bool two = asked.Change.ComparesTwo;
        List<string> columns = ["Unchanged"];
        foreach (double strength in asked.All)
        {
            string text = InvarianceStrengths.Text(strength);
            columns.AddRange(two ? [$"{text}, first", $"{text}, second"] : [text]);
        }

        return new PictureTable(
            analysis,
            "Changed images, and what each model sees in them",
            $"{Capital(asked.Change.Describe(asked.Main))}, and other strengths. Models of seed {subject.Seeds[0].ToString(CultureInfo.InvariantCulture)}. All models saw the same changed images. "
            + "Shown is the first measured image of each class, not a choice of good examples.",
            columns,
            [.. chosen.Select(Row)]);
    }

    private PictureRow Row(int at)
    {
        using var scope = new TensorScope();
        List<PictureCell> cells = [Cell(ImageClassifier.ToUnitRange(sample.Images.Rows(at, at + 1)), at, 0, "unchanged")];
        foreach (double strength in asked.All)
        {
            foreach (bool second in asked.Change.ComparesTwo ? [false, true] : new[] { false })
            {
                cells.Add(Cell(ChangedAnswers.Image(asked.Change, sample, at, strength, second), at, cells.Count, InvarianceStrengths.Text(strength)));
            }
        }

        return new PictureRow(string.Create(CultureInfo.InvariantCulture, $"{subject.ClassNames[sample.Classes[at]]}, image {sample.Indices[at]}"), cells);
    }

    private PictureCell Cell(Tensor image, int at, int column, string kind) => new(
        _pictures.SaveImage(image.Squeeze(0).To(Device.Cpu), sample.Indices[at], column, kind),
        string.Join("; ", _models.Select(m => $"{m.Name}: {subject.ClassNames[ClassificationMetrics.Predictions(m.Model.Evaluate(image))[0]]}")));

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
