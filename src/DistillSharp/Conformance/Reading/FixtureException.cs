namespace DistillSharp.Conformance.Reading;

/// <summary>A fixture is not what the format says: the message names the place in the file, what was expected and what was found.</summary>
internal sealed class FixtureException(string path, string problem)
    : Exception(path.Length == 0 ? problem : $"{path}: {problem}");
