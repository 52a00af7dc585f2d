namespace DistillSharp.Studies;

/// <summary>Something that could not be compared.</summary>
/// <param name="What">The analysis (with its label), measure and method, as far as it is about one.</param>
/// <param name="Reason">Why, one sentence.</param>
public sealed record UncomparedEffect(string What, string Reason);
