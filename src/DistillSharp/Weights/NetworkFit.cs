using DistillSharp.Models;

namespace DistillSharp.Weights;

/// <summary>A network beside the weights of a file.</summary>
/// <param name="Name">The network's name in <see cref="ModelZoo"/>.</param>
/// <param name="Task">Images and classes for which it was made.</param>
/// <param name="Match">What fits what.</param>
public sealed record NetworkFit(string Name, ImageTask Task, WeightsMatch Match);
