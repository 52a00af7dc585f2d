using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

/// <summary>
/// Every second image is dark. A classifier that looks at each image's contrast (centred) is right on dark images too; a plain one is not.
/// </summary>
public sealed class GroupAnalysisTests
{
    [Fact]
    public void Should_Call_Skill_On_Another_Domain_Inherited_Where_Only_Students_Of_This_Teacher_Have_It()
    {
        using var fixture = new SubjectFixture(OwnCopy, Centred, _ => Plain(200), crossStudent: OtherCopy, test: Darkened);

        IReadOnlyList<Finding> findings = fixture.Analyse("domain-adaptation");

        Finding dark = findings.Single(f => f.Measure == "accuracy-dark"), bright = findings.Single(f => f.Measure == "accuracy-bright");
        Assert.Equal(Verdict.Inherited, dark.Verdict);
        Assert.True(dark.Teacher > dark.Independent!.Mean + 0.2, $"{dark.Teacher}, {dark.Independent.Mean}");
        Assert.Equal(3, dark.Null!.PerSeed.Count);
        Assert.Contains("150 test images are of this domain.", dark.Notes);
        ResultChart chart = Assert.Single(fixture.Charts);
        Assert.Equal(["bright", "dark"], chart.Places);
        Assert.Equal(["teacher", "other-teacher", "independent", "student", "cross-student"], chart.Series.Select(s => s.Role));
        Assert.Equal(dark.Student!.Low, SubjectFixture.Level(chart, "student", "dark").Low, 12);
        Assert.Equal(dark.Teacher!.Value, SubjectFixture.Level(chart, "teacher", "dark").Mean, 12);
        Assert.Equal(Verdict.NotApplicable, bright.Verdict);
        Assert.StartsWith("There is no skill to pass on", bright.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Call_Skill_That_Any_Teacher_Gives_Regularised_And_Show_Nothing_Of_Strangers()
    {
        using var any = new SubjectFixture(OwnCopy, Centred, own => TinyClassifiers.Copy(own, 9, noise: 0), crossStudent: OwnCopy, test: Darkened);
        Assert.Equal(Verdict.Regularised, any.Analyse("domain-adaptation").Single(f => f.Measure == "accuracy-dark").Verdict);

        using var alone = new SubjectFixture(OwnCopy, Centred, test: Darkened);
        Finding finding = alone.Analyse("domain-adaptation").Single(f => f.Measure == "accuracy-dark");
        Assert.Equal(Verdict.Regularised, finding.Verdict);
        Assert.Contains(finding.Notes, n => n.StartsWith("No students of another teacher", StringComparison.Ordinal));

        using var strangers = new SubjectFixture((_, _, seed) => Plain((ulong)(400 + seed)), Centred, _ => Plain(200), crossStudent: OtherCopy, test: Darkened);
        Assert.Equal(Verdict.NotShown, strangers.Analyse("domain-adaptation").Single(f => f.Measure == "accuracy-dark").Verdict);
    }

    [Fact]
    public void Should_Call_A_Gap_Inherited_Where_Only_Students_Of_This_Teacher_Have_It()
    {
        using var fixture = new SubjectFixture(OwnCopy, () => Plain(100), _ => TinyClassifiers.Centred(200), seed => TinyClassifiers.Centred((ulong)(300 + seed)), crossStudent: OtherCopy, test: Darkened);

        IReadOnlyList<Finding> findings = fixture.Analyse("bias");

        Finding gap = findings.Single(f => f.Measure == "gap-dark");
        Assert.Equal(Verdict.Inherited, gap.Verdict);
        Assert.True(gap.Teacher > 0.2, $"{gap.Teacher}");
        Assert.InRange(gap.Independent!.Mean, -0.15, 0.15);
        Assert.Contains(gap.Notes, n => n.StartsWith("'dark' is the group with the teacher's largest gap", StringComparison.Ordinal));
        Assert.Contains(gap.Notes, n => n.StartsWith("Teacher: accuracy bright ", StringComparison.Ordinal) && n.Contains("worst group dark", StringComparison.Ordinal));

        Finding accuracy = findings.Single(f => f.Measure == "accuracy-dark");
        Assert.Equal(Verdict.Inherited, accuracy.Verdict);
        Assert.False(accuracy.HigherIsCloser);
        Assert.Contains(accuracy.Notes, n => n.StartsWith("Closer to the teacher is lower here", StringComparison.Ordinal));
        Assert.All(findings, f => Assert.True(f.Preliminary, "The group was chosen on these images."));
        Assert.All(fixture.Analyse("bias", new() { ["group"] = "dark" }), f => Assert.False(f.Preliminary));
        Assert.Equal(["Right in each group", "Gap of each group"], fixture.Charts.Select(c => c.Title));
        Assert.Equal([FindingUnit.Share, FindingUnit.Points], fixture.Charts.Select(c => c.Unit));
        Assert.Equal(accuracy.Student!.Mean, SubjectFixture.Level(fixture.Charts[0], "student", "dark").Mean, 12);
        Assert.Equal(gap.Student!.High, SubjectFixture.Level(fixture.Charts[1], "student", "dark").High, 12);

        // Of two groups the gap of one is that of the other turned round: a level below 0, with all of its interval.
        Estimate turned = SubjectFixture.Level(fixture.Charts[1], "student", "bright");
        Assert.Equal(-gap.Student.Mean, turned.Mean, 12);
        Assert.True(turned.Low < turned.Mean && turned.Mean < turned.High && turned.High < 0, $"{turned.Low}, {turned.Mean}, {turned.High}");

        Finding named = fixture.Analyse("bias", new() { ["group"] = "bright" }).Single(f => f.Measure == "gap-bright");
        Assert.Equal(Verdict.NotApplicable, named.Verdict);
        Assert.Equal(turned.Low, named.Student!.Low, 12);
        Assert.Equal(turned.High, named.Student.High, 12);
        Assert.StartsWith("There is no bias to pass on", named.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Not_Call_A_Gap_Inherited_That_Independent_Students_Have_As_Well()
    {
        // Nobody is good in the dark: the teacher's gap is no more than that of students without a teacher.
        using var fixture = new SubjectFixture(OwnCopy, () => Plain(100), _ => TinyClassifiers.Centred(200), seed => Plain(100), crossStudent: OtherCopy, test: Darkened);

        IReadOnlyList<Finding> findings = fixture.Analyse("bias", new() { ["group"] = "dark" });

        Finding gap = findings.Single(f => f.Measure == "gap-dark"), accuracy = findings.Single(f => f.Measure == "accuracy-dark");
        Assert.Equal(Verdict.NotApplicable, gap.Verdict);
        Assert.StartsWith("There is no bias of the teacher's own to pass on", gap.Reason, StringComparison.Ordinal);
        Assert.Equal(Verdict.NotApplicable, accuracy.Verdict);
        Assert.StartsWith("There is nothing to move towards", accuracy.Reason, StringComparison.Ordinal);
    }

    /// <summary>Reference: counts of the teacher's answers.</summary>
    [Fact]
    public void Should_Give_The_Rates_Of_A_Class_In_Each_Group()
    {
        using var fixture = new SubjectFixture(OwnCopy, () => Plain(100), _ => TinyClassifiers.Centred(200), seed => TinyClassifiers.Centred((ulong)(300 + seed)), crossStudent: OtherCopy, test: Darkened);

        Finding gap = fixture.Analyse("bias", new() { ["group"] = "dark", ["positive"] = "bag" }).Single(f => f.Measure == "gap-dark");

        Assert.Equal(["Right in each group", "Gap of each group", "True positive rate of 'bag' in each group", "False positive rate of 'bag' in each group"], fixture.Charts.Select(c => c.Title));
        int[] answers = ClassificationMetrics.FinitePredictions(fixture.Subject.CleanLogits(fixture.Subject.Teacher, fixture.Subject.Test));
        IReadOnlyList<int> labels = fixture.Subject.Test.Classes;
        foreach ((int chart, Func<int, bool> counts) in new (int, Func<int, bool>)[] { (2, l => l == 1), (3, l => l != 1) })
        {
            int[] dark = [.. Enumerable.Range(0, labels.Count).Where(i => i % 2 == 1 && counts(labels[i]))];
            double expected = (double)dark.Count(i => answers[i] == 1) / dark.Length;
            Assert.Equal(expected, SubjectFixture.Level(fixture.Charts[chart], "teacher", "dark").Mean, 12);
            Assert.Contains(gap.Notes, n => n.StartsWith("Teacher: true positive rate of 'bag' ", StringComparison.Ordinal) && n.Contains($"dark {(100 * expected).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture)} %", StringComparison.Ordinal));
        }

        Assert.Contains("'bag'", Assert.Throws<ArgumentException>(() => fixture.Analyse("bias", new() { ["positive"] = "bga" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Name_Attributes_And_Groups_That_Do_Not_Exist()
    {
        using var fixture = new SubjectFixture(OwnCopy, Centred, test: Darkened);
        Assert.Contains("'light'", Assert.Throws<ArgumentException>(() => fixture.Analyse("bias", new() { ["attribute"] = "lihgt" })).Message, StringComparison.Ordinal);
        Assert.Contains("'dark'", Assert.Throws<ArgumentException>(() => fixture.Analyse("bias", new() { ["group"] = "darc" })).Message, StringComparison.Ordinal);
        using var none = new SubjectFixture(OwnCopy, Centred);
        Assert.Contains("have 0 attributes", Assert.Throws<ArgumentException>(() => none.Analyse("domain-adaptation")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Score_Images_So_That_Their_Mean_Is_The_Gap()
    {
        double[] groups = [0, 0, 0, 1, 1, 2];
        int[] labels = [0, 1, 1, 0, 1, 1];
        double[] answers = [0, 1, 0, 1, 1, 1];
        (int, string)[] names = [(0, "a"), (1, "b"), (2, "c")];
        var rates = new GroupRates(answers, labels, groups);
        Assert.Equal(2.0 / 3, rates.Accuracy(0), 12);
        Assert.Equal(0.5, rates.Accuracy(1), 12);
        Assert.Equal(((2.0 / 3) + 1) / 2 - 0.5, rates.Gap(1, [0, 1, 2]), 12);
        double[] correct = [.. answers.Zip(labels, (a, l) => a == l ? 1.0 : 0)];
        Assert.Equal(rates.Gap(1, [0, 1, 2]), BiasAnalysis.GapScores(correct, groups, 1, names).Average(), 12);

        // Without an answer for the first image: the first group's accuracy is that of the other two.
        double[] scores = BiasAnalysis.GapScores([double.NaN, .. correct.Skip(1)], groups, 1, names);
        Assert.Equal(double.NaN, scores[0]);
        Assert.Equal(((0.5 + 1) / 2) - 0.5, scores.Skip(1).Average(), 12);
        Assert.All(BiasAnalysis.GapScores([.. correct.Take(5), double.NaN], groups, 1, names), s => Assert.Equal(double.NaN, s));

        // Class 0: hits 1, 0, none; alarms 1/2, 0, 0. Class 1: hits 1/2, 1, 1; alarms 0, 1, none.
        Assert.Equal((1 + 1) / 2.0, rates.EqualisedOdds([0, 1, 2], 2), 12);
        Assert.Equal(0.5, rates.TruePositiveRate(0, 1), 12);
        Assert.Equal(0.5, rates.FalsePositiveRate(0, 0), 12);
    }

    /// <summary>Reference: the standard error of a difference between independent shares, sqrt(sum of p (1 - p) / n); 10 % for the bootstrap's own noise.</summary>
    [Fact]
    public void Regression_The_Interval_Of_A_Gap_Is_That_Of_A_Difference_Between_Accuracies()
    {
        const int Groups = 5, Each = 200;
        double[] members = [.. Enumerable.Range(0, Groups * Each).Select(i => (double)(i % Groups))];
        double[] correct = [.. Enumerable.Range(0, Groups * Each).Select(i => i / Groups % 5 == 0 ? 0.0 : 1)];
        (int, string)[] names = [.. Enumerable.Range(0, Groups).Select(g => (g, $"{g}"))];

        Estimate gap = new FindingBuilder().Levels([[BiasAnalysis.GapScores(correct, members, 0, names)]], FindingUnit.Points)[0];

        double variance = 0.8 * 0.2 / Each;
        double expected = 1.96 * Math.Sqrt(variance + (variance / (Groups - 1)));
        Assert.Equal(0, gap.Mean, 12);
        Assert.InRange((gap.High - gap.Low) / 2 / expected, 0.9, 1.1);
    }

    private static ImageClassifier Centred() => TinyClassifiers.Centred(100);

    private static ImageClassifier Plain(ulong seed) => TinyClassifiers.Random(seed);

    private static ImageClassifier OwnCopy(ImageClassifier own, ImageClassifier other, int seed) => TinyClassifiers.Copy(own, (ulong)seed);

    private static ImageClassifier OtherCopy(ImageClassifier own, ImageClassifier other, int seed) => TinyClassifiers.Copy(other, (ulong)seed);

    private static ImageSet Darkened(ImageSet set)
    {
        using var scope = new TensorScope();
        Tensor dark = Operators.Arange(set.Count, DType.Int64).Remainder(2L).View([-1, 1, 1, 1]).To(DType.Float32);
        Tensor images = set.Images.To(DType.Float32);
        Tensor changed = ((images * (1.0 - dark)) + (images * dark * 0.25)).To(DType.UInt8);
        return new ImageSet(scope.Keep(changed), set.Labels)
        {
            Attributes = [new ImageAttribute("light", ["bright", "dark"], [.. Enumerable.Range(0, set.Count).Select(i => i % 2)])],
        };
    }
}
