using DistillSharp.Studies;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Tests;

public sealed class ComparisonMarkdownTests
{
    [Fact]
    public void Should_say_what_differs_the_effects_and_what_was_left_out()
    {
        var difference = new Estimate(0.05, 0.01, 0.09, [0.04, 0.05, 0.06]);
        var effect = new EffectComparison(
            "invariance", "answers-kept-crop", "Answers kept | crops", "share", "kl",
            new Estimate(0.12, 0.1, 0.14, [0.11, 0.12, 0.13]), new Estimate(0.07, 0.04, 0.1, [0.07, 0.07, 0.07]),
            0.95, null, 0.6, 0.61, difference, ComparisonBasis.SeedsAndImages, [0, 1, 2], 2, Preliminary: false)
        {
            Label = "small",
        };
        var comparison = new StudyComparison(
            1,
            new ComparedStudy("results/a", "fresh", [0, 1, 2]),
            new ComparedStudy("results/b", "same", [0, 1, 2]),
            [new StudyDifference("students.start", null, "teacher")],
            ["A word of <warning>."],
            [effect, effect with { Method = "crd", Difference = new Estimate(-0.05, -0.09, -0.01, []), Basis = ComparisonBasis.IndependentSeeds, Seeds = [], DegreesOfFreedom = 3.26, Preliminary = true }],
            [new UncomparedEffect("fidelity", "'same' has no such analysis.")]);

        string text = ComparisonMarkdown.Write(comparison).Replace('\u00A0', ' ').Replace('\u2212', '-');

        Assert.StartsWith("# fresh and same\n", text, StringComparison.Ordinal);
        Assert.Contains("| students.start | – | teacher |", text, StringComparison.Ordinal);
        Assert.Contains("### invariance (small): Answers kept \\| crops", text, StringComparison.Ordinal);
        string plain = text.Replace("\\", "", StringComparison.Ordinal);
        Assert.Contains("| kl | 95.0 % | – | 60.0 % | 61.0 % | +12.0 points [+10.0, +14.0] | +7.0 points [+4.0, +10.0] | +5.0 points [+1.0, +9.0] | seeds 0, 1, 2 and images | larger in A |", plain, StringComparison.Ordinal);
        Assert.Contains("| -5.0 points [-9.0, -1.0] | nothing (Welch, 3.3 degrees of freedom) | smaller in A, preliminary |", plain, StringComparison.Ordinal);
        Assert.Contains("- **fidelity**: 'same' has no such analysis.", plain, StringComparison.Ordinal);
        Assert.Contains("- A word of &lt;warning&gt;.", plain, StringComparison.Ordinal);
    }
}
