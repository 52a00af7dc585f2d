namespace DistillSharp.Conformance;

/// <summary>What came of one fixture.</summary>
/// <param name="Name">The file, relative to the folder, and the fixture in it, e.g. <c>models.json: cifar.resnet8</c>.</param>
/// <param name="Status">Whether it was reproduced.</param>
/// <param name="Quantities">Every quantity that was compared, in the fixture's order.</param>
/// <param name="Problems">What is wrong, a sentence each; empty where it passed. For what is not implemented: what that is.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record FixtureResult(
    string Name,
    FixtureStatus Status,
    IReadOnlyList<QuantityResult> Quantities,
    IReadOnlyList<string> Problems,
    TimeSpan Elapsed)
{
    /// <summary>The quantity with the largest error; null where none was compared.</summary>
    public QuantityResult? Worst => Quantities.MaxBy(q => q.Error);
}
