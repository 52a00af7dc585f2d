using DistillSharp.Configuration;

namespace DistillSharp.Data.Pictures;

/// <summary>How picture files become images of one size.</summary>
/// <param name="Size">The side of the square images; null to take the pictures as they are, which must then all have one size.</param>
/// <param name="Stretch">True to change proportions; false to scale the shorter side and cut out the middle.</param>
/// <param name="Channels">1 or 3.</param>
/// <param name="SkipBroken">True to leave out files that cannot be read.</param>
internal sealed record PictureOptions(int? Size, bool Stretch, int Channels, bool SkipBroken)
{
    private const string Crop = "crop";

    /// <summary>The options of every data set of picture files.</summary>
    public static IReadOnlyList<OptionSpec> Specs { get; } =
    [
        new("size", OptionKind.Integer, null, "Side of the square images in pixels, scaled to with antialiasing; where left out, all pictures must have one size", Minimum: 1, Maximum: 1024),
        new("fit", OptionKind.Text, Crop, "How a picture that is not square becomes so: its middle is cut out (crop), or it is stretched", Choices: [Crop, "stretch"]),
        new("channels", OptionKind.Integer, 3L, "3 for colours, 1 for grey", Minimum: 1, Maximum: 3),
        new("skip-broken", OptionKind.Boolean, false, "Leave out files that cannot be read, and say how many, in place of an error"),
    ];

    /// <summary>Reads the options.</summary>
    /// <exception cref="ArgumentException">A value is not one of those that are possible.</exception>
    public static PictureOptions From(OptionValues values)
    {
        int channels = values.Integer("channels");
        if (channels is not (1 or 3))
        {
            throw new ArgumentException($"The option 'channels' is 1 (grey) or 3 (colours), found {channels}.");
        }

        int? size = values.Has("size") ? values.Integer("size") : null;
        if (size is < 1 or > 1024)
        {
            throw new ArgumentException($"The option 'size' is from 1 to 1024 pixels, found {size}.");
        }

        string fit = values.Text("fit");
        return fit is Crop or "stretch"
            ? new PictureOptions(size, fit != Crop, channels, values.Boolean("skip-broken"))
            : throw new ArgumentException($"The option 'fit' is crop or stretch, found '{fit}'.");
    }
}
