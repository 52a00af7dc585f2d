using DistillSharp.Torch;

namespace DistillSharp.Optimization;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1), as PyTorch's; with <c>decoupled</c> weight decay it is AdamW (Loshchilov and Hutter 2019):
/// w shrinks by lr·wd before the step, instead of wd·w being added to the gradient.
/// </summary>
public sealed class Adam : Optimizer
{
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private readonly double _weightDecay;
    private readonly bool _decoupled;
    private readonly Tensor[] _mean;
    private readonly Tensor[] _square;

    /// <summary>Makes the optimiser.</summary>
    /// <param name="parameters">Leaves that require gradients.</param>
    /// <param name="learningRate">The step's size.</param>
    /// <param name="beta1">Decay of the gradient's running mean.</param>
    /// <param name="beta2">Decay of the squared gradient's running mean.</param>
    /// <param name="epsilon">Added to the root of the second moment.</param>
    /// <param name="weightDecay">How strongly weights shrink.</param>
    /// <param name="decoupled">True for AdamW.</param>
    public Adam(IEnumerable<Tensor> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, bool decoupled = false)
        : base(parameters, learningRate)
    {
        _beta1 = beta1;
        _beta2 = beta2;
        _epsilon = epsilon;
        _weightDecay = weightDecay;
        _decoupled = decoupled;
        _mean = ZerosLikeParameters();
        _square = ZerosLikeParameters();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, Tensor>> StateDict() => [.. Name("mean", _mean), .. Name("square", _square)];

    /// <inheritdoc/>
    protected override void Update(ReadOnlySpan<Tensor> gradients)
    {
        ReadOnlySpan<Tensor> g = gradients;
        if (_weightDecay != 0 && _decoupled)
        {
            Operators.ForeachMulInPlace(Parameters, 1 - (LearningRate * _weightDecay));
        }
        else if (_weightDecay != 0)
        {
            g = Operators.ForeachAdd(gradients, Parameters, _weightDecay);
        }

        Operators.ForeachMulInPlace(_mean, _beta1);
        Operators.ForeachAddInPlace(_mean, g, 1 - _beta1);
        Operators.ForeachMulInPlace(_square, _beta2);
        Operators.ForeachAddcmulInPlace(_square, g, g, 1 - _beta2);
        double correction1 = 1 - Math.Pow(_beta1, Steps);
        double correction2 = 1 - Math.Pow(_beta2, Steps);
        Tensor[] denominator = Operators.ForeachSqrt(_square);
        Operators.ForeachDivInPlace(denominator, Math.Sqrt(correction2));
        Operators.ForeachAddInPlace(denominator, _epsilon);
        Operators.ForeachAddcdivInPlace(Parameters, _mean, denominator, -LearningRate / correction1);
    }
}
