using DistillSharp.Configuration;
using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Studies.Results;

namespace DistillSharp.Tests.Inheritance;

/// <summary>The teacher sees neither brightness nor contrast; the other teacher and independent students do.</summary>
public sealed class InvarianceAnalysisTests
{
    private const string Main = "kept-0.8";
    private static readonly Dictionary<string, object?> Jitter = new() { ["strengths"] = new[] { 0.2, 0.8 } };

    [Fact]
    public void Should_Call_Copies_Of_The_Teacher_Inherited_And_Draw_Examples()
    {
        using SubjectFixture fixture = Fixture(OwnCopy, OtherCopy);

        Finding finding = Assert.Single(fixture.Analyse("invariance", Jitter));

        Assert.Equal(Verdict.Inherited, finding.Verdict);
        Assert.Equal("answers-kept-colour", finding.Measure);
        Assert.InRange(finding.Teacher!.Value, 0.9, 1);
        Assert.Equal(3, finding.Null!.PerSeed.Count);
        Assert.Contains(finding.Notes, n => n.StartsWith("The images are grey: brightness and contrast are changed;", StringComparison.Ordinal));
        Assert.Equal(2, finding.Notes.Count(n => n.StartsWith("Answers kept, colour jitter of 0.", StringComparison.Ordinal) && n.Contains("students of the other teacher", StringComparison.Ordinal)));
        Assert.Contains(finding.Notes, n => n.StartsWith("From independent students to the teacher it is ", StringComparison.Ordinal) && n.Contains("of the way, students of the other teacher at ", StringComparison.Ordinal));
        Assert.Contains(finding.Notes, n => n.StartsWith("The other teacher itself keeps its answer on ", StringComparison.Ordinal) && !n.Contains("can hide", StringComparison.Ordinal));
        PictureTable pictures = Assert.Single(fixture.Pictures);
        Assert.Equal(["Unchanged", "0.2", "0.8"], pictures.Columns);
        Assert.Equal(TinyClassifiers.Classes, pictures.Rows.Count);
        Assert.All(pictures.Rows, r => Assert.Equal(3, r.Cells.Count));
        Assert.Equal(9, fixture.Saved.Count);
    }

    [Fact]
    public void Should_Give_The_Curve_Of_Every_Kind_Of_Model_From_Weak_To_Strong()
    {
        using SubjectFixture fixture = Fixture(OwnCopy, OtherCopy);
        Finding finding = Assert.Single(fixture.Analyse("invariance", new() { ["strengths"] = new[] { 0.8, 0.2 }, ["strength"] = 0.8 }));

        ResultChart chart = Assert.Single(fixture.Charts);

        Assert.Equal((ChartKind.Curve, "strength of the colour jitter"), (chart.Kind, chart.PlaceTitle));
        Assert.Equal(["0.2", "0.8"], chart.Places);
        Assert.Equal(
            [("teacher", "none"), ("other-teacher", "none"), ("independent", "none"), ("student", SubjectFixture.Method), ("cross-student", SubjectFixture.Method)],
            chart.Series.Select(s => (s.Role, s.Method)));

        // The same scores as the finding's, and so the same numbers; a teacher's interval is over images alone.
        Assert.Equal(finding.Teacher!.Value, SubjectFixture.Level(chart, "teacher", "0.8").Mean, 12);
        foreach ((string role, Estimate level) in new[] { ("student", finding.Student!), ("independent", finding.Independent!), ("cross-student", finding.OtherTeacher!) })
        {
            Estimate drawn = SubjectFixture.Level(chart, role, "0.8");
            Assert.Equal(level.Mean, drawn.Mean, 12);
            Assert.Equal(level.Low, drawn.Low, 12);
            Assert.Equal(level.High, drawn.High, 12);
            Assert.Equal(level.PerSeed, drawn.PerSeed);
        }

        Estimate teacher = SubjectFixture.Level(chart, "teacher", "0.2");
        Assert.Single(teacher.PerSeed);
        Assert.InRange(teacher.Mean, teacher.Low, teacher.High);
    }

    [Fact]
    public void Should_Turn_The_Curve_Of_Crops_Which_Are_Stronger_The_Smaller()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), withOtherTeacher: false);
        fixture.Analyse("invariance", new() { ["change"] = "crop", ["strengths"] = new[] { 0.4, 0.9 }, ["pictures"] = 0 });

        ResultChart chart = Assert.Single(fixture.Charts);

        Assert.Equal(["0.9", "0.4"], chart.Places);
        Assert.Equal(["teacher", "independent", "student"], chart.Series.Select(s => s.Role));
    }

    [Fact]
    public void Should_Show_Nothing_Of_Students_That_Never_Met_The_Teacher()
    {
        using SubjectFixture fixture = Fixture((_, _, seed) => TinyClassifiers.Random((ulong)(400 + seed)), OtherCopy);

        Assert.Equal(Verdict.NotShown, Assert.Single(fixture.Analyse("invariance", Jitter)).Verdict);
    }

    [Fact]
    public void Should_Not_Call_Copies_Of_Another_Teacher_Inherited()
    {
        using SubjectFixture fixture = Fixture(OtherCopy, OtherCopy);

        Finding finding = Assert.Single(fixture.Analyse("invariance", Jitter));

        Assert.NotEqual(Verdict.Inherited, finding.Verdict);
        Assert.Equal(0, finding.OwnMinusOther!.Mean, 1e-12);
    }

    [Fact]
    public void Should_Call_What_Students_Of_Any_Teacher_Have_Regularised()
    {
        using SubjectFixture fixture = Fixture(OwnCopy, OwnCopy, otherTeacher: own => TinyClassifiers.Copy(own, 9, noise: 0));

        Finding finding = Assert.Single(fixture.Analyse("invariance", Jitter));

        Assert.Equal(Verdict.Regularised, finding.Verdict);
        Assert.Equal(0, finding.OwnMinusOther!.Mean, 1e-12);
        Assert.Contains(finding.Notes, n => n.Contains("it has the property as much, so own minus other can hide what was inherited", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_Need_Students_Of_Another_Teacher_For_More_Than_Regularised()
    {
        using SubjectFixture fixture = Fixture(OwnCopy, crossStudent: null);

        Finding finding = Assert.Single(fixture.Analyse("invariance", Jitter));

        Assert.Equal(Verdict.Regularised, finding.Verdict);
        Assert.Null(finding.OtherTeacher);
        Assert.Contains(finding.Notes, n => n.StartsWith("No students of another teacher were distilled by this method", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_Not_Apply_To_A_Teacher_That_Lacks_The_Property()
    {
        using SubjectFixture fixture = Fixture(OwnCopy, OtherCopy, teacher: () => TinyClassifiers.Random(100), independent: _ => TinyClassifiers.Random(100));

        Finding finding = Assert.Single(fixture.Analyse("invariance", Jitter));

        Assert.Equal(Verdict.NotApplicable, finding.Verdict);
        Assert.StartsWith("The teacher lacks the property: it keeps its answer on ", finding.Reason, StringComparison.Ordinal);
        Assert.EndsWith("5 points more are needed (margin).", finding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Not_Apply_Where_Independent_Students_Have_The_Property()
    {
        using SubjectFixture fixture = Fixture(OwnCopy, OtherCopy, independent: seed => TinyClassifiers.Centred((ulong)(300 + seed)));

        Finding finding = Assert.Single(fixture.Analyse("invariance", new() { ["strengths"] = new[] { 0.1 }, ["pictures"] = 0 }));

        Assert.Equal(Verdict.NotApplicable, finding.Verdict);
        Assert.StartsWith("Independent students have the property without a teacher: it keeps", finding.Reason, StringComparison.Ordinal);
        Assert.Empty(fixture.Pictures);
    }

    [Fact]
    public void Should_Name_And_Leave_Out_Models_With_One_Answer_Which_Keep_It_Always()
    {
        using SubjectFixture fixture = Fixture(
            (own, other, seed) => seed == 1 ? TinyClassifiers.Constant(7) : OwnCopy(own, other, seed),
            (own, other, seed) => seed == 2 ? TinyClassifiers.Constant(8) : OtherCopy(own, other, seed));

        Finding finding = Assert.Single(fixture.Analyse("invariance", Jitter));

        Assert.Equal([2, 3], finding.Seeds);
        Assert.Equal(finding.Student!.PerSeed, SubjectFixture.Level(fixture.Charts[0], "student", "0.8").PerSeed);
        Assert.Equal(2, SubjectFixture.Level(fixture.Charts[0], "cross-student", "0.8").PerSeed.Count);
        Assert.Equal(double.NaN, finding.OtherTeacher!.PerSeed[0]);
        Assert.Contains($"The {SubjectFixture.Method} student of seed 1 gives the same class for all 300 images; it is left out.", finding.Notes);
        Assert.Contains($"The {SubjectFixture.Method} student of the other teacher of seed 2 gives the same class for all 300 images; it is left out.", finding.Notes);
    }

    [Fact]
    public void Should_Not_Apply_To_A_Teacher_With_One_Answer()
    {
        using SubjectFixture fixture = Fixture(OwnCopy, OtherCopy, teacher: () => TinyClassifiers.Constant(1));

        Assert.Equal("The teacher gives the same class for all 300 images.", Assert.Single(fixture.Analyse("invariance", Jitter)).Reason);
    }

    /// <summary>Two crops are answered alike by a model with one answer to crops, whatever it says of unchanged images.</summary>
    [Fact]
    public void Should_Leave_Out_What_Has_One_Answer_To_Changed_Images_Only()
    {
        using SubjectFixture fixture = Fixture(OwnCopy, OtherCopy);
        var options = new Dictionary<string, object?> { ["change"] = "crop", ["strengths"] = new[] { 0.3 }, ["pictures"] = 0, ["margin"] = 0.0 };
        Measurements measured = ReviewedMeasurements.Measure(fixture, "invariance", options);
        var one = new MeasurementFact(new MeasurementKey("one-answer-0.3", SubjectFixture.Method, 2, MeasurementKey.OwnTeacher), 1);

        Finding finding = ReviewedMeasurements.Conclude(new Measurements("invariance", measured.Tables, [.. measured.Facts, one], []), options);

        Assert.True(DegenerateModels.HasOneAnswer([.. Enumerable.Repeat(1, 200)], [.. Enumerable.Range(0, 200).Select(i => i % 3)]));
        Assert.False(DegenerateModels.HasOneAnswer([.. Enumerable.Range(0, 200).Select(i => i % 40 == 0 ? 0 : 1)], [.. Enumerable.Range(0, 200).Select(i => i % 3)]));
        Assert.Contains($"The {SubjectFixture.Method} student of seed 2 gives the same class to all changed images, or nearly all (two crops of 30 % of the area); it is left out there.", finding.Notes);
    }

    [Theory]
    [InlineData("crop", 0.3, 2)]
    [InlineData("shift", 2, 1)]
    [InlineData("rotation", 60, 1)]
    public void Should_Measure_Every_Change_The_Same_For_Every_Model(string change, double strength, int images)
    {
        using var fixture = new SubjectFixture((own, _, _) => TinyClassifiers.Copy(own, 5, noise: 0), images: 700);
        var options = new Dictionary<string, object?> { ["change"] = change, ["strengths"] = new[] { strength }, ["pictures"] = 1 };

        Assert.Single(fixture.Analyse("invariance", options));
        int columns = fixture.Pictures[0].Columns.Count;
        options["pictures"] = 0;
        MeasurementTable table = ReviewedMeasurements.Measure(fixture, "invariance", options).Table("test");

        string measure = FormattableString.Invariant($"kept-{strength}");
        double[] teacher = table[new MeasurementKey(measure, MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher)];
        Assert.Equal(teacher, table[new MeasurementKey(measure, SubjectFixture.Method, 3, MeasurementKey.OwnTeacher)]);
        Assert.InRange(teacher.Average(), 0.2, 0.98);
        Assert.NotEqual(teacher, table[new MeasurementKey(measure, MeasurementKey.Independent, 3, MeasurementKey.OwnTeacher)]);
        Assert.Equal(1 + images, columns);
    }

    [Fact]
    public void Should_Keep_Fewer_Answers_The_Stronger_The_Change_And_Measure_The_Strength_Asked_For()
    {
        using SubjectFixture fixture = Fixture(OwnCopy, OtherCopy);
        var options = new Dictionary<string, object?> { ["strengths"] = new[] { 0.0, 0.3 }, ["strength"] = 0.9 };

        Measurements measured = ReviewedMeasurements.Measure(fixture, "invariance", options);
        double Rate(string strength) => measured.Fact(new MeasurementKey("rate-" + strength, MeasurementKey.Independent, 1, MeasurementKey.OwnTeacher))!.Value;

        Assert.Equal(1, Rate("0"));
        Assert.True(Rate("0.3") < 1 && Rate("0.9") < Rate("0.3"));
        Assert.Equal("Answers kept under colour jitter of 0.9 (brightness, contrast, saturation; hue 0.45)", ReviewedMeasurements.Conclude(measured, options).Title);
        Assert.DoesNotContain(measured.Table("test").Keys, k => k.Measure == Main);
    }

    [Fact]
    public void Should_Refuse_An_Empty_List_Of_Strengths() =>
        Assert.Throws<ArgumentException>(() => new InvarianceStrengths(new OptionValues(new InvarianceAnalysis().Options, new Dictionary<string, object?> { ["strengths"] = Array.Empty<double>() })));

    private static ImageClassifier OwnCopy(ImageClassifier own, ImageClassifier other, int seed) => TinyClassifiers.Copy(own, (ulong)seed);

    private static ImageClassifier OtherCopy(ImageClassifier own, ImageClassifier other, int seed) => TinyClassifiers.Copy(other, (ulong)(10 + seed));

    private static SubjectFixture Fixture(
        Func<ImageClassifier, ImageClassifier, int, ImageClassifier> student,
        Func<ImageClassifier, ImageClassifier, int, ImageClassifier>? crossStudent,
        Func<ImageClassifier>? teacher = null,
        Func<ImageClassifier, ImageClassifier>? otherTeacher = null,
        Func<int, ImageClassifier>? independent = null) =>
        new(student, teacher ?? (() => TinyClassifiers.Centred(100)), otherTeacher, independent, crossStudent: crossStudent);
}
