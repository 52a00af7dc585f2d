using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>The learned part of a temperature: a number for each image out of both networks' probabilities, by two linear layers with a ReLU between.</summary>
public sealed class InstanceTemperature : Module
{
    private readonly Linear _hidden;
    private readonly Linear _output;

    /// <summary>Makes the layers with PyTorch's default initialisation.</summary>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="width">Features between the layers.</param>
    /// <param name="generator">Where the weights come from.</param>
    public InstanceTemperature(long classes, long width, Generator generator)
    {
        _hidden = Register("hidden", new Linear(2 * classes, width, generator));
        _output = Register("output", new Linear(width, 1, generator));
    }

    /// <summary>What the layers take: both networks' probabilities, sorted by the teacher's, without graph: <c>[B, 2 · classes]</c>.</summary>
    public static Tensor Input(Tensor studentLogits, Tensor teacherLogits)
    {
        (Tensor teacher, Tensor order) = teacherLogits.Detach().Softmax(1).Sort(1, descending: true);
        return Operators.Cat([teacher, studentLogits.Detach().Softmax(1).Gather(1, order)], 1);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => _output.Call(_hidden.Call(input).Relu());
}
