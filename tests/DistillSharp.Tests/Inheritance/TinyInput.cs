namespace DistillSharp.Tests.Inheritance;

/// <summary>What a <see cref="TinyNetwork"/> does to its input first.</summary>
internal enum TinyInput
{
    /// <summary>Nothing.</summary>
    Plain,

    /// <summary>It is rounded, with a gradient of zero everywhere: predictions differ from image to image, but no attack finds a direction.</summary>
    Stepped,

    /// <summary>Each image is brought to mean 0 and deviation 1: neither brightness nor contrast is seen.</summary>
    Centred,
}
