namespace DistillSharp.Studies.Results;

/// <summary>How a chart's levels are drawn.</summary>
public enum ChartKind
{
    /// <summary>A line for each kind of model over places that are numbers, e.g. strengths of a change.</summary>
    Curve,

    /// <summary>A bar for each kind of model at places that are names, e.g. groups of images.</summary>
    Bars,
}
