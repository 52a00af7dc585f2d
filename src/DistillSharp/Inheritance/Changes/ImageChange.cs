using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>A random change of images that leaves their class what it is, in a strength of its own unit.</summary>
internal abstract class ImageChange
{
    /// <summary>The changes, in the order to be listed.</summary>
    public static IReadOnlyList<ImageChange> All { get; } = [new ColourChange(), new CropChange(), new ShiftChange(), new RotationChange()];

    /// <summary>The name in a study.</summary>
    public abstract string Name { get; }

    /// <summary>The strengths that are measured where none are asked for, from weak to strong.</summary>
    public abstract IReadOnlyList<double> Strengths { get; }

    /// <summary>The one of <see cref="Strengths"/> that the finding is about.</summary>
    public abstract double Main { get; }

    /// <summary>Whether two changed images are compared with each other, and not a changed image with the unchanged one.</summary>
    public virtual bool ComparesTwo => false;

    /// <summary>What a strength is, for the axis of a chart, e.g. <c>pixels of a shift</c>.</summary>
    public abstract string Axis { get; }

    /// <summary>What the change does in a strength, e.g. <c>shifts of up to 3 pixels</c>.</summary>
    public abstract string Describe(double strength);

    /// <summary>What must be known of this change on such images, e.g. that a part of it does nothing; null where there is nothing.</summary>
    /// <param name="channels">How many channels the images have.</param>
    public virtual string? Remark(int channels) => null;

    /// <summary>Why a strength is not possible for images, in a sentence that says what was expected; null where it is possible.</summary>
    /// <param name="strength">The strength.</param>
    /// <param name="channels">Channels of an image.</param>
    /// <param name="height">Height of an image in pixels.</param>
    /// <param name="width">Width of an image in pixels.</param>
    public abstract string? Problem(double strength, long channels, long height, long width);

    /// <summary>Refuses a strength that is not possible for images <c>[N, C, H, W]</c>.</summary>
    /// <exception cref="ArgumentException">The message says what was expected.</exception>
    public void Check(double strength, Tensor images)
    {
        if (Problem(strength, images.Size(1), images.Size(2), images.Size(3)) is { } problem)
        {
            throw new ArgumentException(problem);
        }
    }

    /// <summary>Changes images, each with its own draw.</summary>
    /// <param name="images">UInt8, or floating-point in [0, 1], <c>[N, C, H, W]</c>; left as they are.</param>
    /// <param name="strength">How strongly.</param>
    /// <param name="seed">The same seed gives the same images; with another strength the same draws, scaled.</param>
    /// <returns>Floating-point images of the same shape in [0, 1].</returns>
    public abstract Tensor Apply(Tensor images, double strength, ulong seed);

    /// <summary>The change of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public static ImageChange Get(string name) =>
        All.FirstOrDefault(c => c.Name == name) ?? throw new ArgumentException(NearestName.Explain("change", name, All.Select(c => c.Name)), nameof(name));

    /// <summary>Images as bytes' values, 0 to 255, which augmentation takes: bytes as they are, others scaled.</summary>
    protected static Tensor ToByteRange(Tensor images) => images.DType == DType.UInt8 ? images : images.To(DType.Float32) * 255.0;

    /// <summary>Why a strength outside a range is not possible; null inside.</summary>
    protected string? OutOfRange(double strength, double least, double most, string unit) => strength >= least && strength <= most
        ? null
        : FormattableString.Invariant($"A strength of '{Name}' is {unit} from {least} to {most}, found {strength}; change 'strengths' or 'strength'.");
}
