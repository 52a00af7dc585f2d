using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Tests.Inheritance;

/// <summary>Every analysis where no student was trained without a teacher: levels, and no claim.</summary>
public sealed class WithoutIndependentStudentsTests
{
    /// <summary>The analyses with options for images this small.</summary>
    public static TheoryData<string, string, object> Analyses => new()
    {
        { "fidelity", "", 0L },
        { "localization", "pictures", 2L },
        { "adversarial", "pictures", 1L },
        { "representation", "batch", 10L },
        { "decision-boundary", "resolution", 8L },
        { "unseen-domains", "pictures", 1L },
        { "shape-bias", "least-decided", 0.0 },
        { "invariance", "images", 100L },
    };

    [Theory]
    [MemberData(nameof(Analyses))]
    public void Should_Give_Levels_And_Claim_Nothing(string name, string option, object value)
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), withIndependent: false);

        IReadOnlyList<Finding> findings = fixture.Analyse(name, option.Length == 0 ? null : new() { [option] = value });

        Assert.NotEmpty(findings);
        Assert.All(findings, f =>
        {
            Assert.Equal(Verdict.NotApplicable, f.Verdict);
            Assert.False(f.Preliminary);
            Assert.Null(f.Independent);
            Assert.Null(f.Null);
            Assert.Null(f.Effect);
            Assert.Null(f.OwnMinusOther);
            Assert.NotEmpty(f.Reason);
            Assert.DoesNotContain(f.Notes.Append(f.Reason), text => text.Contains("NaN", StringComparison.Ordinal) || text.Contains("no independent student:", StringComparison.Ordinal));
        });
        Assert.Contains(findings, f => f.Student is not null && f.Reason.EndsWith(LevelsOnly.Missing, StringComparison.Ordinal));
    }

    [Fact]
    public void Should_Give_The_Levels_That_There_Are_With_Independent_Students()
    {
        IReadOnlyList<Finding> with = Fidelity(withIndependent: true), without = Fidelity(withIndependent: false);

        foreach ((Finding paired, Finding alone) in with.Zip(without))
        {
            Assert.Equal(paired.Student!.PerSeed, alone.Student!.PerSeed);
            Assert.Equal(paired.OtherTeacher!.PerSeed, alone.OtherTeacher!.PerSeed);
            Assert.Equal(paired.Teacher, alone.Teacher);
        }
    }

    [Fact]
    public void Should_Give_The_Cosine_Of_Maps_Where_There_Is_No_Student_To_Be_Closer_Than()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), withIndependent: false);

        Finding finding = Assert.Single(fixture.Analyse("localization"));

        Assert.Equal(("map-cosine", "cosine"), (finding.Measure, finding.Unit));
        Assert.InRange(finding.Student!.Mean, 0.9, 1);
        Assert.True(finding.OtherTeacher!.Mean < finding.Student.Mean);
    }

    [Fact]
    public void Should_Not_Attack_The_Other_Teacher_Without_Students_To_Match_The_Strength_On()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), withIndependent: false);

        Finding finding = Assert.Single(fixture.Analyse("adversarial"));

        Assert.InRange(finding.Student!.Mean, 0.3, 1);
        Assert.Null(finding.OtherTeacher);
        Assert.Contains(finding.Notes, n => n.Contains("matched on independent students, and there are none", StringComparison.Ordinal));
        Assert.Contains(finding.Notes, n => n.StartsWith("Among images that the student classifies right when unchanged", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bias", "gap-")]
    [InlineData("domain-adaptation", "accuracy-")]
    [InlineData("localization", "box-")]
    public void Should_Give_Levels_Of_Groups_And_Boxes(string name, string measures)
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), withIndependent: false, test: WithGroupsAndBoxes);

        Finding[] findings = [.. fixture.Analyse(name, name == "bias" ? new() { ["margin"] = 0.0 } : null).Where(f => f.Measure.StartsWith(measures, StringComparison.Ordinal))];

        Assert.NotEmpty(findings);
        Assert.All(findings, f =>
        {
            Assert.Equal(Verdict.NotApplicable, f.Verdict);
            Assert.Null(f.Independent);
            Assert.Null(f.Effect);
            Assert.DoesNotContain(f.Notes.Append(f.Reason), text => text.Contains("NaN", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Should_Still_Say_That_A_Teacher_Lacks_What_Is_Asked_For()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Random((ulong)seed), teacher: () => TinyClassifiers.Constant(1), withIndependent: false);

        Assert.All(fixture.Analyse("fidelity"), f => Assert.Contains("The teacher gives the same class", f.Reason, StringComparison.Ordinal));
    }

    private static IReadOnlyList<Finding> Fidelity(bool withIndependent)
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), withIndependent: withIndependent);
        return fixture.Analyse("fidelity");
    }

    private static ImageSet WithGroupsAndBoxes(ImageSet set)
    {
        int count = (int)set.Images.Size(0);
        return new ImageSet(set.Images, set.Labels)
        {
            Attributes = [new ImageAttribute("side", ["left", "right"], [.. Enumerable.Range(0, count).Select(i => i % 2)])],
            Boxes = [.. Enumerable.Range(0, count).Select(i => (ImageBox?)new ImageBox(i % 3, 1, 3, 4))],
        };
    }
}
