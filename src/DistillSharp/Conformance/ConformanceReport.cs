namespace DistillSharp.Conformance;

/// <summary>What came of every fixture of a folder.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Tolerance">The largest relative error allowed.</param>
/// <param name="Fixtures">The fixtures, by file and then in the file's order.</param>
/// <param name="Elapsed">How long all took.</param>
public sealed record ConformanceReport(string Folder, double Tolerance, IReadOnlyList<FixtureResult> Fixtures, TimeSpan Elapsed)
{
    /// <summary>How many fixtures have a status.</summary>
    public int Count(FixtureStatus status) => Fixtures.Count(f => f.Status == status);

    /// <summary>True where nothing failed.</summary>
    /// <param name="all">True to count what is not implemented yet as failed.</param>
    public bool Conforms(bool all) => Count(FixtureStatus.Failed) == 0 && !(all && Count(FixtureStatus.NotImplemented) > 0);
}
