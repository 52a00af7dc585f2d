namespace DistillSharp.Studies;

/// <summary>
/// Reads and checks a study in full before anything runs. Whatever the file holds, the result is a study or a list of everything
/// that is wrong with it; no content throws.
/// </summary>
public static class StudyReader
{
    private static readonly string[] Keys = ["study", "description", "data", "teachers", "students", "budget", "analyses"];

    /// <summary>Reads a study's file: UTF-8, at most 1 MiB.</summary>
    /// <param name="path">The file. Relative data paths in it start from its folder.</param>
    /// <param name="catalog">What a study can name.</param>
    public static StudyReadResult Read(string path, IStudyCatalog catalog)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(catalog);
        var problems = new ProblemList(path);
        return StudyFile.Read(path, problems) is { } content
            ? Parse(content, path, catalog)
            : Fail(problems);
    }

    /// <summary>Reads a study from memory.</summary>
    /// <param name="content">What the file holds.</param>
    /// <param name="file">How messages name it. Relative data paths start from its folder.</param>
    /// <param name="catalog">What a study can name.</param>
    public static StudyReadResult Parse(ReadOnlySpan<byte> content, string file, IStudyCatalog catalog)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        ArgumentNullException.ThrowIfNull(catalog);
        var problems = new ProblemList(file);
        if (StudyFile.Decode(content, problems) is not { } text)
        {
            return Fail(problems);
        }

        SourceNode? root = SourceTree.Parse(text, problems);
        if (root is null || CoreSchema.IsNull(root))
        {
            if (problems.IsEmpty)
            {
                problems.Add(1, 1, "", $"expected a study with the keys {string.Join(", ", Keys)}, found an empty file.");
            }

            return Fail(problems);
        }

        var notes = new List<string>();
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        StudyDefinition? study = ReadStudy(root, folder, catalog, problems, notes);
        return study is null || !problems.IsEmpty
            ? Fail(problems)
            : new StudyReadResult(study, [], StudyWarnings.Find(study, root, file), notes);
    }

    private static StudyDefinition? ReadStudy(SourceNode root, string folder, IStudyCatalog catalog, ProblemList problems, List<string> notes)
    {
        if (MappingReader.Open(root, $"the keys {string.Join(", ", Keys)}", problems) is not { } reader)
        {
            return null;
        }

        reader.RefuseOthers(Keys);
        string? name = reader.Name("study");
        string? description = reader.Text("description", "a text", fallback: "");

        ReadData data = new DataReader(catalog, folder, problems, notes).Read(reader.Require("data", "the data to train on"));
        int? train = data.Definition?.Train;
        var budgets = new BudgetReader(catalog, problems);
        BudgetDefinition? budget = budgets.Read(reader.Require("budget", "what every student trains on, at least 'epochs'"), train);
        var models = new ModelReader(catalog, data.Description, problems);
        var methods = new MethodReader(catalog, problems);
        var weights = new WeightsReader(catalog, data.Description, folder, problems);
        var selections = new SelectionReader(data.Description, problems);
        var transfers = new TransferReader(catalog, data.Definition, data.Description, folder, problems);
        IReadOnlyList<ReadTeacher>? teachers = new TeachersReader(models, budgets, methods, weights, new AugmentationReader(catalog, problems), data.Description, selections, problems).Read(root.Find("teachers"), train, budget);
        ReadStudents students = new StudentsReader(models, methods, transfers, selections, problems, notes)
            .Read(reader.Require("students", "the students to train, at least 'model' and 'methods'"), teachers);
        ValueList<AnalysisDefinition> analyses = new AnalysesReader(catalog, data, problems).Read(root.Find("analyses"), students.Layers, teachers);

        if (!problems.IsEmpty)
        {
            return null;
        }

        return new StudyDefinition(
            name!,
            description!,
            data.Definition!,
            [.. teachers!.Select(t => t.Definition!)],
            students.Definition!,
            budget!,
            analyses);
    }

    private static StudyReadResult Fail(ProblemList problems) => new(null, problems.InOrder, [], []);
}
