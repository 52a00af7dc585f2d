using DistillSharp.Data;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// Projected gradient descent (Madry et al., "Towards Deep Learning Models Resistant to Adversarial Attacks", ICLR 2018, section 2.1), untargeted:
/// a random start in the ball of radius epsilon, then steps up the cross-entropy, each brought back to the ball and to the range of images.
/// In L-infinity a step moves every value by alpha along the gradient's sign; in L2 the image moves by alpha along the gradient.
/// </summary>
public static class ProjectedGradientDescent
{
    /// <summary>Crafts adversarial images in evaluation mode, a slice at a time, through the classifier's normalisation.</summary>
    /// <param name="model">The attacked classifier; its mode and its parameters' gradients stay as they are.</param>
    /// <param name="images">UInt8, or floating-point in [0, 1], <c>[N, C, H, W]</c>.</param>
    /// <param name="labels">The true classes, Int64 <c>[N]</c>.</param>
    /// <param name="budget">How far and in how many steps; epsilon and alpha are sizes in the norm.</param>
    /// <param name="norm">How changes are measured.</param>
    /// <param name="seed">The same seed and slice give the same starts; with another epsilon the same ones, scaled.</param>
    /// <param name="slice">How many images at a time.</param>
    /// <param name="position">Position of the first image among all that are attacked in parts, a multiple of the slice: parts have starts of their own.</param>
    /// <returns>Floating-point images <c>[N, C, H, W]</c> on the device of <paramref name="images"/>.</returns>
    public static Tensor Perturb(ImageClassifier model, Tensor images, Tensor labels, AttackBudget budget, AttackNorm norm = AttackNorm.LInfinity, ulong seed = 0, int slice = 64, long position = 0) =>
        Perturb(model.Network, model.Logits, images, labels, budget, norm, seed, slice, position);

    /// <summary>Crafts adversarial images for a model that takes its images as they are.</summary>
    /// <inheritdoc cref="Perturb(ImageClassifier, Tensor, Tensor, AttackBudget, AttackNorm, ulong, int, long)"/>
    public static Tensor Perturb(Module model, Tensor images, Tensor labels, AttackBudget budget, AttackNorm norm = AttackNorm.LInfinity, ulong seed = 0, int slice = 64, long position = 0) =>
        Perturb(model, model.Call, images, labels, budget, norm, seed, slice, position);

    /// <summary>Points drawn evenly from the unit ball of a norm around 0, one for each image.</summary>
    /// <param name="like">Gives shape <c>[N, C, H, W]</c>, type and device.</param>
    /// <param name="norm">The ball's norm.</param>
    /// <param name="generator">Where they are drawn; on the CPU, in Float32.</param>
    internal static Tensor InUnitBall(Tensor like, AttackNorm norm, Generator generator)
    {
        Tensor drawn = Operators.Empty(like.Shape, DType.Float32);
        if (norm == AttackNorm.LInfinity)
        {
            return drawn.UniformInPlace(-1, 1, generator).To(like.DType, like.Device);
        }

        // A direction from the normal distribution, and a length whose power of the dimension is even.
        Tensor direction = GradientSteps.UnitL2(drawn.NormalInPlace(0, 1, generator));
        Tensor length = Operators.Empty([like.Size(0), 1, 1, 1], DType.Float32).UniformInPlace(0, 1, generator).Pow((double)like.Size(0) / like.ElementCount);
        return (direction * length).To(like.DType, like.Device);
    }

    private static Tensor Perturb(Module network, Func<Tensor, Tensor> logits, Tensor images, Tensor labels, AttackBudget budget, AttackNorm norm, ulong seed, int slice, long position) =>
        GradientSteps.Join(network, images, labels, slice, (clean, classes, start) =>
        {
            using var generator = new Generator(new SeedStream(seed).Derive("pgd-start", batch: position + start));
            Tensor current = clean + (InUnitBall(clean, norm, generator) * budget.Epsilon);
            current.ClampInPlace(budget.Low, budget.High);
            for (int step = 0; step < budget.Steps; step++)
            {
                using var scope = new TensorScope();
                Tensor gradient = GradientSteps.Gradient(logits, current, classes);
                current.CopyInPlace(norm == AttackNorm.LInfinity
                    ? GradientSteps.WithinEach(current + (gradient.Sign() * budget.Alpha), clean, budget)
                    : GradientSteps.WithinL2(current + (GradientSteps.UnitL2(gradient) * budget.Alpha), clean, budget));
            }

            return current;
        });
}
