using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>One layer of a network, with everything below it.</summary>
/// <param name="Path">Its path, e.g. <c>layer1.0.conv1</c>: what taps are asked for by.</param>
/// <param name="Kind">The module's kind, e.g. <c>Conv2d</c>.</param>
/// <param name="Shape">What it gives out for one image, without the batch dimension; null where the forward pass does not call it.</param>
/// <param name="Parameters">Its weights.</param>
/// <param name="MultiplyAdds">Its multiply-adds for one image; see <see cref="ICountsMultiplyAdds"/>.</param>
public sealed record LayerSummary(string Path, string Kind, IReadOnlyList<long>? Shape, long Parameters, long MultiplyAdds);

/// <summary>A network's layers with shapes and sizes, as one image passes through it.</summary>
/// <param name="Task">Image and classes.</param>
/// <param name="Layers">Every layer, parents before what is below them, in the order of registration.</param>
/// <param name="Parameters">All weights.</param>
/// <param name="MultiplyAdds">All multiply-adds for one image.</param>
public sealed record ModelSummary(ImageTask Task, IReadOnlyList<LayerSummary> Layers, long Parameters, long MultiplyAdds)
{
    /// <summary>Lets one black image pass in evaluation mode and looks at every layer; the mode is set back after.</summary>
    /// <param name="model">The network.</param>
    /// <param name="task">The image's size; the network may take others than it was made for.</param>
    public static ModelSummary Of(ImageModel model, ImageTask task)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        var own = new Dictionary<Module, long>();
        var shapes = new Dictionary<Module, long[]>();
        var taps = new List<(Module Module, Action<Tensor> Tap)>();
        bool training = model.IsTraining;
        model.Eval();
        try
        {
            foreach ((_, Module module) in model.NamedModules())
            {
                void Tap(Tensor output)
                {
                    shapes[module] = output.Shape[1..].ToArray();
                    if (module is ICountsMultiplyAdds counted)
                    {
                        own[module] = own.GetValueOrDefault(module) + counted.MultiplyAdds(output.Shape);
                    }
                }

                module.AddTap(Tap);
                taps.Add((module, Tap));
            }

            Tensor like = model.Parameters()[0];
            model.Call(Operators.Zeros([1, task.Channels, task.Height, task.Width], like.DType, device: like.Device));
        }
        finally
        {
            model.Train(training);
            taps.ForEach(t => t.Module.RemoveTap(t.Tap));
        }

        var layers = model.NamedModules().Where(m => m.Key.Length > 0)
            .Select(m => new LayerSummary(m.Key, m.Value.GetType().Name, shapes.GetValueOrDefault(m.Value), m.Value.ParameterCount(), WithAllBelow(m.Value)))
            .ToList();
        return new ModelSummary(task, layers, model.ParameterCount(), WithAllBelow(model));

        long WithAllBelow(Module module) => module.NamedModules().Sum(m => own.GetValueOrDefault(m.Value));
    }
}
