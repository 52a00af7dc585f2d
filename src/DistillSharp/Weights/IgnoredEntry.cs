namespace DistillSharp.Weights;

/// <summary>What lies in a file beside the weights that were taken.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Kind">What it is, e.g. <c>a whole number</c>, <c>a dictionary</c>.</param>
public sealed record IgnoredEntry(string Name, string Kind);
