using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>
/// Puts batch norms that will not change any more into the convolutions before them: one operation instead of two
/// (algebraically exact in evaluation mode; floating-point results differ in the last digits).
/// </summary>
public static class BatchNormFolding
{
    /// <summary>Folds every pair of convolution and batch norm in a model that stays in evaluation mode from now on.</summary>
    /// <param name="model">The model; it must be in evaluation mode.</param>
    /// <param name="keep">Paths of layers whose output must stay what it was: a convolution in it keeps its norm apart.</param>
    /// <returns>How many pairs were folded.</returns>
    /// <exception cref="InvalidOperationException">The model is in training mode.</exception>
    public static int Fold(Module model, IReadOnlyCollection<string> keep)
    {
        if (model.IsTraining)
        {
            throw new InvalidOperationException("Batch norms are folded in evaluation mode only: call Eval first.");
        }

        HashSet<Module> kept = keep.Select(model.Find).ToHashSet();
        int count = 0;
        foreach ((_, Module module) in model.NamedModules())
        {
            foreach ((Conv2d convolution, BatchNorm2d norm) in Pairs(module))
            {
                if (!norm.IsFolded && !kept.Contains(convolution))
                {
                    Fold(convolution, norm);
                    count++;
                }
            }
        }

        return count;
    }

    private static IEnumerable<(Conv2d Convolution, BatchNorm2d Norm)> Pairs(Module module) => module switch
    {
        IFoldable foldable => foldable.FoldablePairs,
        Sequential sequence => sequence.Children.Zip(sequence.Children.Skip(1))
            .Where(p => p.First.Value is Conv2d && p.Second.Value is BatchNorm2d)
            .Select(p => ((Conv2d)p.First.Value, (BatchNorm2d)p.Second.Value)),
        _ => [],
    };

    private static void Fold(Conv2d convolution, BatchNorm2d norm)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        Tensor scale = norm.Weight / (norm.RunningVariance + BatchNorm2d.Epsilon).Sqrt();
        Tensor weight = convolution.Weight * scale.View([-1, 1, 1, 1]);
        Tensor mean = convolution.Bias is { } bias ? norm.RunningMean - bias : norm.RunningMean;
        convolution.Fold(weight, norm.Bias - (mean * scale));
        norm.IsFolded = true;
    }
}

/// <summary>A module in whose forward pass batch norms directly follow convolutions.</summary>
public interface IFoldable
{
    /// <summary>Each convolution with the batch norm that alone consumes its output.</summary>
    IEnumerable<(Conv2d Convolution, BatchNorm2d Norm)> FoldablePairs { get; }
}
