using DistillSharp.Configuration;
using DistillSharp.Inheritance;
using DistillSharp.Studies.Results;

namespace DistillSharp.Tests.Inheritance;

public sealed class LocalizationAnalysisTests
{
    [Fact]
    public void Should_Call_Copies_Of_The_Teacher_Inherited_And_Draw_Where_Each_Looks()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed));

        Finding finding = Assert.Single(fixture.Analyse("localization"));

        Assert.Equal(Verdict.Inherited, finding.Verdict);
        Assert.Equal(1, finding.Teacher);
        Assert.Equal(0.5, finding.Independent!.Mean);
        Assert.Equal(3, finding.Null!.PerSeed.Count);
        Assert.Contains("Maps: teacher map, 6x6; students map, 6x6; compared in the teacher's size.", finding.Notes);
        PictureTable table = Assert.Single(fixture.Pictures);
        Assert.Equal(["Image", "Teacher", "independent", SubjectFixture.Method], table.Columns);
        Assert.Equal(TinyClassifiers.Classes, table.Rows.Count);
        Assert.All(table.Rows, r => Assert.Equal(4, r.Cells.Count));
        Assert.StartsWith("ankle boot, image ", table.Rows[0].Label, StringComparison.Ordinal);
        Assert.Equal(12, fixture.Saved.Count);
    }

    [Theory]
    [InlineData("grad-cam", "each-class", "Compared are Grad-CAM maps of each class, all classes of an image together.")]
    [InlineData("grad-cam++", "true-class", "Compared are Grad-CAM++ maps of the true class.")]
    [InlineData("score-cam", "true-class", "Compared are Score-CAM maps of the true class.")]
    public void Should_Find_Copies_With_Every_Kind_Of_Map_And_Say_Which(string map, string of, string expected)
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed));

        Finding finding = Assert.Single(fixture.Analyse("localization", new() { ["map"] = map, ["of"] = of, ["pictures"] = 1, ["most-channels"] = 3 }));

        // With three students the interval of own minus other may be wide: what each pair of independent students has in common with the other teacher varies.
        Assert.InRange(finding.Student!.Mean, 0.95, 1);
        Assert.InRange(finding.OwnMinusOther!.Mean, 0.3, 1);
        Assert.Contains(finding.Verdict, new[] { Verdict.Inherited, Verdict.Regularised });
        Assert.Contains(expected, finding.Notes);
        Assert.StartsWith(expected.Split(' ')[2] + " maps of the models of seed 1", Assert.Single(fixture.Pictures).Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grad-cam++", "true-class")]
    [InlineData("grad-cam", "each-class")]
    public void Should_Show_Nothing_Of_Strangers_With_Other_Maps(string map, string of)
    {
        using var fixture = new SubjectFixture((_, _, seed) => TinyClassifiers.Random((ulong)(400 + seed)));

        Assert.Equal(Verdict.NotShown, Assert.Single(fixture.Analyse("localization", new() { ["map"] = map, ["of"] = of, ["pictures"] = 0 })).Verdict);
    }

    [Fact]
    public void Should_Show_Nothing_Of_Students_That_Never_Met_The_Teacher()
    {
        using var fixture = new SubjectFixture((_, _, seed) => TinyClassifiers.Random((ulong)(400 + seed)));

        Assert.Equal(Verdict.NotShown, Assert.Single(fixture.Analyse("localization")).Verdict);
    }

    [Fact]
    public void Should_Not_Call_Copies_Of_Another_Teacher_Inherited()
    {
        using var fixture = new SubjectFixture((_, other, seed) => TinyClassifiers.Copy(other, (ulong)seed));

        Finding finding = Assert.Single(fixture.Analyse("localization"));

        Assert.NotEqual(Verdict.Inherited, finding.Verdict);
        Assert.True(finding.OwnMinusOther!.High < 0);
    }

    [Fact]
    public void Should_Call_What_Any_Teacher_Would_Give_Regularised()
    {
        using var fixture = new SubjectFixture(
            (own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), otherTeacher: own => TinyClassifiers.Copy(own, 9, noise: 0));

        Finding finding = Assert.Single(fixture.Analyse("localization"));

        Assert.Equal(Verdict.Regularised, finding.Verdict);
        Assert.Equal(0, finding.OwnMinusOther!.Mean, 1e-12);
    }

    [Fact]
    public void Should_Not_Apply_To_A_Teacher_Whose_Maps_Are_Zero()
    {
        using var fixture = new SubjectFixture((_, _, seed) => TinyClassifiers.Random((ulong)seed), () => TinyClassifiers.WithoutMaps(100));

        Finding finding = Assert.Single(fixture.Analyse("localization"));

        Assert.Equal(Verdict.NotApplicable, finding.Verdict);
        Assert.Equal("The teacher's map is zero throughout on all 300 images.", finding.Reason);
        Assert.All(fixture.Pictures[0].Rows, r => Assert.Equal("all-zero map", r.Cells[1].Caption));
    }

    [Fact]
    public void Should_Not_Apply_To_A_Layer_Without_Maps_And_Say_Which_Have_Some()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed));

        Finding teacher = Assert.Single(fixture.Analyse("localization", new() { ["teacher-layer"] = "vector" }));
        Finding student = Assert.Single(fixture.Analyse("localization", new() { ["student-layer"] = "vector", ["pictures"] = 0 }));

        Assert.Equal(Verdict.NotApplicable, teacher.Verdict);
        Assert.StartsWith("No map of the teacher: The layer 'vector' gives out [144] for an image, which is no map.", teacher.Reason, StringComparison.Ordinal);
        Assert.Contains("Layers with larger maps: conv (6x6), map (6x6).", teacher.Reason, StringComparison.Ordinal);
        Assert.Equal(Verdict.NotApplicable, student.Verdict);
        Assert.StartsWith($"No map of the {SubjectFixture.Method} student: The layer 'vector'", student.Reason, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => fixture.Analyse("localization", new() { ["teacher-layer"] = "mapp" }));
    }

    [Fact]
    public void Should_Leave_Out_And_Count_Zero_Maps_And_Ties()
    {
        using var fixture = new SubjectFixture(
            (own, _, seed) => seed == 1 ? TinyClassifiers.WithoutMaps(7) : seed == 2 ? TinyClassifiers.Random(302) : TinyClassifiers.Copy(own, 3),
            images: 100);

        Finding finding = Assert.Single(fixture.Analyse("localization"));

        Assert.Equal([2, 3], finding.Seeds);
        Assert.Equal(0.5, finding.Student!.PerSeed[0]);
        Assert.Contains(finding.Notes, n => n.StartsWith($"All-zero maps, left out: {SubjectFixture.Method} students, 100, ", StringComparison.Ordinal));
        Assert.Contains(finding.Notes, n => n.StartsWith("Equally close, counted as one half: 0, ", StringComparison.Ordinal));
    }

    [Fact]
    public void Regression_A_Finding_On_A_Selected_Part_Of_The_Images_Says_So()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 100);
        Measurements measured = ReviewedMeasurements.Measure(fixture, "localization");
        Finding Without(int images, string teacher) => ReviewedMeasurements.Conclude(ReviewedMeasurements.WithColumns(measured, (key, values) =>
            [.. values.Select((v, i) => key.Method == SubjectFixture.Method && key.Teacher == teacher && i < images ? double.NaN : double.IsNaN(v) ? 0 : v)]));

        Assert.Contains(Without(60, MeasurementKey.OwnTeacher).Notes, n => n.StartsWith("60 % of the images have no maps to compare: this finding rests on a selected part", StringComparison.Ordinal));
        Assert.DoesNotContain(Without(0, MeasurementKey.OwnTeacher).Notes, n => n.Contains("selected part", StringComparison.Ordinal));
        Assert.Contains(Without(60, MeasurementKey.OtherTeacher).Notes, n => n == "Other-teacher control: 60 of 100 images a seed are excluded.");
        Assert.Contains("Maps of the other teacher: map, 6x6; compared in this size.", Without(0, MeasurementKey.OwnTeacher).Notes);
        Assert.Contains("on average over students, not for one pair", Without(0, MeasurementKey.OwnTeacher).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Compare_Maps_Of_Different_Sizes_In_The_Teachers()
    {
        using var fixture = new SubjectFixture(
            (_, _, seed) => TinyClassifiers.Random((ulong)(400 + seed), stride: 2),
            independent: seed => TinyClassifiers.Random((ulong)(300 + seed), stride: 2));

        Finding finding = Assert.Single(fixture.Analyse("localization"));

        Assert.NotEqual(Verdict.NotApplicable, finding.Verdict);
        Assert.Contains("Maps: teacher map, 6x6; students map, 3x3; compared in the teacher's size.", finding.Notes);
    }

    [Fact]
    public void Should_Look_At_A_Fixed_Part_Of_The_Images()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 200);
        var analysis = new LocalizationAnalysis();
        var options = new OptionValues(analysis.Options, new Dictionary<string, object?> { ["images"] = 50, ["pictures"] = 0 });

        MeasurementTable first = analysis.Measure(fixture.Subject, options).Table("test");
        MeasurementTable second = analysis.Measure(fixture.Subject, options).Table("test");

        Assert.Equal(50, first.Images.Distinct().Count());
        Assert.Equal(first.Images, second.Images);
        Assert.Equal(first.Images.Order(), first.Images);
        Assert.True(first.Images[^1] > 150);
        Assert.Equal(first.Images.Select(i => fixture.Subject.Test.Classes[i]), first.Labels);
    }
}
