using DistillSharp.Configuration;
using DistillSharp.Distillation;
using DistillSharp.Models;

namespace DistillSharp.Training;

/// <summary>Brings a method and a pair of networks together: methods know layers by path only, and networks know no methods.</summary>
public static class MethodFactory
{
    /// <summary>Makes a method that uses the networks' own layers where its options name none.</summary>
    /// <param name="name">The method's name.</param>
    /// <param name="options">Values of the method's options.</param>
    /// <param name="student">The student's network.</param>
    /// <param name="teacher">The teacher's network; null for methods that need none.</param>
    /// <exception cref="ArgumentException">There is no such method, or its options do not go together.</exception>
    public static DistillationMethod Create(string name, OptionValues options, ImageModel student, ImageModel? teacher) =>
        MethodRegistry.Get(name).Create(options, new LayerDefaults(Taps(student), teacher is null ? NetworkTaps.None : Taps(teacher)));

    /// <summary>The layers of a network that methods look at where none are named.</summary>
    public static NetworkTaps Taps(ImageModel network) =>
        new(network.ZooName, network.HintLayer, network.PenultimateLayer, network.FeatureLayers, network.PreactivationLayers);
}
