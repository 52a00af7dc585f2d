using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>The two linear layers with a GELU between them that transformers and mixers are made of: <c>[..., width]</c> to the same shape.</summary>
internal static class Perceptron
{
    // torchvision's and timm's names for the same five layers.
    private static readonly string[] Positions = ["0", "1", "2", "3", "4"];
    private static readonly string[] Names = ["fc1", "act", "drop1", "fc2", "drop2"];

    /// <summary>Makes the layers: Xavier uniform, biases normal with deviation 1e-6.</summary>
    /// <param name="width">Features in and out.</param>
    /// <param name="hidden">Features between.</param>
    /// <param name="dropout">Share that is dropped after each linear layer while training.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <param name="named">True for names (<c>fc1</c>), false for positions (<c>0</c>).</param>
    public static Sequential Make(long width, long hidden, double dropout, Generator generator, bool named = false)
    {
        string[] names = named ? Names : Positions;
        return new Sequential(
            (names[0], Layer(width, hidden, generator)),
            (names[1], new GELU()),
            (names[2], new Dropout(dropout)),
            (names[3], Layer(hidden, width, generator)),
            (names[4], new Dropout(dropout)));
    }

    private static Linear Layer(long inFeatures, long outFeatures, Generator generator)
    {
        var layer = new Linear(inFeatures, outFeatures, generator);
        Initialization.XavierUniform(layer.Weight, generator);
        Initialization.Normal(layer.Bias!, 1e-6, generator);
        return layer;
    }
}
