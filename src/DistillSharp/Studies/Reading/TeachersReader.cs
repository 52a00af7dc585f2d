namespace DistillSharp.Studies;

/// <summary>A teacher that was read, as far as it was right.</summary>
internal sealed record ReadTeacher(string Words, TeacherDefinition? Definition, NetworkLayers? Layers)
{
    /// <summary>The owner of a layer that an option names in a study without teachers.</summary>
    public const string Missing = "the teacher (the study has none)";
}

/// <summary>Reads the section <c>teachers</c>.</summary>
internal sealed class TeachersReader(ModelReader models, BudgetReader budgets, MethodReader methods, WeightsReader weights, AugmentationReader augmentations, DataSetDescription? data, SelectionReader selections, ProblemList problems)
{
    private const int Most = 2;
    private const int DefaultSeedStep = 100;

    private const int MostMembers = 100;
    private const int Deepest = 8;

    private static readonly string[] Keys = ["name", "model", "seed", "budget", "members", "generations", "at-epoch", "learns-from", "method", "weights", "mean", "std", "augmentation", "teaches", "images"];

    // What a network that is read and not trained has no use for.
    private static readonly string[] TrainingKeys = ["seed", "budget", "members", "generations", "at-epoch", "learns-from", "method", "augmentation", "images"];

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

        List<ReadTeacher> teachers = [.. items.Take(Most).Select((item, index) => ReadOne(item, DefaultName(index), DefaultSeedStep * (index + 1), train, budget, depth: 0))];
        RefuseEqualNames(items, teachers);
        RefuseEqualNetworks(items, teachers);
        return teachers;
    }

    private ReadTeacher ReadOne(SourceNode item, string fallbackName, int fallbackSeed, int? train, BudgetDefinition? budget, int depth)
    {
        string words = $"the teacher '{fallbackName}'";
        if (MappingReader.Open(item, $"the keys {string.Join(", ", Keys)} and the options of the model", problems) is not { } reader)
        {
            return new ReadTeacher(words, null, null);
        }

        string? name = reader.Name("name", fallbackName);
        words = name is null ? words : $"the teacher '{name}'";
        ReadModel model = models.Read(reader, Keys);
        int before = problems.Count;
        WeightsDefinition? read = weights.Read(reader, model.Definition);
        if (read is not null)
        {
            foreach (string key in TrainingKeys.Where(reader.Has))
            {
                problems.Add(item.Find(key)!, $"'{key}' says how a teacher is trained, and 'weights' reads one that is trained already. Leave one of them out.");
            }
        }

        int? seed = reader.Integer("seed", minimum: 0, fallback: fallbackSeed);
        int? members = reader.Integer("members", minimum: 1, fallback: 1);
        int? generations = reader.Integer("generations", minimum: 0, fallback: 0);
        BudgetDefinition? own = budgets.ReadPart(item.Find("budget"), train, budget);
        int? atEpoch = reader.Has("at-epoch") ? reader.Integer("at-epoch", minimum: 1) : null;
        CheckCounts(item, members, generations, atEpoch, own);
        NetworkLayers? layers = model.Layers is { } single && members > 1 ? single.OfMembers(members.Value) : model.Layers;
        AugmentationDefinition? augmentation = ReadAugmentation(item);
        SelectionDefinition? images = selections.Read(item);
        bool teaches = ReadTeaches(item, fallbackName);
        ReadTeacher? parent = ReadParent(item, name ?? fallbackName, fallbackSeed, train, budget, depth);
        MethodDefinition? method = ReadMethod(item, new Learner(words, model.Layers), parent, generations > 0 ? new ReadTeacher(words, null, model.Layers) : null);
        bool complete = problems.Count == before && name is not null && model.Definition is not null && seed is not null && own is not null;
        TeacherDefinition? definition = complete
            ? new TeacherDefinition(name!, model.Definition!, read is null ? seed!.Value : 0, own!)
            {
                Members = members!.Value,
                Generations = generations!.Value,
                AtEpoch = atEpoch,
                LearnsFrom = parent?.Definition,
                Method = method,
                Weights = read,
                Augmentation = augmentation,
                Images = images,
                Teaches = teaches,
            }
            : null;
        return new ReadTeacher(words, definition, layers);
    }

    private void CheckCounts(SourceNode item, int? members, int? generations, int? atEpoch, BudgetDefinition? budget)
    {
        if (members > MostMembers || generations > MostMembers)
        {
            problems.Add(item.Find(members > MostMembers ? "members" : "generations")!, FormattableString.Invariant($"expected at most {MostMembers}."));
        }

        if (members > 1 && generations > 0)
        {
            problems.Add(item.Find("generations")!, "expected either 'members' (an ensemble) or 'generations' (born again), found both.");
        }

        if (atEpoch >= budget?.Epochs)
        {
            problems.Add(item.Find("at-epoch")!, FormattableString.Invariant($"expected an epoch before the last of the teacher's budget, {budget!.Epochs}, found {atEpoch}."));
        }
    }

    private AugmentationDefinition? ReadAugmentation(SourceNode item) =>
        item.Find("augmentation") is { } node ? augmentations.Read(node, node, data) : null;

    private bool ReadTeaches(SourceNode item, string fallbackName)
    {
        if (item.Find("teaches") is not { } node)
        {
            return false;
        }

        if (!CoreSchema.TryBoolean(node, out bool teaches))
        {
            problems.AddExpected(node, "true or false");
        }
        else if (teaches && fallbackName != DefaultName(1))
        {
            problems.Add(node, "expected 'teaches' at the second teacher only: the first always teaches.");
        }

        return teaches;
    }

    private ReadTeacher? ReadParent(SourceNode item, string name, int seed, int? train, BudgetDefinition? budget, int depth)
    {
        if (item.Find("learns-from") is not { } node)
        {
            return null;
        }

        if (depth >= Deepest)
        {
            problems.Add(node, FormattableString.Invariant($"expected a chain of at most {Deepest} teachers."));
            return null;
        }

        return ReadOne(node, $"{name}-teacher", seed + DefaultSeedStep, train, budget, depth + 1);
    }

    private MethodDefinition? ReadMethod(SourceNode item, Learner learner, ReadTeacher? parent, ReadTeacher? generation)
    {
        SourceNode? node = item.Find("method");
        if (parent is null && generation is null)
        {
            if (node is not null)
            {
                problems.Add(node, "'method' says how a teacher learns from another: expected 'learns-from' or 'generations' beside it.");
            }

            return null;
        }

        // Every step of the chain learns by the same method: it must fit the first, and the later ones.
        MethodDefinition? method = null;
        foreach (ReadTeacher teacher in new[] { parent, generation }.OfType<ReadTeacher>())
        {
            method = node is null ? methods.ReadDefault(item, learner, [teacher]) : methods.ReadValue(node, learner, [teacher]);
        }

        if (method is { NeedsTeacher: false })
        {
            problems.Add(node ?? item, $"expected a method that learns from a teacher, found '{method.Name}'.");
        }

        return method;
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
            if (teachers[i].Definition is { } teacher && !seen.TryAdd(teacher with { Name = "", Teaches = false }, teacher.Name))
            {
                string first = seen[teacher with { Name = "", Teaches = false }];
                problems.Add(items[i], $"expected a teacher that differs from '{first}' in model, seed, budget or origin, found the same: it would be the same network, and control nothing. Give it another seed.");
            }
        }
    }

    private static string DefaultName(int index) => index == 0 ? "teacher" : "other-teacher";
}
