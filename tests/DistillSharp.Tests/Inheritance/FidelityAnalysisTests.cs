using DistillSharp.Configuration;
using DistillSharp.Inheritance;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Tests.Inheritance;

public sealed class FidelityAnalysisTests
{
    private static readonly string[] Measures = ["agreement-test", "kl-test", "agreement-train", "kl-train"];

    [Fact]
    public void Should_Call_Copies_Of_The_Teacher_Inherited()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed));

        IReadOnlyList<Finding> findings = fixture.Analyse("fidelity");

        Assert.Equal(Measures, findings.Select(f => f.Measure));
        Assert.All(findings, f => Assert.Equal(Verdict.Inherited, f.Verdict));
        Assert.All(findings, f => Assert.Equal(SubjectFixture.Method, f.Method));
        Assert.Equal([1, 0, 1, 0], findings.Select(f => f.Teacher!.Value));
        Assert.Equal([true, false, true, false], findings.Select(f => f.HigherIsCloser));
        Assert.All(findings, f => Assert.Equal(3, f.Null!.PerSeed.Count));
    }

    [Fact]
    public void Should_Show_Nothing_Of_Students_That_Never_Met_The_Teacher()
    {
        using var fixture = new SubjectFixture((_, _, seed) => TinyClassifiers.Random((ulong)(400 + seed)));

        Assert.All(fixture.Analyse("fidelity"), f => Assert.Equal(Verdict.NotShown, f.Verdict));
    }

    [Fact]
    public void Should_Not_Call_Copies_Of_Another_Teacher_Inherited()
    {
        using var fixture = new SubjectFixture((_, other, seed) => TinyClassifiers.Copy(other, (ulong)seed));

        Assert.All(fixture.Analyse("fidelity"), f =>
        {
            Assert.NotEqual(Verdict.Inherited, f.Verdict);
            Assert.True(f.OwnMinusOther!.High < 0);
        });
    }

    [Fact]
    public void Should_Call_What_Any_Teacher_Would_Give_Regularised()
    {
        using var fixture = new SubjectFixture(
            (own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), otherTeacher: own => TinyClassifiers.Copy(own, 9, noise: 0));

        Assert.All(fixture.Analyse("fidelity"), f =>
        {
            Assert.Equal(Verdict.Regularised, f.Verdict);
            Assert.Equal(0, f.OwnMinusOther!.Mean, 1e-12);
        });
    }

    [Fact]
    public void Should_Not_Apply_To_A_Teacher_With_One_Answer()
    {
        using var fixture = new SubjectFixture((_, _, seed) => TinyClassifiers.Random((ulong)seed), () => TinyClassifiers.Constant(1));

        Assert.All(fixture.Analyse("fidelity"), f =>
        {
            Assert.Equal(Verdict.NotApplicable, f.Verdict);
            Assert.Null(f.Teacher);
            Assert.Equal("The teacher gives the same class for all 300 images.", f.Reason);
        });
    }

    [Fact]
    public void Should_Name_And_Leave_Out_Degenerate_Students()
    {
        using var fixture = new SubjectFixture(
            (own, _, seed) => seed == 2 ? TinyClassifiers.Constant(1) : TinyClassifiers.Copy(own, (ulong)seed),
            independent: seed => seed == 3 ? TinyClassifiers.Broken(1) : TinyClassifiers.Random((ulong)(300 + seed)));

        Assert.All(fixture.Analyse("fidelity"), f =>
        {
            Assert.Equal([1], f.Seeds);
            Assert.Contains($"The {SubjectFixture.Method} student of seed 2 gives the same class for all 300 images; it is left out.", f.Notes);
            Assert.Contains("The independent student of seed 3 has no finite logits; it is left out.", f.Notes);
            Assert.Single(f.Null!.PerSeed);
        });
    }

    [Fact]
    public void Regression_One_Answer_Need_Not_Be_The_Answer_To_All_Images()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 60);
        Measurements measured = ReviewedMeasurements.Measure(fixture, "fidelity");
        var share = new MeasurementKey("largest-class-share-test", SubjectFixture.Method, 2);

        Assert.Equal([1, 3], ReviewedMeasurements.Conclude(ReviewedMeasurements.WithFact(measured, share, 0.99)).Seeds);
        Assert.Equal([1, 2, 3], ReviewedMeasurements.Conclude(ReviewedMeasurements.WithFact(measured, share, 0.98)).Seeds);
        Assert.Contains(
            $"The {SubjectFixture.Method} student of seed 2 gives the same class for 99.5 % of the images; it is left out.",
            ReviewedMeasurements.Conclude(ReviewedMeasurements.WithFact(measured, share, 0.995)).Notes);
    }

    [Fact]
    public void Regression_Does_Not_Apply_To_A_Teacher_At_Chance()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), () => TinyClassifiers.Untrained(100));

        Assert.All(fixture.Analyse("fidelity"), f =>
        {
            Assert.Equal(Verdict.NotApplicable, f.Verdict);
            Assert.StartsWith("The teacher is not clearly better than chance: it classifies ", f.Reason, StringComparison.Ordinal);
            Assert.EndsWith(" % of the images right, at least 50 % are needed.", f.Reason, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Regression_Seeds_Without_A_Partner_Are_Named()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 60);
        Measurements measured = ReviewedMeasurements.Measure(fixture, "fidelity");

        Finding finding = ReviewedMeasurements.Conclude(ReviewedMeasurements.WithColumns(measured, (key, values) =>
            key is { Method: MeasurementKey.Independent, Seed: 3 } or { Method: SubjectFixture.Method, Seed: 1 } ? null : values));

        Assert.Equal([2], finding.Seeds);
        Assert.Contains("Not in this finding, because there is no independent student: seed 3.", finding.Notes);
        Assert.Contains($"Not in this finding, because there is no {SubjectFixture.Method} student: seed 1.", finding.Notes);
    }

    [Fact]
    public void Should_Do_Without_Training_Images_And_Without_Another_Teacher()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), withOtherTeacher: false);
        using var subject = new AnalysisSubject
        {
            Teacher = fixture.Subject.Teacher,
            Seeds = [1, 2, 3, 4],
            Independent = fixture.Subject.Independent,
            Students = fixture.Subject.Students,
            Test = fixture.Subject.Test,
            ClassNames = fixture.Subject.ClassNames,
            SavePicture = fixture.Subject.SavePicture,
        };
        var analysis = new FidelityAnalysis();
        var options = new OptionValues(analysis.Options);

        IReadOnlyList<Finding> findings = analysis.Conclude(analysis.Measure(subject, options), options, new FindingBuilder());

        Assert.Equal(["agreement-test", "kl-test"], findings.Select(f => f.Measure));
        Assert.All(findings, f => Assert.Equal(Verdict.Regularised, f.Verdict));
        Assert.All(findings, f => Assert.Equal([1, 2, 3], f.Seeds));
    }
}
