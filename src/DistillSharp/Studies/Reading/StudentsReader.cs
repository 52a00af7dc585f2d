using System.Globalization;

namespace DistillSharp.Studies;

/// <summary>The students that were read, as far as they were right.</summary>
internal sealed record ReadStudents(StudentsDefinition? Definition, NetworkLayers? Layers);

/// <summary>Reads the section <c>students</c>.</summary>
internal sealed class StudentsReader(ModelReader models, MethodReader methods, TransferReader transfers, SelectionReader selections, ProblemList problems, List<string> notes)
{
    private static readonly string[] Keys = ["model", "seeds", "start", "data", "images", "methods"];

    private static readonly StudentStart[] Starts = [StudentStart.Fresh, StudentStart.Teacher];

    private static readonly ValueList<int> DefaultSeeds = [0, 1, 2];

    /// <summary>A start as studies write it.</summary>
    public static string NameOf(StudentStart start) => start == StudentStart.Teacher ? "teacher" : "fresh";

    public ReadStudents Read(SourceNode? node, IReadOnlyList<ReadTeacher>? teachers)
    {
        if (node is null || MappingReader.Open(node, $"the keys {string.Join(", ", Keys)} and the options of the model", problems) is not { } reader)
        {
            return new ReadStudents(null, null);
        }

        ReadModel model = models.Read(reader, Keys);
        ValueList<int>? seeds = ReadSeeds(reader);
        StudentStart? start = ReadStart(node, model.Definition, teachers);
        TransferDefinition? data = transfers.Read(node.Find("data"));
        SelectionDefinition? images = selections.Read(node);
        ValueList<MethodDefinition>? read = ReadMethods(reader, new Learner("the student", model.Layers, data?.Name), teachers);
        bool complete = model.Definition is not null && seeds is not null && start is not null && data is not null && read is not null;
        return new ReadStudents(complete ? new StudentsDefinition(model.Definition!, seeds!, read!) { Data = data!, Images = images, Start = start!.Value } : null, model.Layers);
    }

    private StudentStart? ReadStart(SourceNode students, ModelDefinition? model, IReadOnlyList<ReadTeacher>? teachers)
    {
        if (students.Find("start") is not { } node)
        {
            return StudentStart.Fresh;
        }

        if (node.Kind != SourceKind.Scalar || CoreSchema.IsNull(node))
        {
            problems.AddExpected(node, $"one of {string.Join(", ", Starts.Select(NameOf))}");
            return null;
        }

        if (!Starts.Any(s => NameOf(s) == node.Text))
        {
            problems.AddUnknown(node, "start", node.Text, Starts.Select(NameOf));
            return null;
        }

        StudentStart start = Starts.First(s => NameOf(s) == node.Text);
        if (start == StudentStart.Teacher && WhyNoStart(model, teachers) is { } problem)
        {
            problems.Add(node, problem);
            return null;
        }

        return start;
    }

    // What is wrong with the teacher itself is said at its own place.
    private static string? WhyNoStart(ModelDefinition? model, IReadOnlyList<ReadTeacher>? teachers) => teachers switch
    {
        null => null,
        [] => "expected a first teacher, whose initial weights students begin with; found a study without teachers.",
        [{ Definition: null }, ..] => null,
        [{ Definition: { Weights: not null } teacher }, ..] =>
            $"expected a first teacher that is trained in this study: '{teacher.Name}' is read from a file, and the weights that it began with are not known. Train it here, or write 'fresh'.",
        [{ Definition: { Members: > 1 } teacher }, ..] => FormattableString.Invariant(
            $"expected a first teacher of one network: '{teacher.Name}' is an ensemble of {teacher.Members}, each with initial weights of its own. Give it one member, or write 'fresh'."),
        [{ Definition: { } teacher }, ..] => model is null || model == teacher.Model
            ? null
            : $"expected students of the first teacher's network, {RunRecord.ArchitectureOf(teacher.Model)}, because initial weights are those of one network; found {RunRecord.ArchitectureOf(model)}. Give both the same 'model' and options, or write 'fresh'.",
    };

    private ValueList<int>? ReadSeeds(MappingReader reader)
    {
        if (reader.Node.Find("seeds") is not { } node)
        {
            return DefaultSeeds;
        }

        const string Expected = "a list of seeds such as [0, 1, 2]";
        if (MappingReader.Items(node, Expected, problems) is not { } items)
        {
            return null;
        }

        if (items.Count == 0)
        {
            problems.AddExpected(node, $"{Expected} with at least one seed");
            return null;
        }

        var seeds = new List<int>();
        var seen = new HashSet<int>();
        foreach (SourceNode item in items)
        {
            if (reader.Integer(item, minimum: 0, "a seed: a whole number of at least 0") is not { } seed)
            {
                continue;
            }

            if (seen.Add(seed))
            {
                seeds.Add(seed);
            }
            else
            {
                problems.Add(item, $"expected each seed once, found {seed.ToString(CultureInfo.InvariantCulture)} again: a repeated seed trains the same network and adds no evidence.");
            }
        }

        return seeds.Count == items.Count ? [.. seeds] : null;
    }

    private ValueList<MethodDefinition>? ReadMethods(MappingReader reader, Learner learner, IReadOnlyList<ReadTeacher>? teachers)
    {
        const string Expected = "a list of methods such as [independent, kl]";
        if (reader.Require("methods", Expected) is not { } node || MappingReader.Items(node, Expected, problems) is not { } items)
        {
            return null;
        }

        var read = new List<MethodDefinition>();
        var labels = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (SourceNode item in items)
        {
            if (methods.ReadItem(item, learner, teachers) is not { } method)
            {
                continue;
            }

            read.Add(method);

            // Labels become folders, and on some file systems these do not differ by case.
            if (!labels.Add(method.Label))
            {
                problems.Add(item, $"expected another label for each method, found '{method.Label}' again. Give a variant its own: {method.Name}: {{ name: {method.Name}-2 }}.");
            }
        }

        if (read.Count == items.Count && !read.Any(m => m.IsIndependent))
        {
            if (!labels.Add(MethodDefinition.IndependentName))
            {
                problems.Add(node, $"expected no method with the label '{MethodDefinition.IndependentName}', which is kept for training without a teacher.");
            }

            read.Insert(0, MethodDefinition.Independent);
            notes.Add("The method 'independent' was added to students.methods: every finding is read against students trained without a teacher.");
        }

        return problems.IsEmpty ? [.. read] : null;
    }
}
