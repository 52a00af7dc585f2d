using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// One direction of the contrastive loss against a memory bank (Tian, Krishnan, Isola, "Contrastive Representation Distillation",
/// ICLR 2020, equations 17 to 19): an embedding should score high with its own example's entry of the bank, and low with drawn ones.
/// </summary>
/// <remarks>
/// <para>With P = exp(v·m/T)/Z, k negatives and n examples, h = P/(P + k/n + ε), the loss of an anchor is
/// -log h(positive) - Σ log(1 - h(negative)), up to ε. With x = v·m/T - log Z - log(k/n + ε), h is the sigmoid of x,
/// so that -log h = softplus(-x) and -log(1 - h) = softplus(x): no exponential overflows, and nothing near 1 is subtracted from 1.</para>
/// <para>The scores of the whole bank are one matrix product, out of which numbers are gathered; the usual form gathers
/// whole rows of the bank, dimension times as much memory. The gradient, Σ (h - 1 at the positive, h at negatives)·m/(T·B), is again one product. It is
/// written out here rather than recorded: recording would keep the bank for the backward pass, which the bank's update
/// then invalidates. The price is that gradients of gradients are not available.</para>
/// </remarks>
public static class ContrastiveLoss
{
    /// <summary>What the reference implementation adds to every denominator.</summary>
    public const double DefaultEpsilon = 1e-7;

    /// <summary>The normalising constant Z: the mean of exp(v·m/T) over all scored pairs, times the bank's size.</summary>
    /// <param name="anchors">Unit vectors <c>[B, D]</c>.</param>
    /// <param name="bank">The other network's bank <c>[n, D]</c>.</param>
    /// <param name="indices">Each anchor's own example, Int64 <c>[B]</c>.</param>
    /// <param name="negatives">Each anchor's drawn examples, Int64 <c>[B, k]</c>.</param>
    /// <param name="temperature">T, above 0.</param>
    public static double Normalizer(Tensor anchors, Tensor bank, Tensor indices, Tensor negatives, double temperature)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        Tensor candidates = Operators.Cat([indices.Unsqueeze(1), negatives], 1);
        Tensor scores = (anchors / temperature).Mm(bank.T()).Gather(1, candidates).To(DType.Float64);
        return scores.Exp().Mean().Item() * bank.Size(0);
    }

    /// <summary>The loss of one direction, meant over the anchors.</summary>
    /// <param name="anchors">Unit vectors <c>[B, D]</c>, with graph.</param>
    /// <param name="bank">The other network's bank <c>[n, D]</c>; may change after the call.</param>
    /// <param name="indices">Each anchor's own example, Int64 <c>[B]</c>.</param>
    /// <param name="negatives">Each anchor's drawn examples, Int64 <c>[B, k]</c>; repeated ones count as often as they occur.</param>
    /// <param name="temperature">T, above 0.</param>
    /// <param name="normalizer">Z, above 0; see <see cref="Normalizer"/>.</param>
    /// <param name="epsilon">ε, 0 or more.</param>
    /// <returns>A scalar that carries its gradient into <paramref name="anchors"/>.</returns>
    public static Tensor Loss(
        Tensor anchors, Tensor bank, Tensor indices, Tensor negatives, double temperature, double normalizer, double epsilon = DefaultEpsilon)
    {
        using var scope = new TensorScope();
        (Tensor loss, Tensor gradient) = LossAndGradient(anchors.Detach(), bank, indices, negatives, temperature, normalizer, epsilon);
        if (!Autograd.IsRecording || !anchors.RequiresGrad)
        {
            return scope.Keep(loss);
        }

        // Exactly zero, but its gradient is the one worked out by hand.
        Tensor carrier = (anchors * gradient).Sum();
        return scope.Keep(loss + (carrier - carrier.Detach()));
    }

    private static (Tensor Loss, Tensor Gradient) LossAndGradient(
        Tensor anchors, Tensor bank, Tensor indices, Tensor negatives, double temperature, double normalizer, double epsilon)
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        long batch = anchors.Size(0);
        double noise = (double)negatives.Size(1) / bank.Size(0);
        Tensor own = indices.Unsqueeze(1);
        Tensor scores = (anchors / temperature).Mm(bank.T());

        double shift = -Math.Log(normalizer) - Math.Log(noise + epsilon);
        Tensor positive = scores.Gather(1, own).AddInPlace(shift);
        Tensor negative = scores.Gather(1, negatives).AddInPlace(shift);

        // The reference puts log((k/n)/(P + k/n + ε)) where the paper has log(1 - h): they differ by this constant.
        double perAnchor = negatives.Size(1) * Math.Log((noise + epsilon) / noise);
        Tensor loss = ((-positive).Softplus().Sum() + negative.Softplus().Sum()) / batch + perAnchor;

        // The scores are done with: their memory takes the weights. Positives are added apart from negatives, so that whatever
        // falls on one entry together is equal, and its sum does not depend on the order in which a device adds.
        Tensor weights = scores.ZeroInPlace();
        weights.ScatterAddInPlace(1, negatives, negative.Sigmoid());
        weights.ScatterAddInPlace(1, own, -(-positive).Sigmoid());
        return (loss, weights.Mm(bank).MulInPlace(1 / (temperature * batch)));
    }
}
