namespace DistillSharp.Studies;

/// <summary>An attribute of a data set's images, e.g. their domain.</summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="Values">Each value's name with the number of training images that have it, before the validation split.</param>
public sealed record AttributeDescription(string Name, IReadOnlyList<(string Name, int TrainImages)> Values)
{
    /// <summary>Each value's name with the number of test images that have it; empty where the test images have no such attribute.</summary>
    public IReadOnlyList<(string Name, int TestImages)> TestValues { get; init; } = [];
}
