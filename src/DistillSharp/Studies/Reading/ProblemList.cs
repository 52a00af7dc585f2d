using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>Collects what is wrong with a file, so that a person sees all of it at once.</summary>
internal sealed class ProblemList(string file)
{
    private readonly List<StudyProblem> _problems = [];

    public int Count => _problems.Count;

    public bool IsEmpty => _problems.Count == 0;

    /// <summary>The problems in the order of the file.</summary>
    public IReadOnlyList<StudyProblem> InOrder => [.. _problems.OrderBy(p => p.Line).ThenBy(p => p.Column)];

    public void Add(SourceNode node, string message) => Add(node.Line, node.Column, node.Path, message);

    public void Add(int line, int column, string path, string message) =>
        _problems.Add(new StudyProblem(file, line, column, path, path.Length == 0 ? message : $"{path}: {message}"));

    /// <summary>A problem of the file itself, not of a place in it.</summary>
    public void AddFile(string message) => Add(0, 0, "", message);

    public void AddExpected(SourceNode node, string expected) =>
        Add(node, $"expected {expected}, found {CoreSchema.Describe(node)}.");

    public void AddUnknown(SourceNode node, string kind, string name, IEnumerable<string> candidates) =>
        Add(node, NearestName.Explain(kind, CoreSchema.Shorten(name), candidates));
}
