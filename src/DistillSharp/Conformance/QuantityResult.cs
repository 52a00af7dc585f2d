namespace DistillSharp.Conformance;

/// <summary>One quantity of a fixture, compared.</summary>
/// <param name="Name">The path of the quantity in its fixture, e.g. <c>gradients.student_logits</c>.</param>
/// <param name="Error">The relative error as <see cref="RelativeError"/> defines it; infinite where a computed value is not finite.</param>
/// <param name="Tolerance">The largest error allowed.</param>
public sealed record QuantityResult(string Name, double Error, double Tolerance)
{
    /// <summary>True where the error is within the tolerance.</summary>
    public bool Passed => Error <= Tolerance;
}
