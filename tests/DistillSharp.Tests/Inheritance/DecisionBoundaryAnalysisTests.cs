using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

public sealed class DecisionBoundaryAnalysisTests
{
    private const string Name = "decision-boundary";

    private static readonly Dictionary<string, object?> Options = new() { ["triplets"] = 40, ["resolution"] = 12, ["pictures"] = 2 };

    [Fact]
    public void Should_Call_Copies_Of_The_Teacher_Inherited()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed));

        Finding finding = Assert.Single(fixture.Analyse(Name, Options));

        Assert.Equal(Verdict.Inherited, finding.Verdict);
        Assert.Equal(40, finding.Images);
        Assert.Equal(1, finding.Teacher);
        Assert.Equal(3, finding.Null!.PerSeed.Count);
        PictureTable table = Assert.Single(fixture.Pictures);
        Assert.Equal(["teacher", "other teacher", "independent", SubjectFixture.Method], table.Columns);
        Assert.Equal(2, table.Rows.Count);
        Assert.StartsWith("as the teacher on ", table.Rows[0].Cells[3].Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Score_The_Teacher_Itself_With_One()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed, noise: 0), images: 60);

        Assert.Equal(1, Assert.Single(fixture.Analyse(Name, Options)).Student!.Mean);
    }

    [Fact]
    public void Should_Show_Nothing_Of_Students_That_Never_Met_The_Teacher()
    {
        using var fixture = new SubjectFixture((_, _, seed) => TinyClassifiers.Random((ulong)(400 + seed)));

        Assert.Equal(Verdict.NotShown, Assert.Single(fixture.Analyse(Name, Options)).Verdict);
    }

    [Fact]
    public void Should_Not_Call_Copies_Of_Another_Teacher_Inherited()
    {
        using var fixture = new SubjectFixture((_, other, seed) => TinyClassifiers.Copy(other, (ulong)seed));

        Finding finding = Assert.Single(fixture.Analyse(Name, Options));

        Assert.NotEqual(Verdict.Inherited, finding.Verdict);
        Assert.True(finding.OwnMinusOther!.High < 0);
    }

    [Fact]
    public void Should_Call_What_Any_Teacher_Would_Give_Regularised()
    {
        using var fixture = new SubjectFixture(
            (own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), otherTeacher: own => TinyClassifiers.Copy(own, 9, noise: 0));

        Assert.Equal(Verdict.Regularised, Assert.Single(fixture.Analyse(Name, Options)).Verdict);
    }

    [Fact]
    public void Should_Not_Apply_To_A_Teacher_With_One_Answer()
    {
        using var fixture = new SubjectFixture((_, _, seed) => TinyClassifiers.Random((ulong)seed), () => TinyClassifiers.Constant(1));

        Assert.Equal("The teacher gives the same class for all 300 images.", Assert.Single(fixture.Analyse(Name, Options)).Reason);
    }

    [Fact]
    public void Should_Not_Apply_Where_The_Teacher_Has_No_Boundary_On_Any_Plane()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 60);
        Measurements measured = ReviewedMeasurements.WithColumns(
            ReviewedMeasurements.Measure(fixture, Name, Options), (key, values) => key.Measure == "largest-region" ? Array.ConvertAll(values, _ => 1.0) : values);

        Assert.Equal("The teacher gives one class for all points of each plane: there is no boundary to share.", ReviewedMeasurements.Conclude(measured, Options).Reason);
    }

    [Fact]
    public void Should_Need_Three_Classes()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 60);
        using var scope = new TensorScope();
        using var subject = new AnalysisSubject
        {
            Teacher = fixture.Subject.Teacher,
            Seeds = fixture.Subject.Seeds,
            Independent = fixture.Subject.Independent,
            Students = fixture.Subject.Students,
            Test = new ImageSet(fixture.Subject.Test.Images, fixture.Subject.Test.Labels.Clamp(0.0, 1.0)),
            ClassNames = fixture.Subject.ClassNames,
            SavePicture = fixture.Subject.SavePicture,
        };
        var analysis = new DecisionBoundaryAnalysis();
        OptionValues options = ReviewedMeasurements.Options(Name, Options);

        Finding finding = Assert.Single(analysis.Conclude(SubjectFixture.WriteAndRead(analysis.Measure(subject, options)), options, new FindingBuilder()));

        Assert.Equal("There are no two planes through test images of three different classes.", finding.Reason);
    }

    [Fact]
    public void Should_Give_Each_Value_Of_An_Attribute_Planes_Through_Images_Of_Its_Own()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), test: Parted);
        var options = new Dictionary<string, object?>(Options) { ["attribute"] = "Origin", ["triplets"] = 35 };

        IReadOnlyList<Finding> findings = fixture.Analyse(Name, options);

        Assert.Equal(["plane-agreement-hand-made", "plane-agreement-from-afar"], findings.Select(f => f.Measure));
        Assert.All(findings, f => Assert.Equal(Verdict.Inherited, f.Verdict));
        Assert.Contains("'Hand made'", findings[0].Title, StringComparison.Ordinal);
        Assert.Equal(2, fixture.Pictures.Count);
        Measurements measured = ReviewedMeasurements.Measure(fixture, Name, new(options) { ["pictures"] = 0L });
        MeasurementTable[] planes = [.. measured.Tables.Where(t => t.Name.StartsWith("planes-", StringComparison.Ordinal))];
        Assert.Equal(["planes-hand-made", "planes-from-afar"], planes.Select(t => t.Name));
        foreach ((MeasurementTable table, int parity) in planes.Zip([0, 1]))
        {
            Assert.All(table.Images, i => Assert.Equal(parity, i % 2));
            Assert.All(table[new MeasurementKey("second-image")].Concat(table[new MeasurementKey("third-image")]), i => Assert.Equal(parity, (int)i % 2));
        }
    }

    [Fact]
    public void Should_Refuse_An_Attribute_That_Is_Not_There()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 60, test: Parted);

        var failure = Assert.Throws<ArgumentException>(() => fixture.Analyse(Name, new(Options) { ["attribute"] = "Orgin" }));

        Assert.Contains("'Orgin'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'Origin'", failure.Message, StringComparison.Ordinal);
    }

    private static ImageSet Parted(ImageSet set) => new(set.Images, set.Labels)
    {
        Attributes = [new ImageAttribute("Origin", ["Hand made", "never seen", "From afar!"], [.. Enumerable.Range(0, set.Count).Select(i => 2 * (i % 2))])],
    };
}
