namespace DistillSharp.Inheritance;

/// <summary>What a search for an epsilon found.</summary>
/// <param name="Epsilon">The epsilon that came nearest to the target.</param>
/// <param name="Rate">The share of predictions that it changes on the images of the search, 0 to 1.</param>
/// <param name="Reached">True where that share is near enough to the target.</param>
/// <param name="Problem">Why not, in words; empty where it was reached.</param>
public sealed record EpsilonSearchResult(double Epsilon, double Rate, bool Reached, string Problem);
