namespace DistillSharp.Inheritance;

/// <summary>Something measured once and not per image: a count, a chosen size, a precondition in words.</summary>
/// <param name="Key">What it is, and of which model.</param>
/// <param name="Value">The number; NaN where only words were recorded.</param>
/// <param name="Text">The words; empty where the number says all.</param>
public sealed record MeasurementFact(MeasurementKey Key, double Value, string Text = "");
