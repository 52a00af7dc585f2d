namespace DistillSharp.Inheritance;

/// <summary>How far an analysis is.</summary>
/// <param name="Step">What is done next, in words, e.g. <c>maps of kd, seed 2</c>.</param>
/// <param name="Done">Steps done.</param>
/// <param name="Total">Steps in all.</param>
public sealed record AnalysisProgress(string Step, int Done, int Total);
