namespace DistillSharp.Inheritance;

/// <summary>What is known of images and networks before anything is trained: enough to refuse options that could not be measured.</summary>
/// <param name="Channels">Channels of an image.</param>
/// <param name="Height">Height of an image in pixels.</param>
/// <param name="Width">Width of an image in pixels.</param>
/// <param name="Classes">How many classes there are.</param>
/// <param name="TestImages">How many test images models are asked about.</param>
public sealed record AnalysisSetting(int Channels, int Height, int Width, int Classes, int TestImages)
{
    /// <summary>The name of each class; empty where they are not known.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>What is known of the test images besides their classes; empty where nothing is.</summary>
    public IReadOnlyList<AttributeSetting> Attributes { get; init; } = [];

    /// <summary>What each layer of the students gives out for one image, by path, without the batch dimension; null where the network is not known.</summary>
    public IReadOnlyDictionary<string, long[]>? StudentLayers { get; init; }

    /// <summary>The same of the teacher.</summary>
    public IReadOnlyDictionary<string, long[]>? TeacherLayers { get; init; }
}
