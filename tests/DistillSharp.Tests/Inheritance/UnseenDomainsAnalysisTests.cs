using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

public sealed class UnseenDomainsAnalysisTests
{
    private const string Name = "unseen-domains";

    private static readonly string[] Measures =
    [
        "agreement-test", "agreement-edges", "agreement-silhouettes", "agreement-inverted", "agreement-blurred", "agreement-textured", "agreement-cue-conflict",
    ];

    // Low enough that the noise of the tiny images is a silhouette, and a blur that leaves something of six pixels.
    private static readonly Dictionary<string, object?> Options = new() { ["foreground-threshold"] = 0.2, ["blur-sigma"] = 0.5, ["pictures"] = 2 };

    [Fact]
    public void Should_Call_Copies_Of_The_Teacher_Inherited_In_Every_Domain()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed));

        IReadOnlyList<Finding> findings = fixture.Analyse(Name, Options);

        Assert.Equal(Measures, findings.Select(f => f.Measure));
        Assert.All(findings, f => Assert.Equal(Verdict.Inherited, f.Verdict));
        Assert.All(findings, f => Assert.Equal(1, f.Teacher));
        Assert.All(findings, f => Assert.Equal(3, f.Null!.PerSeed.Count));
        Assert.All(findings, f => Assert.Contains(f.Notes, n => n.Contains("the teacher is right for ", StringComparison.Ordinal)));
        PictureTable pictures = Assert.Single(fixture.Pictures);
        Assert.Equal(7, pictures.Columns.Count);
        Assert.Equal(2, pictures.Rows.Count);
        Assert.All(pictures.Rows, r => Assert.All(r.Cells, c => Assert.Contains("independent: ", c.Caption, StringComparison.Ordinal)));
    }

    [Fact]
    public void Should_Show_Nothing_Of_Students_That_Never_Met_The_Teacher()
    {
        using var fixture = new SubjectFixture((_, _, seed) => TinyClassifiers.Random((ulong)(400 + seed)));

        // Seven intervals: one of them may lie beside 0 by chance, but nothing may be claimed.
        IReadOnlyList<Finding> findings = fixture.Analyse(Name, Options);
        Assert.All(findings, f => Assert.True(f.Verdict is Verdict.NotShown or Verdict.Reversed, f.Reason));
        Assert.InRange(findings.Count(f => f.Verdict == Verdict.NotShown), 6, 7);
    }

    [Fact]
    public void Should_Not_Call_Copies_Of_Another_Teacher_Inherited()
    {
        using var fixture = new SubjectFixture((_, other, seed) => TinyClassifiers.Copy(other, (ulong)seed));

        IReadOnlyList<Finding> findings = fixture.Analyse(Name, Options);

        Assert.All(findings, f =>
        {
            Assert.NotEqual(Verdict.Inherited, f.Verdict);
            Assert.True(f.OwnMinusOther!.Mean < 0);
        });
        Assert.True(findings[0].OwnMinusOther!.High < 0);
    }

    [Fact]
    public void Should_Call_What_Any_Teacher_Would_Give_Regularised()
    {
        using var fixture = new SubjectFixture(
            (own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), otherTeacher: own => TinyClassifiers.Copy(own, 9, noise: 0));

        IReadOnlyList<Finding> findings = fixture.Analyse(Name, Options);

        Assert.All(findings, f => Assert.Equal(Verdict.Regularised, f.Verdict));
        ResultChart chart = Assert.Single(fixture.Charts);
        Assert.Equal(["independent", "student"], chart.Series.Select(s => s.Role));
        Assert.Equal(findings.Select(f => f.Measure), chart.Places.Select(p => $"agreement-{p}"));
        Assert.Equal(findings.Select(f => f.Student!.Mean), chart.Series[1].Levels.Select(l => l.Mean));
    }

    [Fact]
    public void Should_Not_Apply_In_Any_Domain_To_A_Teacher_With_One_Answer()
    {
        using var fixture = new SubjectFixture((_, _, seed) => TinyClassifiers.Random((ulong)seed), () => TinyClassifiers.Constant(1));

        Assert.All(fixture.Analyse(Name, Options), f =>
        {
            Assert.Equal(Verdict.NotApplicable, f.Verdict);
            Assert.Equal("The teacher gives the same class for all 300 images.", f.Reason);
        });
    }

    [Fact]
    public void Should_Ask_About_Given_Domains_And_Not_Apply_Where_The_Teacher_Has_One_Answer()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed));
        using var scope = new TensorScope();
        ImageSet test = fixture.Subject.Test;
        ImageSet blank = new(Operators.Zeros([test.Count, 1, TinyClassifiers.Side, TinyClassifiers.Side]), test.Labels);
        using AnalysisSubject subject = With(fixture, test, new() { ["sketch"] = TinyClassifiers.Images(200, 77), ["blank"] = blank });
        var analysis = new UnseenDomainsAnalysis();
        Dictionary<string, object?> given = TestDomainsOff();
        var options = new OptionValues(analysis.Options, given);

        IReadOnlyList<Finding> findings = analysis.Conclude(SubjectFixture.WriteAndRead(analysis.Measure(subject, options)), options, new FindingBuilder());

        Assert.Equal(["agreement-test", "agreement-sketch", "agreement-blank"], findings.Select(f => f.Measure));
        Assert.Equal([Verdict.Inherited, Verdict.Inherited, Verdict.NotApplicable], findings.Select(f => f.Verdict));
        Assert.Equal(200, findings[1].Images);
        Assert.Equal("The teacher gives the same class for all 300 images.", findings[2].Reason);
    }

    [Fact]
    public void Should_Count_A_Student_With_One_Answer_In_An_Unseen_Domain_And_Name_It()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed));
        Measurements measured = ReviewedMeasurements.Measure(fixture, Name, Options);
        Measurements changed = ReviewedMeasurements.WithFact(measured, new MeasurementKey("most-frequent-answer-edges", SubjectFixture.Method, 2), 1);

        Finding edges = new UnseenDomainsAnalysis().Conclude(changed, ReviewedMeasurements.Options(Name, Options), new FindingBuilder())[1];

        Assert.Equal([1, 2, 3], edges.Seeds);
        Assert.Contains($"Gives one class for nearly all edge images, and is counted all the same: {SubjectFixture.Method} student, seed 2.", edges.Notes);
    }

    [Fact]
    public void Should_Record_Both_Classes_Of_Cue_Conflict_Images()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 60);

        MeasurementTable table = ReviewedMeasurements.Measure(fixture, Name).Table("cue-conflict");

        Assert.All(table[new MeasurementKey("texture-class")].Zip(table.Labels), c => Assert.NotEqual(c.Second, (int)c.First));
    }

    [Fact]
    public void Should_Say_That_Images_Of_One_Class_Have_No_Conflict()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 60);
        using var scope = new TensorScope();
        using AnalysisSubject subject = With(fixture, new ImageSet(fixture.Subject.Test.Images, Operators.Zeros([60], DType.Int64)), []);
        var analysis = new UnseenDomainsAnalysis();
        var options = new OptionValues(analysis.Options, new Dictionary<string, object?> { ["pictures"] = 0 });

        IReadOnlyList<Finding> findings = analysis.Conclude(analysis.Measure(subject, options), options, new FindingBuilder());

        Assert.Equal(Measures.SkipLast(1), findings.Select(f => f.Measure));
        Assert.Contains("There are no cue-conflict images: All images are of one class, so shape and texture cannot disagree.", findings[0].Notes);
    }

    [Theory]
    [InlineData("edges")]
    [InlineData("test")]
    [InlineData("My Sketches")]
    public void Should_Refuse_Names_Of_Domains_That_Cannot_Be_Told_Apart(string name)
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 60);
        using AnalysisSubject subject = With(fixture, fixture.Subject.Test, new() { [name] = fixture.Subject.Test });
        var analysis = new UnseenDomainsAnalysis();

        ArgumentException e = Assert.Throws<ArgumentException>(() => analysis.Measure(subject, new OptionValues(analysis.Options)));

        Assert.Contains($"found '{name}'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Ask_About_Each_Value_Of_An_Attribute()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), test: set => new ImageSet(set.Images, set.Labels)
        {
            Attributes = [new ImageAttribute("domain", ["Art Painting", "sketch"], [.. Enumerable.Range(0, set.Count).Select(i => i % 3 == 0 ? 1 : 0)])],
        });

        IReadOnlyList<Finding> findings = fixture.Analyse(Name, new(TestDomainsOff()) { ["attribute"] = "domain", ["images"] = 120L });

        Assert.Equal(["agreement-test", "agreement-art-painting", "agreement-sketch"], findings.Select(f => f.Measure));
        Assert.Equal([120.0, 120.0, 100.0], findings.Select(f => f.Images));
        Assert.All(findings, f => Assert.Equal(Verdict.Inherited, f.Verdict));
    }

    private static Dictionary<string, object?> TestDomainsOff() => new()
    {
        ["edges"] = false, ["silhouettes"] = false, ["inverted"] = false, ["blurred"] = false, ["textured"] = false, ["cue-conflict"] = false, ["pictures"] = 0,
    };

    private static AnalysisSubject With(SubjectFixture fixture, ImageSet test, Dictionary<string, ImageSet> domains) => new()
    {
        Teacher = fixture.Subject.Teacher,
        OtherTeacher = fixture.Subject.OtherTeacher,
        Seeds = fixture.Subject.Seeds,
        Independent = fixture.Subject.Independent,
        Students = fixture.Subject.Students,
        Test = test,
        Domains = domains,
        ClassNames = fixture.Subject.ClassNames,
        SavePicture = fixture.Subject.SavePicture,
    };
}
