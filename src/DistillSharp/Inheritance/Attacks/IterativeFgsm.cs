using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// The iterative fast gradient sign method (Kurakin et al. 2017; Ojha et al. 2023, section 4.2), untargeted:
/// <c>x[t+1] = clip(x[t] + alpha * sign(grad CE(x[t], label)))</c>, clipped to within epsilon of x, then to the range of images.
/// </summary>
public static class IterativeFgsm
{
    /// <summary>Crafts adversarial images in evaluation mode, a slice at a time, through the classifier's normalisation.</summary>
    /// <param name="model">The attacked classifier; its mode and its parameters' gradients stay as they are.</param>
    /// <param name="images">UInt8, or floating-point in [0, 1], <c>[N, C, H, W]</c>.</param>
    /// <param name="labels">The true classes, Int64 <c>[N]</c>.</param>
    /// <param name="budget">How far and in how many steps.</param>
    /// <param name="slice">How many images at a time.</param>
    /// <returns>Floating-point images <c>[N, C, H, W]</c> on the device of <paramref name="images"/>.</returns>
    public static Tensor Perturb(ImageClassifier model, Tensor images, Tensor labels, AttackBudget budget, int slice = 64) =>
        Perturb(model.Network, model.Logits, images, labels, budget, slice);

    /// <summary>Crafts adversarial images for a model that takes its images as they are.</summary>
    /// <inheritdoc cref="Perturb(ImageClassifier, Tensor, Tensor, AttackBudget, int)"/>
    public static Tensor Perturb(Module model, Tensor images, Tensor labels, AttackBudget budget, int slice = 64) =>
        Perturb(model, model.Call, images, labels, budget, slice);

    private static Tensor Perturb(Module network, Func<Tensor, Tensor> logits, Tensor images, Tensor labels, AttackBudget budget, int slice) =>
        GradientSteps.Join(network, images, labels, slice, (clean, classes, _) =>
        {
            Tensor current = clean.Clone();
            for (int step = 0; step < budget.Steps; step++)
            {
                using var scope = new TensorScope();
                Tensor direction = GradientSteps.Gradient(logits, current, classes).Sign();
                current.CopyInPlace(GradientSteps.WithinEach(current + (direction * budget.Alpha), clean, budget));
            }

            return current;
        });
}
