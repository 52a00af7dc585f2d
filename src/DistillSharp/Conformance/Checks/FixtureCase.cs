namespace DistillSharp.Conformance.Checks;

/// <summary>One fixture of a file, ready to be recomputed.</summary>
/// <param name="Name">Its name within the file; empty where it is the whole file.</param>
/// <param name="Check">Recomputes and compares.</param>
/// <param name="NotImplemented">What this version does not compute yet; null where it can be checked.</param>
internal sealed record FixtureCase(string Name, Action<Comparison> Check, string? NotImplemented = null)
{
    /// <summary>A fixture that the format knows and this version does not compute yet.</summary>
    public static FixtureCase Missing(string name, string what) => new(name, _ => { }, what);
}
