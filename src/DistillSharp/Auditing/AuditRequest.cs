namespace DistillSharp.Auditing;

/// <summary>
/// What is to be audited, in the words of a command line. A model is a file of weights (safetensors, <c>.pth</c>, <c>.pt</c>) or the folder of a
/// finished run of a study.
/// </summary>
public sealed record AuditRequest
{
    /// <summary>The teacher.</summary>
    public required string Teacher { get; init; }

    /// <summary>The students: one a seed. <c>LABEL=FILE</c> names the method, so that several can be audited together.</summary>
    public required IReadOnlyList<string> Students { get; init; }

    /// <summary>Students of the same network and budget, trained without a teacher: the floor. Paired with each method's students by their order.</summary>
    public IReadOnlyList<string> Independent { get; init; } = [];

    /// <summary>A teacher that the students did not have.</summary>
    public string? OtherTeacher { get; init; }

    /// <summary>Students distilled by the same methods from <see cref="OtherTeacher"/>, labelled as <see cref="Students"/> and paired with them by their order.</summary>
    public IReadOnlyList<string> OtherStudents { get; init; } = [];

    /// <summary>How the teacher is read.</summary>
    public ModelReading TeacherReading { get; init; } = new();

    /// <summary>How all students are read, the independent ones included.</summary>
    public ModelReading StudentReading { get; init; } = new();

    /// <summary>How the other teacher is read.</summary>
    public ModelReading OtherTeacherReading { get; init; } = new();

    /// <summary>The data set's name.</summary>
    public required string Data { get; init; }

    /// <summary>The data set's options as <c>option=value</c>.</summary>
    public IReadOnlyList<string> DataOptions { get; init; } = [];

    /// <summary>The folder with its files; null for the usual places.</summary>
    public string? DataPath { get; init; }

    /// <summary>How many test images; null for all. The same part is drawn as in a study.</summary>
    public int? TestImages { get; init; }

    /// <summary>How many training images fidelity is measured on, too; 0 for none. Only of use where the students were trained on these data.
    /// They are those of a study with as many, no validation images and split seed 0.</summary>
    public int TrainImages { get; init; }

    /// <summary>The analyses by name; null for all that apply.</summary>
    public IReadOnlyList<string>? Analyses { get; init; }

    /// <summary>Options of analyses as <c>analysis.option=value</c>: <c>localization.images=500</c>.</summary>
    public IReadOnlyList<string> AnalysisOptions { get; init; } = [];

    /// <summary>The request as it is repeated from anywhere: every file by its absolute path, behind its label where it has one.</summary>
    internal AuditRequest WithFullPaths() => this with
    {
        Teacher = Path.GetFullPath(Teacher),
        OtherTeacher = OtherTeacher is null ? null : Path.GetFullPath(OtherTeacher),
        Students = [.. Students.Select(Full)],
        Independent = [.. Independent.Select(Path.GetFullPath)],
        OtherStudents = [.. OtherStudents.Select(Full)],
        DataPath = DataPath is null ? null : Path.GetFullPath(DataPath),
    };

    /// <summary>A label before the first <c>=</c>, unless a file has that whole name.</summary>
    internal static (string? Label, string File) Labelled(string words)
    {
        int at = words.IndexOf('=', StringComparison.Ordinal);
        return at < 0 || Path.Exists(words) ? (null, words) : (words[..at], words[(at + 1)..]);
    }

    private static string Full(string words) => Labelled(words) is ({ } label, var file) ? $"{label}={Path.GetFullPath(file)}" : Path.GetFullPath(words);

    /// <summary>True where nothing is missing that must be there; a damaged record of a request lacks parts.</summary>
    internal bool IsWhole =>
        new object?[] { Teacher, Students, Independent, OtherStudents, TeacherReading, StudentReading, OtherTeacherReading, Data, DataOptions, AnalysisOptions }.All(part => part is not null)
        && new[] { TeacherReading, StudentReading, OtherTeacherReading }.All(r => r is { Model: not null, Mean: not null, StandardDeviation: not null })
        && Students.Concat(Independent).Concat(OtherStudents).Concat(DataOptions).Concat(AnalysisOptions).Concat(Analyses ?? []).All(word => word is not null);
}
