namespace DistillSharp.Data.Listed;

/// <summary>The picture files of a data set, before any is opened.</summary>
/// <param name="Folder">What their names start from.</param>
/// <param name="Train">The training images, in an order that follows from their names.</param>
/// <param name="Test">The test images, in an order that follows from their names.</param>
/// <param name="ClassNames">The name of each class.</param>
internal sealed record ImageListing(string Folder, IReadOnlyList<ListedImage> Train, IReadOnlyList<ListedImage> Test, IReadOnlyList<string> ClassNames)
{
    /// <summary>What is known of the images besides their class.</summary>
    public IReadOnlyList<ListedAttribute> Attributes { get; init; } = [];

    /// <summary>True where the list says where objects are, of some images at least.</summary>
    public bool HasBoxes { get; init; }

    /// <summary>What the fingerprint covers besides names and bytes of the images: e.g. the content of a list of labels.</summary>
    public string Content { get; init; } = "";
}
