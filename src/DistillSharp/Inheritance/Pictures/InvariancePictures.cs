using System.Globalization;
using DistillSharp.Models;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>Two tables: examples of changed images with what each model of one seed sees in them, and for each method the share of answers kept over the strengths.</summary>
internal sealed class InvariancePictures(AnalysisSubject subject, ImageSample sample, InvarianceStrengths asked, int most)
{
    private const string Analysis = "invariance";

    // Black, grey, blue, sky blue and orange, which stay apart for most who see colours otherwise.
    private static readonly (byte, byte, byte) Black = (0, 0, 0), Grey = (150, 150, 150), Blue = (0, 90, 180), Sky = (86, 180, 233), Orange = (230, 140, 0);

    private readonly ExamplePictures _pictures = new(subject.SavePicture, Analysis);
    private readonly List<(string Name, ImageClassifier Model)> _models =
        [("teacher", subject.Teacher), .. subject.StudentModels().Where(s => s.Seed == subject.Seeds[0]).Select(s => (s.Method, s.Classifier))];

    /// <summary>Draws the tables; none where no example is asked for.</summary>
    /// <param name="analysis">The analysis' name.</param>
    /// <param name="table">The measurements, for the curves.</param>
    public IReadOnlyList<PictureTable> Tables(string analysis, MeasurementTable table)
    {
        IReadOnlyList<int> chosen = ExamplePictures.Choose(sample.Classes, most, _ => true);
        return chosen.Count == 0 ? [] : [.. Curves(analysis, table), Examples(analysis, chosen)];
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

    private IEnumerable<PictureTable> Curves(string analysis, MeasurementTable table)
    {
        var rows = new List<PictureRow>();
        foreach (string method in subject.Students.Select(s => s.Method))
        {
            Curve[] curves =
            [
                .. Line(table, "teacher (black)", MeasurementKey.TeacherModel, MeasurementKey.OwnTeacher, Black, dashed: false),
                .. Line(table, "other teacher (grey)", MeasurementKey.TeacherModel, MeasurementKey.OtherTeacher, Grey, dashed: true),
                .. Line(table, "independent students (orange)", MeasurementKey.Independent, MeasurementKey.OwnTeacher, Orange, dashed: false),
                .. Line(table, "students of the other teacher (light blue)", method, MeasurementKey.OtherTeacher, Sky, dashed: true),
                .. Line(table, $"{method} (blue)", method, MeasurementKey.OwnTeacher, Blue, dashed: false),
            ];
            string name = string.Create(CultureInfo.InvariantCulture, $"{Analysis}-curve-{rows.Count}");
            string path = subject.SavePicture(name, CurvePicture.Draw(curves), CurvePicture.Width, CurvePicture.Height, 3);
            string numbers = string.Join("; ", curves.Select(c => $"{c.Name} {string.Join(", ", c.Values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{100 * v:0.0}")))} %"));
            string frame = string.Create(CultureInfo.InvariantCulture, $"From {100 * CurvePicture.Bottom(curves):0} % at the bottom to 100 % at the top, a grey line every 10 points.");
            rows.Add(new PictureRow(method, [new PictureCell(path, $"{frame} {Capital(numbers)}.")]));
        }

        return rows.Count == 0 ? [] :
        [
            new PictureTable(
                analysis,
                "Answers kept, by strength",
                $"From left to right, change '{asked.Change.Name}': {string.Join(", ", asked.All.Select(InvarianceStrengths.Text))}, evenly spaced. Means over seeds and images; nothing is left out here.",
                ["Share of answers kept"],
                rows),
        ];
    }

    /// <summary>A line where there is such a model.</summary>
    private IEnumerable<Curve> Line(MeasurementTable table, string name, string method, string teacher, (byte, byte, byte) colour, bool dashed)
    {
        double[] values = [.. asked.All.Select(strength => Scores.Mean(
            table.Keys.Where(k => k.Measure == InvarianceStrengths.Measure(strength) && k.Method == method && k.Teacher == teacher).Select(k => table[k])))];
        return values.All(double.IsNaN) ? [] : [new Curve(name, values, colour, dashed)];
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
