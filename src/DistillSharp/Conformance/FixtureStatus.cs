namespace DistillSharp.Conformance;

/// <summary>What came of recomputing a fixture.</summary>
public enum FixtureStatus
{
    /// <summary>Every stated value was reproduced.</summary>
    Passed,

    /// <summary>A value was not reproduced, or the fixture could not be read.</summary>
    Failed,

    /// <summary>The format knows it, but this version does not compute it yet.</summary>
    NotImplemented,
}
