namespace DistillSharp.Data;

/// <summary>What is known of every image of a set besides its class: the domain it comes from, or a person's age, say.</summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="ValueNames">The name of each value; the same, in the same order, for training and test images.</param>
/// <param name="Values">One value an image, 0 to the number of names - 1.</param>
public sealed record ImageAttribute(string Name, IReadOnlyList<string> ValueNames, IReadOnlyList<int> Values);
