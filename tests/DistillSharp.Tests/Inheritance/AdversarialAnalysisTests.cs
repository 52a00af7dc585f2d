using DistillSharp.Configuration;
using DistillSharp.Inheritance;
using DistillSharp.Models;
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
        Assert.Contains(finding.Notes, n => n.StartsWith("Attack on the teacher: Iterative FGSM, epsilon 0.", StringComparison.Ordinal) && n.Contains("5 steps of", StringComparison.Ordinal));
        Assert.Contains(finding.Notes, n => n.StartsWith("Attack on the other teacher: Iterative FGSM, epsilon 0.", StringComparison.Ordinal));
        Assert.Contains(finding.Notes, n => n.StartsWith("Independent students are fooled by ", StringComparison.Ordinal));
        Assert.Contains(finding.Notes, n => n.StartsWith("Among images that the student and the independent student both classify right when unchanged: ", StringComparison.Ordinal));
        PictureTable table = Assert.Single(fixture.Pictures);
        Assert.Equal(["Unchanged", "Change", "Adversarial"], table.Columns);
        Assert.Equal(TinyClassifiers.Classes, table.Rows.Count);
        Assert.Contains($"; {SubjectFixture.Method}: ", table.Rows[0].Cells[2].Caption, StringComparison.Ordinal);
        Assert.Equal(9, fixture.Saved.Count);
        ResultChart chart = Assert.Single(fixture.Charts);
        Assert.Equal(["the teacher", "the other teacher"], chart.Places);
        Assert.Equal(finding.Student!.Mean, SubjectFixture.Level(chart, "student", "the teacher").Mean, 12);
        Assert.Equal(finding.Independent!.Mean, SubjectFixture.Level(chart, "independent", "the teacher").Mean, 12);
        Assert.Equal(finding.OtherTeacher!.Mean, SubjectFixture.Level(chart, "student", "the other teacher").Mean, 12);
    }

    [Theory]
    [InlineData("pgd", "PGD")]
    [InlineData("pgd-l2", "PGD in L2")]
    [InlineData("mi-fgsm", "Momentum iterative FGSM")]
    public void Should_Match_The_Control_And_Find_Copies_With_Every_Attack(string attack, string title)
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed));

        Finding finding = Assert.Single(fixture.Analyse("adversarial", new() { ["attack"] = attack, ["pictures"] = 1 }));

        Assert.Equal(Verdict.Inherited, finding.Verdict);
        Assert.InRange(finding.Images, 0.8 * 300, 0.9 * 300);
        Assert.Contains(finding.Notes, n => n.StartsWith($"Attack on the teacher: {title}, epsilon ", StringComparison.Ordinal) && n.Contains("L2 norm", StringComparison.Ordinal) == (attack == "pgd-l2"));
        if (attack == "pgd-l2")
        {
            Assert.DoesNotContain(finding.Notes, n => n.Contains("little of an image is left", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Should_Say_What_Is_Left_Where_The_Student_Is_No_More_Accurate()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed));
        Measurements measured = ReviewedMeasurements.Measure(fixture, "adversarial");
        Finding WithGain(Func<int, double> student) => ReviewedMeasurements.Conclude(ReviewedMeasurements.WithColumns(measured, (key, values) => key.Measure == "correct"
            ? [.. values.Select((_, i) => i < 300 * (key.Method == SubjectFixture.Method ? student(key.Seed!.Value) : 0.5) ? 1.0 : 0)]
            : key is { Measure: "fooled", Method: not MeasurementKey.TeacherModel, Seed: 1 } ? [.. values.Select(v => (0 * v) + (key.Method == SubjectFixture.Method ? 1 : 0))]
            : values));

        Assert.Contains(
            "Where the student is no more accurate than the independent student (seed 1): students 100.0 %, independent students 0.0 % fooled.",
            WithGain(seed => seed == 1 ? 0.5 : 0.6).Notes);
        Assert.Contains(
            WithGain(seed => 0.5 + (0.1 * seed)).Notes,
            n => n.StartsWith("For every seed the student is more accurate than the independent student, by 10.0 to 30.0 points", StringComparison.Ordinal));
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
        Assert.Contains(finding.Notes, n => n.StartsWith("The other teacher is not used as a control. No attack on it with epsilon from ", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_Attack_Less_Where_Only_Right_Predictions_Count_And_Warn_Where_Little_Of_An_Image_Is_Left()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 200);

        Finding beyond = Assert.Single(fixture.Analyse("adversarial", new() { ["target"] = 0.95, ["pictures"] = 0 }));
        Finding large = Assert.Single(fixture.Analyse("adversarial", new() { ["target"] = 0.92, ["pictures"] = 0 }));
        Finding right = Assert.Single(fixture.Analyse("adversarial", new() { ["target"] = 0.95, ["target-of"] = "right", ["pictures"] = 0 }));

        Assert.Equal(Verdict.NotApplicable, beyond.Verdict);
        Assert.EndsWith("A share of the right predictions only (target-of: right) may be reached.", beyond.Reason, StringComparison.Ordinal);
        Assert.Contains(large.Notes, n => n.Contains("little of an image is left", StringComparison.Ordinal));
        Assert.Equal(Verdict.Inherited, right.Verdict);
        Assert.Contains(right.Notes, n => n.EndsWith("target 95.0 % of those that are right).", StringComparison.Ordinal));
    }

    /// <summary>Attacks that fool their teachers equally often need not be equally strong for a student: the other's are matched on independent students.</summary>
    [Theory]
    [InlineData(0.85)]
    [InlineData(0.6)]
    [InlineData(0.4)]
    public void Regression_The_Control_Fools_Independent_Students_As_Often_As_The_Teachers_Images(double target)
    {
        Measurements Measure(Func<ImageClassifier, ImageClassifier, int, ImageClassifier> student)
        {
            using var fixture = new SubjectFixture(student, otherTeacher: own => TinyClassifiers.Shaky(own));
            return ReviewedMeasurements.Measure(fixture, "adversarial", new() { ["target"] = target });
        }

        Measurements measured = Measure((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed));
        Measurements others = Measure((_, _, seed) => TinyClassifiers.Random((ulong)(400 + seed)));

        MeasurementTable table = measured.Table("test");
        double own = MeanOfIndependent(table, MeasurementKey.OwnTeacher), other = MeanOfIndependent(table, MeasurementKey.OtherTeacher);
        Assert.InRange(other, own - 0.05, own + 0.05);
        Assert.Equal(own, measured.Fact(new MeasurementKey("independent-rate", MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher))!.Value, 1e-12);
        Assert.Equal(other, measured.Fact(new MeasurementKey("independent-rate", MeasurementKey.TeacherModel, null, MeasurementKey.OtherTeacher))!.Value, 1e-12);
        var epsilon = new MeasurementKey("epsilon", MeasurementKey.TeacherModel, null, MeasurementKey.OtherTeacher);
        Assert.Equal(measured.Fact(epsilon), others.Fact(epsilon));
    }

    [Fact]
    public void Regression_An_Unmatched_Control_Is_Not_Used()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed));
        Measurements measured = ReviewedMeasurements.Measure(fixture, "adversarial");

        Finding finding = ReviewedMeasurements.Conclude(ReviewedMeasurements.WithColumns(measured, (key, values) =>
            key is { Measure: "fooled", Method: MeasurementKey.Independent, Teacher: MeasurementKey.OtherTeacher } ? [.. values.Select(v => 0 * v)] : values));

        Assert.Equal(Verdict.Regularised, finding.Verdict);
        Assert.Null(finding.OwnMinusOther);
        Assert.Contains(finding.Notes, n => n.StartsWith("These rates are more than 5 points apart, so the other teacher is not used as a control.", StringComparison.Ordinal));
    }

    [Fact]
    public void Regression_A_Rate_That_Misses_The_Target_On_All_Images_Is_Said()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed));
        Measurements measured = ReviewedMeasurements.Measure(fixture, "adversarial");
        var rate = new MeasurementKey("rate", MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher);

        Assert.DoesNotContain(ReviewedMeasurements.Conclude(measured).Notes, n => n.Contains("points from the target", StringComparison.Ordinal));
        Assert.Contains(
            ReviewedMeasurements.Conclude(ReviewedMeasurements.WithFact(measured, rate, 0.78)).Notes,
            n => n.Contains("On all images it changes 78.0 %, more than 5 points from the target", StringComparison.Ordinal));
    }

    [Fact]
    public void Regression_Images_Whose_Logits_Are_Not_Finite_Are_Left_Out_And_Counted()
    {
        using var fixture = new SubjectFixture((own, _, seed) => seed == 2 ? TinyClassifiers.Overflowing(402) : TinyClassifiers.Copy(own, (ulong)seed));
        Measurements measured = ReviewedMeasurements.Measure(fixture, "adversarial");

        double[] teacher = measured.Table("test")[new MeasurementKey("fooled", MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher)];
        double[] student = measured.Table("test")[new MeasurementKey("fooled", SubjectFixture.Method, 2, MeasurementKey.OwnTeacher)];
        double clean = measured.Fact(new MeasurementKey("not-finite-test", SubjectFixture.Method, 2))!.Value;
        double adversarial = measured.Fact(new MeasurementKey("adversarial-not-finite", SubjectFixture.Method, 2, MeasurementKey.OwnTeacher))!.Value;
        Assert.InRange(clean, 1, 299);
        Assert.InRange(adversarial, 1, 299);
        Assert.InRange(student.Count(double.IsNaN), teacher.Count(f => f == 0) + (int)adversarial, teacher.Count(f => f == 0) + (int)(adversarial + clean));
        Finding finding = ReviewedMeasurements.Conclude(measured);
        Assert.Contains($"The {SubjectFixture.Method} student of seed 2 has logits that are not finite for {clean} images; they are left out.", finding.Notes);
        Assert.Contains($"Images crafted against the teacher: the {SubjectFixture.Method} student of seed 2 has logits that are not finite for {adversarial} of them; they are left out.", finding.Notes);
    }

    [Fact]
    public void Regression_Right_Images_Are_Those_That_Both_Students_Classify_Right()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed));
        Measurements measured = ReviewedMeasurements.Measure(fixture, "adversarial");

        // The independent students are right on the first half only, so the second half must not count for the distilled ones either.
        Finding finding = ReviewedMeasurements.Conclude(ReviewedMeasurements.WithColumns(measured, (key, values) => key switch
        {
            { Measure: "correct", Method: MeasurementKey.Independent } => [.. values.Select((_, i) => i < 150 ? 1.0 : 0)],
            { Measure: "correct" } => [.. values.Select(_ => 1.0)],
            { Measure: "fooled", Method: SubjectFixture.Method } => [.. values.Select((v, i) => double.IsNaN(v) ? v : i < 150 ? 1 : 0)],
            _ => values,
        }));

        Assert.Contains(finding.Notes, n => n.StartsWith("Among images that the student and the independent student both classify right when unchanged: students 100.0 %,", StringComparison.Ordinal));
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
            if (teacher == MeasurementKey.OwnTeacher)
            {
                Assert.InRange(teacherFooled.Average(), 0.5, 0.7);
            }
        }
    }

    private static double MeanOfIndependent(MeasurementTable table, string teacher) =>
        new[] { 1, 2, 3 }.Average(seed => table[new MeasurementKey("fooled", MeasurementKey.Independent, seed, teacher)].Where(f => !double.IsNaN(f)).Average());
}
