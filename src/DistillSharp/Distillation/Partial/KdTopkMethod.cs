using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>KD-topk: the teacher's likeliest classes, and an even rest: the noise in small probabilities is left out (Tang et al. 2020, first version).</summary>
public sealed class KdTopkMethod : PartialMethod
{
    private readonly double _share;

    private KdTopkMethod(OptionValues options)
        : base(options)
    {
        MethodOptions.Require(CheckShare(options));
        _share = options.Number("share");
    }

    /// <summary>The method's entry in the registry.</summary>
    public static MethodDescription Description { get; } = PartialOptions.Describe(
        "kd-topk",
        "The teacher's likeliest classes (KD-topk)",
        "teacher logits, labels",
        "the k largest probabilities of p, the rest even over the other classes, k = share · classes, rounded, at least 1; of equal ones the class of the lower number is kept, and where the teacher is wrong the true class may fall among the even ones",
        [new OptionSpec("share", OptionKind.Number, 0.25, "The share of all classes that are kept; 1 is the whole teacher. The paper found 0.25 best on CIFAR-100 and 0.5 on ImageNet", Minimum: 0, Maximum: 1)],
        options => new KdTopkMethod(options),
        (options, _) => CheckShare(options));

    /// <summary>How many classes are kept: the share of them, rounded, half upwards, at least 1.</summary>
    public static long Kept(double share, long classes) => Math.Max(1, (long)Math.Round(share * classes, MidpointRounding.AwayFromZero));

    /// <inheritdoc/>
    protected override Tensor Target(Tensor teacherLogits, Tensor targets, Tensor indices, Generator generator) =>
        PartialTargets.TopK(Probabilities(teacherLogits), Kept(_share, teacherLogits.Size(1)));

    private static string? CheckShare(OptionValues options) => options.Number("share") > 0
        ? null
        : "The option 'share' is 0, so nothing of the teacher would be kept. Give it a value above 0, at most 1.";
}
