using DistillSharp.Torch;

namespace DistillSharp.Conformance.Checks;

/// <summary>A distillation loss as fixtures state it.</summary>
/// <param name="Name">The fixture's <c>method</c>.</param>
/// <param name="Inputs">The names of its inputs.</param>
/// <param name="Hyperparameters">The names of its hyperparameters.</param>
/// <param name="Parts">Computes the parts whose sum is the loss, each a scalar with its graph.</param>
internal sealed record LossMethod(
    string Name,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Hyperparameters,
    Func<LossInputs, IReadOnlyList<Tensor>> Parts)
{
    /// <summary>The inputs that hold whole numbers, such as classes: no gradient goes into them.</summary>
    public IReadOnlyList<string> Indices { get; init; } = [];

    /// <summary>The names of trained tensors that belong to the loss itself, stated under <c>hyperparameters.parameters</c>.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];
}
