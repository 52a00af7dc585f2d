using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Tests.Samples;

/// <summary>Results as a real study has them: three methods, three seeds, every verdict, a missing control, degenerate cases.</summary>
public static class SampleStudy
{
    public static readonly string[] Methods = ["kd", "attention-transfer", "similarity-preserving"];
    private static readonly int[] Seeds = [0, 1, 2];

    public static StudyResults Create() => new(
        1,
        "what-does-kd-pass-on",
        "Does a small convolutional student take over what its teacher agrees on, looks at and is fooled by, or is it only regularised?",
        "Fashion-MNIST: 55,000 training, 5,000 validation and 10,000 test images.",
        "distill study run studies/what-does-kd-pass-on.yaml",
        "2026-03-14T09:26:53Z",
        SampleModels.Create(Methods, Seeds),
        [.. Agreement(), .. Divergence(), .. Localization(), .. Adversarial(), .. Texture()],
        [SamplePictures.Table()],
        new RunEnvironment(
        [
            new("DistillSharp", "0.1.0"),
            new("libtorch", "2.9.1"),
            new(".NET", "10.0.4"),
            new("BLAS", "OpenBLAS 0.3.30"),
            new("Threads", "8"),
            new("CPU", "AMD EPYC 9354, 8 cores"),
            new("Commit", "4f9a6d1"),
        ]))
    {
        Charts = SampleCharts.Create(Methods),
    };

    private static Finding[] Agreement() =>
    [
        Share("kd", 0.8461, 0.0312, 0.0204, Verdict.Inherited, "Agreement rises by 3.1 points [+2.2, +4.0], and by 2.0 points more with its own teacher than with the other one."),
        Share("attention-transfer", 0.8461, 0.0121, 0.0007, Verdict.Regularised, "Agreement rises by 1.2 points [+0.3, +2.1], but as much towards the other teacher (+0.1 points [−0.8, +1.0])."),
        Share("similarity-preserving", 0.8461, 0.0024, 0.0011, Verdict.NotShown, "The interval of the effect, [−0.7, +1.1] points, contains 0."),
    ];

    private static Finding Share(string method, double independent, double effect, double own, Verdict verdict, string reason) => new(
        "fidelity",
        "agreement-test",
        "Top-1 agreement with the teacher on test images",
        "Does the student give the teacher's answer?",
        "share",
        true,
        method,
        Seeds,
        10_000,
        1,
        Around(independent, 0.006),
        Around(0.0003, 0.006),
        Around(independent + effect, 0.006),
        Around(independent + effect - own, 0.007),
        Around(effect, 0.009),
        Around(own, 0.009),
        verdict,
        false,
        reason,
        []);

    private static IEnumerable<Finding> Divergence()
    {
        (double Effect, double Own, Verdict Verdict, string Reason)[] cases =
        [
            (0.121, 0.064, Verdict.Inherited, "The student's predictions are 0.121 nats closer to the teacher's, which is 0.064 nats more than with the other teacher."),
            (0.034, 0.003, Verdict.Regularised, "0.034 nats closer to the teacher, but as close to the other one."),
            (-0.047, -0.021, Verdict.Reversed, "The students are 0.047 nats further from the teacher than independent students: the interval lies below 0."),
        ];
        return Methods.Zip(cases, (method, one) => new Finding(
            "fidelity", "kl-test", "KL divergence from the teacher on test images", "How far are the student's probabilities from the teacher's?",
            "nats", false, method, Seeds, 10_000, 0, Around(0.412, 0.018), Around(-0.002, 0.014), Around(0.412 - one.Effect, 0.015),
            Around(0.43 - one.Effect, 0.02), Around(one.Effect, 0.019), Around(one.Own, 0.02), one.Verdict, false, one.Reason, []));
    }

    private static IEnumerable<Finding> Localization()
    {
        double[] effects = [0.012, 0.083, 0.031];
        Verdict[] verdicts = [Verdict.NotShown, Verdict.Inherited, Verdict.Regularised];
        return Methods.Select((method, index) => new Finding(
            "localization", "cam-overlap", "Overlap of the class activation maps", "Does the student look where the teacher looks?",
            "share", true, method, Seeds, 1_987.7, null, Around(0.513, 0.012), Around(0.001, 0.011), Around(0.513 + effects[index], 0.013),
            index == 2 ? null : Around(0.505 + (effects[index] / 3), 0.012), Around(effects[index], 0.016),
            index == 2 ? null : Around(effects[index] / 1.8, 0.014), verdicts[index], false,
            index == 2
                ? "Overlap rises by 3.1 points [+1.5, +4.7], but there is no other teacher to tell inheritance from regularisation."
                : $"The effect is {effects[index] * 100:0.0} points, with {(index == 0 ? "an interval that contains 0" : "both intervals above 0")}.",
            ["12 of 2,000 images have an all-zero map in at least one model and were left out.", .. index == 2 ? (string[])["No other teacher was trained for this method."] : []]));
    }

    private static IEnumerable<Finding> Adversarial()
    {
        double[] effects = [0.094, 0.021, double.NaN];
        return Methods.Select((method, index) => new Finding(
            "adversarial", "transfer-linf", "Fooled by the teacher's adversarial images (ε = 8/255)", "Is the student fooled by what fools its teacher?",
            "share", true, method, index == 2 ? [] : [.. Seeds.Take(2)], index == 2 ? double.NaN : 1_764, 0.968, Around(0.388, 0.02, 2), Around(0.004, 0.02, 1), Around(0.388 + effects[index], 0.02, 2),
            Around(0.375, 0.02, 2), Around(effects[index], 0.026, 2), Around(effects[index] / 2, 0.024, 2),
            index switch { 0 => Verdict.Inherited, 1 => Verdict.NotShown, _ => Verdict.NotApplicable }, index < 2,
            index switch
            {
                0 => "Fooled 9.4 points more often than the independent student, but only two seeds were measured.",
                1 => "The interval of the effect contains 0, with two seeds.",
                _ => "Every student of this method predicts one class for all attacked images, so a fooling rate says nothing.",
            },
            index == 2 ? ["3 of 3 students give constant predictions under attack."] : []));
    }

    private static IEnumerable<Finding> Texture() => Methods.Select(method => new Finding(
        "bias", "texture-bias", "Preference for texture over shape", "Does the student decide by texture as the teacher does?",
        "share", true, method, [], 0, double.NaN, null, null, null, null, null, null, Verdict.NotApplicable, false,
        "The teacher decides by shape in 50.2 % of the conflicts: it has no bias that could be passed on.", []));

    /// <summary>An estimate whose seeds lie around the mean as seeds do.</summary>
    private static Estimate Around(double mean, double half, int seeds = 3) =>
        new(mean, mean - half, mean + half, [.. new[] { -0.62, 0.17, 0.45 }.Take(seeds).Select(step => mean + (step * half))]);
}
