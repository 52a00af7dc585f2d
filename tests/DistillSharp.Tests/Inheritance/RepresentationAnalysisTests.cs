using DistillSharp.Inheritance;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Tests.Inheritance;

public sealed class RepresentationAnalysisTests
{
    private const string Name = "representation";

    private static readonly Dictionary<string, object?> Options = new() { ["batch"] = 10 };

    [Fact]
    public void Should_Call_Copies_Of_The_Teacher_Inherited()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed));

        IReadOnlyList<Finding> findings = fixture.Analyse(Name, Options);

        Assert.Equal(["cka-matched", "cka-plain-matched", "neighbours"], findings.Select(f => f.Measure));
        Assert.All(findings, f => Assert.Equal(Verdict.Inherited, f.Verdict));
        Assert.All(findings, f => Assert.Equal(3, f.Null!.PerSeed.Count));
        Assert.Equal([30, 30, 300], findings.Select(f => f.Images));
        Assert.Contains("Matched layers (student with teacher): map with map, vector with vector.", findings[0].Notes);
        Assert.InRange(findings[0].Student!.Mean, 0.9, 1.0001);
    }

    [Fact]
    public void Should_Draw_A_Heat_Map_For_Every_Teacher_And_Method()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 60);

        fixture.Analyse(Name, Options);

        PictureTable table = Assert.Single(fixture.Pictures);
        Assert.Equal(["independent", SubjectFixture.Method], table.Columns);
        Assert.Equal(["own teacher", "other teacher"], table.Rows.Select(r => r.Label));
        Assert.All(table.Rows, r => Assert.Equal(2, r.Cells.Count));
    }

    [Fact]
    public void Should_Claim_Nothing_Of_Students_That_Never_Met_The_Teacher()
    {
        using var fixture = new SubjectFixture((_, _, seed) => TinyClassifiers.Random((ulong)(400 + seed)));

        Assert.All(fixture.Analyse(Name, Options), f => Assert.Equal(Verdict.NotShown, f.Verdict));
    }

    [Fact]
    public void Should_Not_Call_Copies_Of_Another_Teacher_Inherited()
    {
        using var fixture = new SubjectFixture((_, other, seed) => TinyClassifiers.Copy(other, (ulong)seed));

        Assert.All(fixture.Analyse(Name, Options), f =>
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

        Assert.All(fixture.Analyse(Name, Options), f => Assert.Equal(Verdict.Regularised, f.Verdict));
    }

    [Fact]
    public void Should_Not_Apply_To_A_Teacher_With_One_Answer()
    {
        using var fixture = new SubjectFixture((_, _, seed) => TinyClassifiers.Random((ulong)seed), () => TinyClassifiers.Constant(1));

        Assert.All(fixture.Analyse(Name, Options), f => Assert.Equal("The teacher gives the same class for all 300 images.", f.Reason));
    }

    [Fact]
    public void Should_Need_Two_Batches_And_More_Images_Than_Neighbours()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 60);

        IReadOnlyList<Finding> findings = fixture.Analyse(Name, new() { ["batch"] = 61, ["neighbours"] = 60 });

        Assert.All(findings, f => Assert.Equal(Verdict.NotApplicable, f.Verdict));
        Assert.Equal("There are 0 whole batches of 61 images; two at least are needed (option batch).", findings[0].Reason);
        Assert.Equal("60 neighbours cannot be found among 60 images (option neighbours).", findings[2].Reason);
    }

    [Fact]
    public void Should_Name_And_Leave_Out_A_Student_Whose_Layer_Gives_The_Same_For_All_Images()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 60);
        TinyClassifiers.Blind(fixture.Subject.Students[0].BySeed[2]);

        Finding cka = fixture.Analyse(Name, Options)[0];

        Assert.Equal([1, 3], cka.Seeds);
    }

    [Fact]
    public void Should_Name_The_Teachers_Layer_That_Gives_The_Same_For_All_Images()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 60);
        Measurements measured = ReviewedMeasurements.Measure(fixture, Name, new() { ["batch"] = 10, ["student-layers"] = new[] { "map" }, ["teacher-layers"] = new[] { "conv", "map" } });
        var constant = new MeasurementFact(new MeasurementKey("constant-layer", MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher), 0, "conv");

        Assert.Contains("Matched layers (student with teacher): map with map.", ReviewedMeasurements.Conclude(measured, Options).Notes);
        Finding finding = ReviewedMeasurements.Conclude(new Measurements(Name, measured.Tables, [.. measured.Facts, constant], []), Options);

        Assert.Equal("The teacher's layer conv gives the same for all images of each batch, or numbers that are not finite.", finding.Reason);
    }
}
