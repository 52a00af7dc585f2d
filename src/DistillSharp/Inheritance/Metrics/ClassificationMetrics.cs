using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// How right, how sure and how alike classifiers are. Logits are <c>[N, classes]</c>, labels Int64 <c>[N]</c>;
/// everything is computed in Float64, whatever the logits' type, at temperature 1.
/// </summary>
public static class ClassificationMetrics
{
    /// <summary>Share of images whose largest logit is the true class, 0 to 1.</summary>
    public static double Accuracy(Tensor logits, Tensor labels) => CorrectPerImage(logits, labels).Average();

    /// <summary>1 where the largest logit is the true class, else 0, <c>[N]</c>; NaN where a logit is not finite.</summary>
    public static double[] CorrectPerImage(Tensor logits, Tensor labels)
    {
        using var scope = new TensorScope();
        Tensor values = Prepare(logits);
        return Masked(values.Argmax(1).Eq(labels.To(Device.Cpu)).To(DType.Float64), values);
    }

    /// <summary>The class of the largest logit of each image, <c>[N]</c>.</summary>
    public static int[] Predictions(Tensor logits)
    {
        using var scope = new TensorScope();
        return Array.ConvertAll(logits.Detach().Argmax(1).ToArray<long>(), c => (int)c);
    }

    /// <summary>The class of the largest logit of each image, <c>[N]</c>; -1 where a logit is not finite.</summary>
    public static int[] FinitePredictions(Tensor logits)
    {
        using var scope = new TensorScope();
        Tensor values = Prepare(logits);
        return Array.ConvertAll(Masked(values.Argmax(1).To(DType.Float64), values), c => double.IsNaN(c) ? -1 : (int)c);
    }

    /// <summary>
    /// Mean negative log-likelihood of the true class, nats: each image's own class, the diagonal of
    /// <c>log softmax(logits)[:, labels]</c> and not the whole block of every image with every label.
    /// </summary>
    public static double NegativeLogLikelihood(Tensor logits, Tensor labels)
    {
        using var scope = new TensorScope();
        Tensor ofLabel = Prepare(logits).LogSoftmax(1).Gather(1, labels.To(Device.Cpu).Unsqueeze(1));
        return -ofLabel.Mean().Item();
    }

    /// <summary>Brier score: the squared distance of probabilities and one-hot labels, summed over classes and meant over images, 0 to 2.</summary>
    public static double Brier(Tensor logits, Tensor labels)
    {
        using var scope = new TensorScope();
        Tensor values = Prepare(logits);
        Tensor target = labels.To(Device.Cpu).OneHot(values.Size(1)).To(DType.Float64);
        return (values.Softmax(1) - target).Square().Sum(1).Mean().Item();
    }

    /// <summary>
    /// Expected calibration error, 0 to 1: |accuracy - mean confidence| of each bin, weighted by its share of the images
    /// (Guo et al. 2017, eq. 3). Bins of equal width over the largest probability, closed at their upper end.
    /// </summary>
    /// <param name="logits">Logits <c>[N, classes]</c>.</param>
    /// <param name="labels">True classes, Int64 <c>[N]</c>.</param>
    /// <param name="bins">How many bins.</param>
    public static double ExpectedCalibrationError(Tensor logits, Tensor labels, int bins)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        using var scope = new TensorScope();
        double[] confidence = Prepare(logits).Softmax(1).Amax([1]).ToArray<double>();
        double[] correct = CorrectPerImage(logits, labels);
        var gap = new double[bins];
        for (int i = 0; i < confidence.Length; i++)
        {
            int bin = Math.Clamp((int)Math.Ceiling(confidence[i] * bins) - 1, 0, bins - 1);
            gap[bin] += correct[i] - confidence[i];
        }

        return gap.Sum(Math.Abs) / confidence.Length;
    }

    /// <summary>Mean entropy of the predicted probabilities, nats.</summary>
    public static double PredictiveEntropy(Tensor logits)
    {
        using var scope = new TensorScope();
        Tensor logProbabilities = Prepare(logits).LogSoftmax(1);
        return -(logProbabilities.Exp() * logProbabilities).Sum(1).Mean().Item();
    }

    /// <summary>Share of images for which two classifiers' largest logits are the same class, right or wrong, 0 to 1 (Stanton et al. 2021, eq. 1).</summary>
    public static double Agreement(Tensor first, Tensor second) => AgreementPerImage(first, second).Average();

    /// <summary>1 where two classifiers' largest logits are the same class, else 0, <c>[N]</c>; NaN where a logit of either is not finite.</summary>
    public static double[] AgreementPerImage(Tensor first, Tensor second)
    {
        using var scope = new TensorScope();
        Tensor a = Prepare(first), b = Prepare(second);
        return Masked(a.Argmax(1).Eq(b.Argmax(1)).To(DType.Float64), a, b);
    }

    /// <summary>Mean KL divergence KL(p || q), nats: the teacher's logits come first, the student's second (Stanton et al. 2021, eq. 2).</summary>
    public static double KullbackLeibler(Tensor p, Tensor q) => KullbackLeiblerPerImage(p, q).Average();

    /// <summary>KL(p || q) of each image, nats, <c>[N]</c>; NaN where a logit of either is not finite.</summary>
    /// <param name="p">The logits whose probabilities weight the sum: the teacher's.</param>
    /// <param name="q">The other logits: the student's.</param>
    public static double[] KullbackLeiblerPerImage(Tensor p, Tensor q)
    {
        using var scope = new TensorScope();
        Tensor a = Prepare(p), b = Prepare(q);
        Tensor logP = a.LogSoftmax(1);
        return Masked((logP.Exp() * (logP - b.LogSoftmax(1))).Sum(1), a, b);
    }

    /// <summary>
    /// Logits <c>[N, classes]</c>, Float64, of an ensemble: the logarithm of the mean of the members' probabilities.
    /// Not the mean of the logits: that is a geometric mean, in which one sure member overrules the others.
    /// </summary>
    /// <param name="members">The logits of each member, all of one shape.</param>
    public static Tensor EnsembleLogits(params ReadOnlySpan<Tensor> members)
    {
        if (members.Length == 0)
        {
            throw new ArgumentException("An ensemble needs a member.", nameof(members));
        }

        using var scope = new TensorScope();
        return scope.Keep(EnsembleModel.LogMeanSoftmax(members.ToArray().Select(Prepare).ToList()));
    }

    private static Tensor Prepare(Tensor logits) => logits.Detach().To(DType.Float64, Device.Cpu);

    private static double[] Masked(Tensor perImage, params ReadOnlySpan<Tensor> logits)
    {
        double[] values = perImage.ToArray<double>();
        foreach (Tensor tensor in logits)
        {
            byte[] finite = tensor.Isfinite().To(DType.UInt8).Amin([1]).ToArray<byte>();
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = finite[i] == 0 ? double.NaN : values[i];
            }
        }

        return values;
    }
}
