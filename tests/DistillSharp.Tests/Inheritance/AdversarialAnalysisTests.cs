using DistillSharp.Configuration;
using DistillSharp.Inheritance;
using DistillSharp.Studies.Results;

namespace DistillSharp.Tests.Inheritance;

public sealed class AdversarialAnalysisTests
{
    [Fact]
    public void Should_Call_Copies_Of_The_Teacher_Inherited_And_Draw_The_Attack()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed));

        Finding finding = Assert.Single(fixture.Analyse("adversarial"));

        Assert.Equal(Verdict.Inherited, finding.Verdict);
        Assert.Equal(1, finding.Teacher);
        Assert.InRange(finding.Images, 0.8 * 300, 0.9 * 300);
        Assert.Equal(3, finding.Null!.PerSeed.Count);
        Assert.Contains(finding.Notes, n => n.StartsWith("Attack on the teacher: epsilon 0.", StringComparison.Ordinal) && n.Contains("5 steps of", StringComparison.Ordinal));
        Assert.Contains(finding.Notes, n => n.StartsWith("Attack on the other teacher: epsilon 0.", StringComparison.Ordinal));
        Assert.Contains(finding.Notes, n => n.StartsWith("Independent students are fooled by ", StringComparison.Ordinal));
        Assert.Contains(finding.Notes, n => n.StartsWith("Among images that each model classifies right when unchanged: ", StringComparison.Ordinal));
        PictureTable table = Assert.Single(fixture.Pictures);
        Assert.Equal(["Unchanged", "Change", "Adversarial"], table.Columns);
        Assert.Equal(TinyClassifiers.Classes, table.Rows.Count);
        Assert.Contains($"; {SubjectFixture.Method}: ", table.Rows[0].Cells[2].Caption, StringComparison.Ordinal);
        Assert.Equal(9, fixture.Saved.Count);
    }

    [Fact]
    public void Should_Show_Nothing_Of_Students_That_Never_Met_The_Teacher()
    {
        using var fixture = new SubjectFixture((_, _, seed) => TinyClassifiers.Random((ulong)(400 + seed)));

        Assert.Equal(Verdict.NotShown, Assert.Single(fixture.Analyse("adversarial")).Verdict);
    }

    [Fact]
    public void Should_Not_Call_Copies_Of_Another_Teacher_Inherited()
    {
        using var fixture = new SubjectFixture((_, other, seed) => TinyClassifiers.Copy(other, (ulong)seed));

        Finding finding = Assert.Single(fixture.Analyse("adversarial"));

        Assert.NotEqual(Verdict.Inherited, finding.Verdict);
        Assert.True(finding.OwnMinusOther!.High < 0);
    }

    [Fact]
    public void Should_Call_What_Any_Teacher_Would_Give_Regularised()
    {
        using var fixture = new SubjectFixture(
            (own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), otherTeacher: own => TinyClassifiers.Copy(own, 9, noise: 0));

        Finding finding = Assert.Single(fixture.Analyse("adversarial"));

        Assert.Equal(Verdict.Regularised, finding.Verdict);
        Assert.Equal(0, finding.OwnMinusOther!.Mean, 1e-12);
    }

    [Fact]
    public void Should_Not_Apply_To_A_Teacher_That_Cannot_Be_Attacked()
    {
        using var fixture = new SubjectFixture((_, _, seed) => TinyClassifiers.Random((ulong)seed), () => TinyClassifiers.Stepped(100));

        Finding finding = Assert.Single(fixture.Analyse("adversarial"));

        Assert.Equal(Verdict.NotApplicable, finding.Verdict);
        Assert.StartsWith("The teacher cannot be attacked as asked. No attack with epsilon from ", finding.Reason, StringComparison.Ordinal);
        Assert.Empty(fixture.Pictures);
    }

    [Fact]
    public void Should_Not_Apply_To_A_Teacher_With_One_Answer()
    {
        using var fixture = new SubjectFixture((_, _, seed) => TinyClassifiers.Random((ulong)seed), () => TinyClassifiers.Constant(1));

        Assert.Equal("The teacher gives the same class for all 300 images.", Assert.Single(fixture.Analyse("adversarial")).Reason);
    }

    [Fact]
    public void Should_Do_Without_A_Control_That_Cannot_Be_Attacked()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), otherTeacher: _ => TinyClassifiers.Stepped(5));

        Finding finding = Assert.Single(fixture.Analyse("adversarial"));

        Assert.Equal(Verdict.Regularised, finding.Verdict);
        Assert.Null(finding.OtherTeacher);
        Assert.Contains(finding.Notes, n => n.StartsWith("The other teacher cannot be attacked as asked and is not used as a control. ", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_Attack_Less_Where_Only_Right_Predictions_Count_And_Warn_Where_Little_Of_An_Image_Is_Left()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 200);

        Finding beyond = Assert.Single(fixture.Analyse("adversarial", new() { ["target"] = 0.95, ["pictures"] = 0 }));
        Finding large = Assert.Single(fixture.Analyse("adversarial", new() { ["target"] = 0.87, ["pictures"] = 0 }));
        Finding right = Assert.Single(fixture.Analyse("adversarial", new() { ["target"] = 0.95, ["target-of"] = "right", ["pictures"] = 0 }));

        Assert.Equal(Verdict.NotApplicable, beyond.Verdict);
        Assert.EndsWith("A share of the right predictions only (target-of: right) may be reached.", beyond.Reason, StringComparison.Ordinal);
        Assert.Contains(large.Notes, n => n.Contains("little of an image is left", StringComparison.Ordinal));
        Assert.Equal(Verdict.Inherited, right.Verdict);
        Assert.Contains(right.Notes, n => n.EndsWith("target 95.0 % of those that are right).", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_Ask_Students_Only_About_Images_That_Fool_The_Attacked_Teacher()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 120);
        var analysis = new AdversarialAnalysis();
        var options = new OptionValues(analysis.Options, new Dictionary<string, object?> { ["target"] = 0.6, ["pictures"] = 0 });

        MeasurementTable table = analysis.Measure(fixture.Subject, options).Table("test");

        foreach (string teacher in new[] { MeasurementKey.OwnTeacher, MeasurementKey.OtherTeacher })
        {
            double[] teacherFooled = table[new MeasurementKey("fooled", MeasurementKey.TeacherModel, null, teacher)];
            double[] student = table[new MeasurementKey("fooled", SubjectFixture.Method, 2, teacher)];
            Assert.Equal(teacherFooled.Select(f => f == 0), student.Select(double.IsNaN));
            Assert.InRange(teacherFooled.Average(), 0.5, 0.7);
        }
    }
}
