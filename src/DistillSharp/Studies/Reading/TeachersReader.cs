namespace DistillSharp.Studies;

/// <summary>A teacher that was read, as far as it was right.</summary>
internal sealed record ReadTeacher(string Words, TeacherDefinition? Definition, NetworkLayers? Layers)
{
    /// <summary>The owner of a layer that an option names in a study without teachers.</summary>
    public const string Missing = "the teacher (the study has none)";
}

/// <summary>Reads the section <c>teachers</c>.</summary>
internal sealed class TeachersReader(ModelReader models, BudgetReader budgets, ProblemList problems)
{
    private const int Most = 2;
    private const int DefaultSeedStep = 100;

    private static readonly string[] Keys = ["name", "model", "seed", "budget"];

    /// <summary>The teachers, in order; null where the section is no list, so that nothing is said about a lack of teachers.</summary>
    public IReadOnlyList<ReadTeacher>? Read(SourceNode? node, int? train, BudgetDefinition? budget)
    {
        if (node is null)
        {
            return [];
        }

        if (MappingReader.Items(node, "a list of teachers, each '- name: ...' with its keys below", problems) is not { } items)
        {
            return null;
        }

        if (items.Count > Most)
        {
            problems.Add(items[Most], $"expected at most two teachers: the second is the control; found {items.Count}.");
        }

        List<ReadTeacher> teachers = [.. items.Take(Most).Select((item, index) => ReadOne(item, index, train, budget))];
        RefuseEqualNames(items, teachers);
        RefuseEqualNetworks(items, teachers);
        return teachers;
    }

    private ReadTeacher ReadOne(SourceNode item, int index, int? train, BudgetDefinition? budget)
    {
        string words = $"the teacher '{DefaultName(index)}'";
        if (MappingReader.Open(item, $"the keys {string.Join(", ", Keys)} and the options of the model", problems) is not { } reader)
        {
            return new ReadTeacher(words, null, null);
        }

        string? name = reader.Name("name", DefaultName(index));
        ReadModel model = models.Read(reader, Keys);
        int? seed = reader.Integer("seed", minimum: 0, fallback: DefaultSeedStep * (index + 1));
        BudgetDefinition? own = budgets.ReadPart(item.Find("budget"), train, budget);
        bool complete = name is not null && model.Definition is not null && seed is not null && own is not null;
        return new ReadTeacher(
            name is null ? words : $"the teacher '{name}'",
            complete ? new TeacherDefinition(name!, model.Definition!, seed!.Value, own!) : null,
            model.Layers);
    }

    private void RefuseEqualNames(IReadOnlyList<SourceNode> items, List<ReadTeacher> teachers)
    {
        // Names become folders, and on some file systems these do not differ by case.
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < teachers.Count; i++)
        {
            if (teachers[i].Definition is { } teacher && !seen.Add(teacher.Name))
            {
                problems.Add(items[i].Find("name") ?? items[i], $"expected another name for each teacher, found '{teacher.Name}' again.");
            }
        }
    }

    /// <summary>A control that is the teacher itself would make every student look unspecific.</summary>
    private void RefuseEqualNetworks(IReadOnlyList<SourceNode> items, List<ReadTeacher> teachers)
    {
        var seen = new Dictionary<TeacherDefinition, string>();
        for (int i = 0; i < teachers.Count; i++)
        {
            if (teachers[i].Definition is { } teacher && !seen.TryAdd(teacher with { Name = "" }, teacher.Name))
            {
                string first = seen[teacher with { Name = "" }];
                problems.Add(items[i], $"expected a teacher that differs from '{first}' in model, seed or budget, found the same: it would be the same network, and control nothing. Give it another seed.");
            }
        }
    }

    private static string DefaultName(int index) => index == 0 ? "teacher" : "other-teacher";
}
