using DistillSharp.Configuration;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>One of the explanations that a study can ask for.</summary>
/// <param name="Name">The name in a study.</param>
/// <param name="Title">The name that people read.</param>
/// <param name="Maps">From a classifier, a layer, images, the class of each, the most channels and a slice to maps <c>[N, h, w]</c> at or above 0.</param>
internal sealed record MapMethod(string Name, string Title, Func<ImageClassifier, string, Tensor, Tensor, int, int, Tensor> Maps)
{
    /// <summary>The explanations, in the order to be listed.</summary>
    public static IReadOnlyList<MapMethod> All { get; } =
    [
        new("grad-cam", "Grad-CAM", (model, layer, images, classes, _, slice) => GradCam.Maps(model, layer, images, classes, relu: true, slice)),
        new("grad-cam++", "Grad-CAM++", (model, layer, images, classes, _, slice) => GradCamPlusPlus.Maps(model, layer, images, classes, slice)),
        new("score-cam", "Score-CAM", (model, layer, images, classes, most, slice) => ScoreCam.Maps(model, layer, images, classes, most, slice)),
    ];

    /// <summary>The explanation of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public static MapMethod Get(string name) =>
        All.FirstOrDefault(m => m.Name == name) ?? throw new ArgumentException(NearestName.Explain("map", name, All.Select(m => m.Name)), nameof(name));
}
