using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>What attacks that follow gradients share: slices of images in evaluation mode, the gradient, its directions, the balls around an image.</summary>
internal static class GradientSteps
{
    /// <summary>Crafts images a slice at a time; the model's mode is set back after.</summary>
    /// <param name="network">The attacked network.</param>
    /// <param name="images">UInt8, or floating-point in [0, 1], <c>[N, C, H, W]</c>.</param>
    /// <param name="labels">The true classes, Int64 <c>[N]</c>.</param>
    /// <param name="slice">How many images at a time.</param>
    /// <param name="craft">From a slice's clean images in [0, 1], its labels and the position of its first image to adversarial images; called without recording.</param>
    public static Tensor Join(Module network, Tensor images, Tensor labels, int slice, Func<Tensor, Tensor, long, Tensor> craft)
    {
        using var mode = new EvaluationMode(network);
        Device device = network.Parameters() is [Tensor first, ..] ? first.Device : images.Device;
        return SideBySide.Join(images.Size(0), slice, device, (start, end) =>
        {
            using GradModeScope outer = Autograd.NoGrad();
            Tensor clean = ImageClassifier.ToUnitRange(images.Rows(start, end)).Detach().To(device);
            return craft(clean, labels.Rows(start, end).To(device), start).To(images.Device);
        });
    }

    /// <summary>The gradient of the summed cross-entropy: a mean would divide by the batch's size, and tiny gradients could vanish with it.</summary>
    /// <param name="logits">From images to logits.</param>
    /// <param name="images">Floating-point <c>[N, C, H, W]</c>.</param>
    /// <param name="labels">The true classes, Int64 <c>[N]</c>.</param>
    public static Tensor Gradient(Func<Tensor, Tensor> logits, Tensor images, Tensor labels)
    {
        const long sum = 2;
        using GradModeScope recording = Autograd.EnableGrad();
        Tensor input = images.Detach();
        input.RequiresGrad = true;
        Tensor loss = logits(input).CrossEntropyLoss(labels, reduction: sum);
        return Autograd.Gradients(loss, [input])[0];
    }

    /// <summary>Each image's tensor divided by the sum of its absolute values; zero where it is zero throughout.</summary>
    public static Tensor UnitL1(Tensor perImage)
    {
        Tensor scaled = Scaled(perImage);
        return scaled / NotZero(scaled.Abs().Sum([1, 2, 3], keepdim: true));
    }

    /// <summary>Each image's tensor divided by its L2 norm; zero where it is zero throughout.</summary>
    public static Tensor UnitL2(Tensor perImage)
    {
        Tensor scaled = Scaled(perImage);
        return scaled / NotZero(Norm(scaled));
    }

    /// <summary>Images brought back to within epsilon of others in every value, then to the range of images.</summary>
    /// <param name="moved">The images <c>[N, C, H, W]</c>.</param>
    /// <param name="clean">The centres of the balls.</param>
    /// <param name="budget">Epsilon and the range.</param>
    public static Tensor WithinEach(Tensor moved, Tensor clean, AttackBudget budget) =>
        moved.Clamp(clean - budget.Epsilon, clean + budget.Epsilon).Clamp(budget.Low, budget.High);

    /// <summary>
    /// Images brought back to within epsilon of others in L2 norm, along the straight line, then to the range of images. What is within
    /// the range stays within the ball: clipping brings every value nearer to the centre, which is within the range too.
    /// </summary>
    /// <inheritdoc cref="WithinEach"/>
    public static Tensor WithinL2(Tensor moved, Tensor clean, AttackBudget budget)
    {
        Tensor change = moved - clean;
        Tensor share = (NotZero(Norm(change)).Reciprocal() * budget.Epsilon).ClampMax(1.0);
        return (clean + (change * share)).Clamp(budget.Low, budget.High);
    }

    private static Tensor Norm(Tensor perImage) => perImage.Square().Sum([1, 2, 3], keepdim: true).Sqrt();

    /// <summary>Divided by the largest value: squares of tiny gradients would be lost.</summary>
    private static Tensor Scaled(Tensor perImage) => perImage / NotZero(perImage.Abs().Amax([1, 2, 3], keepdim: true));

    private static Tensor NotZero(Tensor divisors) => divisors.MaskedFill(divisors.Eq(0.0), 1.0);
}
