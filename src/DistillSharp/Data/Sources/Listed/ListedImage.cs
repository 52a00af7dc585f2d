namespace DistillSharp.Data.Listed;

/// <summary>A picture file with what is known of it.</summary>
/// <param name="Name">Its path below the data's folder, with slashes.</param>
/// <param name="Label">Its class.</param>
/// <param name="Attributes">The number of its value of each attribute, in the order of <see cref="ImageListing.Attributes"/>.</param>
internal readonly record struct ListedImage(string Name, int Label, int[] Attributes)
{
    /// <summary>Where its object is, in pixels of the file as it is stored; null where that is not known.</summary>
    public ImageBox? Box { get; init; }
}
