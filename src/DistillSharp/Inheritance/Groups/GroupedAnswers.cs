using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>The class that every model of a subject gives each test image, and the group that the image belongs to by an attribute.</summary>
internal static class GroupedAnswers
{
    /// <summary>The column with each image's group, as a number.</summary>
    public const string Group = "group";

    /// <summary>The fact that names a group; its value is the group's number.</summary>
    public const string GroupName = "group-name";

    /// <summary>The fact that names a class; its value is the class's number.</summary>
    public const string ClassName = "class-name";

    /// <summary>The columns with a model's answers: the number of the class, NaN where the logits are not finite.</summary>
    public const string Answer = "answer";

    /// <summary>The name of the table.</summary>
    public const string Table = "test";

    /// <summary>The options that name the attribute and bound the images.</summary>
    public static IReadOnlyList<OptionSpec> Options { get; } =
    [
        new OptionSpec("attribute", OptionKind.Text, null, "The attribute of the images that says which group they belong to; where left out, the data set's only one"),
        new OptionSpec("images", OptionKind.Integer, 10_000L, "At most so many test images are looked at: a fixed random part, the same for all models", Minimum: 2),
    ];

    /// <summary>Whether there is the attribute that the options name, or one alone where they name none.</summary>
    public static IEnumerable<OptionProblem> Check(OptionValues options, AnalysisSetting setting) =>
        Problem([.. setting.Attributes.Select(a => a.Name)], options) is { } problem ? [new OptionProblem(options.Has("attribute") ? "attribute" : null, problem)] : [];

    /// <summary>Asks every model.</summary>
    /// <exception cref="ArgumentException">There is no such attribute, or none is named and there is not exactly one.</exception>
    public static Measurements Measure(string analysis, AnalysisSubject subject, OptionValues options, IProgress<AnalysisProgress>? progress)
    {
        using var scope = new TensorScope();
        ImageAttribute attribute = Find(subject.Test.Attributes, options);
        using var sample = new ImageSample(subject.Test, options.Integer("images"));
        var table = new MeasurementTable(Table, sample.Indices, sample.Classes);
        List<MeasurementFact> facts = [.. attribute.ValueNames.Select((name, code) => new MeasurementFact(new MeasurementKey(GroupName, name), code, name))];
        facts.AddRange(subject.ClassNames.Select((name, code) => new MeasurementFact(new MeasurementKey(ClassName, name), code, name)));
        DegenerateModels.Record(facts, Table, subject, subject.Test, sample.Positions, crossStudents: true);
        long[] rows = sample.Positions.ToArray<long>();
        table.Add(new MeasurementKey(Group), [.. rows.Select(r => (double)attribute.Values[(int)r])]);
        List<(MeasurementKey Key, ImageClassifier Model)> models =
        [
            .. subject.Teachers().Select(t => (new MeasurementKey(Answer, MeasurementKey.TeacherModel, null, t.Name), t.Model)),
            .. subject.StudentModels().Select(s => (new MeasurementKey(Answer, s.Method, s.Seed, MeasurementKey.OwnTeacher), s.Classifier)),
            .. subject.CrossStudentModels().Select(s => (new MeasurementKey(Answer, s.Method, s.Seed, MeasurementKey.OtherTeacher), s.Classifier)),
        ];
        for (int i = 0; i < models.Count; i++)
        {
            progress?.Report(new AnalysisProgress($"answers by {attribute.Name}", i, models.Count));
            using var inner = new TensorScope();
            int[] answers = ClassificationMetrics.FinitePredictions(subject.CleanLogits(models[i].Model, subject.Test).IndexSelect(0, sample.Positions));
            table.Add(models[i].Key, [.. answers.Select(a => a < 0 ? double.NaN : a)]);
        }

        return new Measurements(analysis, [table], facts, []);
    }

    /// <summary>The groups that have images, by number.</summary>
    public static IReadOnlyList<(int Code, string Name)> Groups(Measurements measurements)
    {
        HashSet<int> present = [.. measurements.Table(Table)[new MeasurementKey(Group)].Select(g => (int)g)];
        return [.. measurements.Facts.Where(f => f.Key.Measure == GroupName && present.Contains((int)f.Value)).OrderBy(f => f.Value).Select(f => ((int)f.Value, f.Text))];
    }

    /// <summary>The places of a chart of how right models are in each group.</summary>
    /// <param name="measurements">The measurements.</param>
    /// <param name="measure">What the derived columns are called.</param>
    public static IReadOnlyList<ChartPlace> RightByGroup(Measurements measurements, string measure) =>
        ByGroup(measurements, measure, _ => true, (answer, label) => answer == label);

    /// <summary>The places of a chart of a share in each group.</summary>
    /// <param name="measurements">The measurements.</param>
    /// <param name="measure">What the derived columns are called.</param>
    /// <param name="counts">Whether images of a class count.</param>
    /// <param name="hits">Whether an answer to an image of a class is a hit.</param>
    public static IReadOnlyList<ChartPlace> ByGroup(Measurements measurements, string measure, Func<int, bool> counts, Func<double, int, bool> hits)
    {
        MeasurementTable answers = measurements.Table(Table);
        double[] members = answers[new MeasurementKey(Group)];
        return
        [
            .. Groups(measurements).Select(group => new ChartPlace(
                group.Name,
                Derive(answers, measure, a => [.. a.Select((answer, i) => double.IsNaN(answer) || members[i] != group.Code || !counts(answers.Labels[i]) ? double.NaN : hits(answer, answers.Labels[i]) ? 1.0 : 0)]),
                measure)),
        ];
    }

    /// <summary>A table with one derived column in the place of each model's answers.</summary>
    /// <param name="table">The table with the answers.</param>
    /// <param name="measure">What the columns are called.</param>
    /// <param name="score">The score of each image, from a model's answers.</param>
    public static MeasurementTable Derive(MeasurementTable table, string measure, Func<double[], double[]> score)
    {
        var derived = new MeasurementTable(table.Name, table.Images, table.Labels);
        foreach (MeasurementKey key in table.Keys.Where(k => k.Measure == Answer))
        {
            derived.Add(key with { Measure = measure }, score(table[key]));
        }

        return derived;
    }

    /// <summary>1 where an answer is right, 0 where it is wrong, NaN where there is none.</summary>
    public static double[] Correct(MeasurementTable table, double[] answers) =>
        [.. answers.Zip(table.Labels, (a, label) => double.IsNaN(a) ? double.NaN : a == label ? 1.0 : 0)];

    private static ImageAttribute Find(IReadOnlyList<ImageAttribute> attributes, OptionValues options) =>
        Problem([.. attributes.Select(a => a.Name)], options) is { } problem
            ? throw new ArgumentException(problem, nameof(options))
            : options.Has("attribute") ? attributes.First(a => a.Name == options.Text("attribute")) : attributes[0];

    private static string? Problem(IReadOnlyList<string> attributes, OptionValues options)
    {
        if (!options.Has("attribute"))
        {
            return attributes.Count == 1
                ? null
                : $"The option 'attribute' is missing, and the test images have {attributes.Count} attributes{(attributes.Count == 0 ? "" : ": " + string.Join(", ", attributes))}. Name one.";
        }

        return ImageGroup.Problem(attributes, options.Text("attribute"));
    }
}
