using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// The momentum iterative fast gradient sign method (Dong et al., "Boosting Adversarial Attacks with Momentum", CVPR 2018, eqs. 6 and 7), untargeted:
/// <c>g[t+1] = mu * g[t] + grad / |grad|_1</c> for each image, <c>x[t+1] = clip(x[t] + alpha * sign(g[t+1]))</c>, clipped as in <see cref="IterativeFgsm"/>.
/// Made to fool models that it was not crafted against.
/// </summary>
public static class MomentumFgsm
{
    /// <summary>Crafts adversarial images in evaluation mode, a slice at a time, through the classifier's normalisation.</summary>
    /// <param name="model">The attacked classifier; its mode and its parameters' gradients stay as they are.</param>
    /// <param name="images">UInt8, or floating-point in [0, 1], <c>[N, C, H, W]</c>.</param>
    /// <param name="labels">The true classes, Int64 <c>[N]</c>.</param>
    /// <param name="budget">How far and in how many steps.</param>
    /// <param name="momentum">mu, at or above 0; 0 is <see cref="IterativeFgsm"/>.</param>
    /// <param name="slice">How many images at a time.</param>
    /// <returns>Floating-point images <c>[N, C, H, W]</c> on the device of <paramref name="images"/>.</returns>
    public static Tensor Perturb(ImageClassifier model, Tensor images, Tensor labels, AttackBudget budget, double momentum = 1, int slice = 64) =>
        Perturb(model.Network, model.Logits, images, labels, budget, momentum, slice);

    /// <summary>Crafts adversarial images for a model that takes its images as they are.</summary>
    /// <inheritdoc cref="Perturb(ImageClassifier, Tensor, Tensor, AttackBudget, double, int)"/>
    public static Tensor Perturb(Module model, Tensor images, Tensor labels, AttackBudget budget, double momentum = 1, int slice = 64) =>
        Perturb(model, model.Call, images, labels, budget, momentum, slice);

    private static Tensor Perturb(Module network, Func<Tensor, Tensor> logits, Tensor images, Tensor labels, AttackBudget budget, double momentum, int slice) =>
        GradientSteps.Join(network, images, labels, slice, (clean, classes, _) =>
        {
            Tensor current = clean.Clone(), gathered = clean.ZerosLike();
            for (int step = 0; step < budget.Steps; step++)
            {
                using var scope = new TensorScope();
                Tensor gradient = GradientSteps.Gradient(logits, current, classes);
                gathered.MulInPlace(momentum).AddInPlace(GradientSteps.UnitL1(gradient));
                current.CopyInPlace(GradientSteps.WithinEach(current + (gathered.Sign() * budget.Alpha), clean, budget));
            }

            return current;
        });
}
