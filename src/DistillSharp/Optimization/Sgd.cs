using DistillSharp.Torch;

namespace DistillSharp.Optimization;

/// <summary>
/// Stochastic gradient descent with momentum, as PyTorch's <c>SGD</c>: d = g + wd·w; v = m·v + d (v = d on the first step);
/// w -= lr·v, or lr·(d + m·v) with Nesterov (Sutskever et al. 2013).
/// </summary>
public sealed class Sgd : Optimizer
{
    private readonly double _momentum;
    private readonly double _weightDecay;
    private readonly bool _nesterov;
    private readonly Tensor[] _velocity;

    /// <summary>Makes the optimiser.</summary>
    /// <exception cref="ArgumentException">Nesterov is asked for without momentum.</exception>
    public Sgd(IEnumerable<Tensor> parameters, double learningRate, double momentum = 0, double weightDecay = 0, bool nesterov = false)
        : base(parameters, learningRate)
    {
        if (nesterov && momentum <= 0)
        {
            throw new ArgumentException("Nesterov's step needs a momentum above 0.", nameof(nesterov));
        }

        _momentum = momentum;
        _weightDecay = weightDecay;
        _nesterov = nesterov;
        _velocity = momentum > 0 ? ZerosLikeParameters() : [];
    }

    /// <inheritdoc/>
    protected override IEnumerable<KeyValuePair<string, Tensor>> Moments => Name("momentum", _velocity);

    /// <inheritdoc/>
    protected override void Update(Part part)
    {
        Tensor[] direction = part.Gradients;
        if (_weightDecay != 0)
        {
            direction = Operators.ForeachAdd(direction, part.Parameters, _weightDecay);
        }

        if (_momentum > 0)
        {
            // The velocity starts at zero, so the first step's m·v + d is d, as PyTorch has it.
            Tensor[] velocity = part.Of(_velocity);
            Operators.ForeachMulInPlace(velocity, _momentum);
            Operators.ForeachAddInPlace(velocity, direction);
            direction = _nesterov ? Operators.ForeachAdd(direction, velocity, _momentum) : velocity;
        }

        Operators.ForeachAddInPlace(part.Parameters, direction, -LearningRate);
    }
}
