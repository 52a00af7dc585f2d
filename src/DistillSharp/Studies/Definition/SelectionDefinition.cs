namespace DistillSharp.Studies;

/// <summary>Which of the study's training images a network learns from, by an attribute of the images such as their domain.</summary>
/// <param name="Attribute">The attribute's name.</param>
/// <param name="Values">The values that are taken, in the author's order; images with another value are not.</param>
public sealed record SelectionDefinition(string Attribute, ValueList<SelectedValue> Values);

/// <summary>One value of an attribute.</summary>
/// <param name="Name">The value's name.</param>
/// <param name="Count">How many of its images are taken: a draw by the split's seed; null for all.</param>
public sealed record SelectedValue(string Name, int? Count);
