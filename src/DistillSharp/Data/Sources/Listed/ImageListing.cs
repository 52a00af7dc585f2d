namespace DistillSharp.Data.Listed;

/// <summary>A picture file with what is known of it.</summary>
/// <param name="Name">Its path below the data's folder, with slashes.</param>
/// <param name="Label">Its class.</param>
/// <param name="Attributes">The number of its value of each attribute, in the order of <see cref="ImageListing.Attributes"/>.</param>
internal readonly record struct ListedImage(string Name, int Label, int[] Attributes);

/// <summary>An attribute that the listing knows of every image.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ValueNames">The name of each value.</param>
internal sealed record ListedAttribute(string Name, IReadOnlyList<string> ValueNames);

/// <summary>The picture files of a data set, before any is opened.</summary>
/// <param name="Folder">What their names start from.</param>
/// <param name="Train">The training images, in an order that follows from their names.</param>
/// <param name="Test">The test images, in an order that follows from their names.</param>
/// <param name="ClassNames">The name of each class.</param>
internal sealed record ImageListing(string Folder, IReadOnlyList<ListedImage> Train, IReadOnlyList<ListedImage> Test, IReadOnlyList<string> ClassNames)
{
    /// <summary>What is known of the images besides their class.</summary>
    public IReadOnlyList<ListedAttribute> Attributes { get; init; } = [];

    /// <summary>What the fingerprint covers besides names and bytes of the images: e.g. the content of a list of labels.</summary>
    public string Content { get; init; } = "";
}
