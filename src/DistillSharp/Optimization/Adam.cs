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
    protected override IEnumerable<KeyValuePair<string, Tensor>> Moments => [.. Name("mean", _mean), .. Name("square", _square)];

    /// <inheritdoc/>
    protected override void Update(Part part)
    {
        Tensor[] g = part.Gradients;
        if (_weightDecay != 0 && _decoupled)
        {
            Operators.ForeachMulInPlace(part.Parameters, 1 - (LearningRate * _weightDecay));
        }
        else if (_weightDecay != 0)
        {
            g = Operators.ForeachAdd(g, part.Parameters, _weightDecay);
        }

        Tensor[] mean = part.Of(_mean);
        Tensor[] square = part.Of(_square);
        Operators.ForeachMulInPlace(mean, _beta1);
        Operators.ForeachAddInPlace(mean, g, 1 - _beta1);
        Operators.ForeachMulInPlace(square, _beta2);
        Operators.ForeachAddcmulInPlace(square, g, g, 1 - _beta2);
        double correction1 = 1 - Math.Pow(_beta1, part.Steps);
        double correction2 = 1 - Math.Pow(_beta2, part.Steps);
        Tensor[] denominator = Operators.ForeachSqrt(square);
        Operators.ForeachDivInPlace(denominator, Math.Sqrt(correction2));
        Operators.ForeachAddInPlace(denominator, _epsilon);
        Operators.ForeachAddcdivInPlace(part.Parameters, mean, denominator, -LearningRate / correction1);
    }
}
