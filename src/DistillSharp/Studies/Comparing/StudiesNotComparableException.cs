namespace DistillSharp.Studies;

/// <summary>Two studies cannot be compared: their effects are about different images, or they have no finding in common.</summary>
/// <param name="message">Which, by name, with the values of both.</param>
public sealed class StudiesNotComparableException(string message) : Exception(message);
