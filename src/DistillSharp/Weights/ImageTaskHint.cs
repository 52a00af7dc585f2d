namespace DistillSharp.Weights;

/// <summary>What is known of the images and classes of a network whose weights are in a file; the rest is read off the weights' shapes.</summary>
/// <param name="Channels">Channels of the images.</param>
/// <param name="Height">Height, pixels. Weights do not tell it.</param>
/// <param name="Width">Width, pixels.</param>
/// <param name="Classes">How many classes.</param>
public sealed record ImageTaskHint(int? Channels = null, int? Height = null, int? Width = null, int? Classes = null);
