using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

public sealed class ShapeBiasAnalysisTests
{
    private const string Name = "shape-bias";

    private static readonly Dictionary<string, object?> Options = new() { ["pictures"] = 2 };

    [Fact]
    public void Should_Call_A_Bias_Inherited_That_Only_Students_Of_This_Teacher_Have()
    {
        using SubjectFixture fixture = Fixture(teacher: 0.9, student: 0.8, cross: 0.3);

        IReadOnlyList<Finding> findings = fixture.Analyse(Name, Options);

        Assert.Equal(["shape-bias", "same-cue"], findings.Select(f => f.Measure));
        Finding bias = findings[0];
        Assert.Equal(Verdict.Inherited, bias.Verdict);
        Assert.True(bias.HigherIsCloser);
        Assert.InRange(bias.Teacher!.Value, 0.8, 1);
        Assert.InRange(bias.Student!.Mean, 0.65, 0.95);
        Assert.InRange(bias.Independent!.Mean, 0.15, 0.45);
        Assert.Equal(bias.Effect!.Mean, bias.OwnMinusOther!.Mean, 0.15);
        Assert.Equal(3, bias.Null!.PerSeed.Count);
        PictureTable table = Assert.Single(fixture.Pictures);
        Assert.Equal(["image", "cue-conflict"], table.Columns);
        Assert.StartsWith("texture of ", table.Rows[0].Cells[1].Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Call_It_Inherited_Where_The_Teacher_Trusts_Texture_More()
    {
        using SubjectFixture fixture = Fixture(teacher: 0.05, student: 0.2, cross: 0.6, independent: 0.6, other: 0.6);

        Finding bias = fixture.Analyse(Name, Options)[0];

        Assert.False(bias.HigherIsCloser);
        Assert.Equal(Verdict.Inherited, bias.Verdict);
        Assert.Contains("Closer to the teacher is lower here: the teacher trusts texture more than independent students do.", bias.Notes);
    }

    [Fact]
    public void Should_Call_A_Bias_Regularised_That_Students_Of_Any_Teacher_Have()
    {
        using SubjectFixture fixture = Fixture(teacher: 0.9, student: 0.8, cross: 0.8);

        Finding bias = fixture.Analyse(Name, Options)[0];

        Assert.Equal(Verdict.Regularised, bias.Verdict);
        Assert.InRange(bias.OwnMinusOther!.Mean, -0.05, 0.05);
    }

    [Fact]
    public void Should_Not_Call_It_Inherited_Without_Students_Of_Another_Teacher()
    {
        using SubjectFixture fixture = Fixture(teacher: 0.9, student: 0.8, cross: null);

        Finding bias = fixture.Analyse(Name, Options)[0];

        Assert.Equal(Verdict.Regularised, bias.Verdict);
        Assert.Null(bias.OwnMinusOther);
        Assert.Contains("There are no students of the other teacher, which are the control of this measure.", bias.Notes);
    }

    [Fact]
    public void Should_Claim_Nothing_Of_Students_As_Biased_As_Independent_Ones()
    {
        using SubjectFixture fixture = Fixture(teacher: 0.9, student: 0.3, cross: 0.3);

        Assert.Equal(Verdict.NotShown, fixture.Analyse(Name, Options)[0].Verdict);
    }

    [Fact]
    public void Should_Call_Students_That_Went_The_Other_Way_Reversed()
    {
        using SubjectFixture fixture = Fixture(teacher: 0.9, student: 0.02, cross: 0.3, independent: 0.5);

        Assert.Equal(Verdict.Reversed, fixture.Analyse(Name, Options)[0].Verdict);
    }

    [Fact]
    public void Should_Say_When_Students_Went_Past_The_Teacher()
    {
        using SubjectFixture fixture = Fixture(teacher: 0.6, student: 0.95, cross: 0.3);

        Assert.Contains(fixture.Analyse(Name, Options)[0].Notes, n => n.StartsWith("The students went past the teacher (", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_Tell_Who_Follows_The_Same_Cue_As_The_Teacher()
    {
        // The teachers follow the shape on opposite halves of the images; independent students hardly ever do.
        Finding SameCue(double student)
        {
            using SubjectFixture fixture = Fixture(teacher: 0.5, student, cross: null, independent: 0.02, other: 0.5, studentOffset: student < 0.5 ? null : 0);
            return fixture.Analyse(Name, Options)[1];
        }

        Finding copied = SameCue(0.5), strange = SameCue(0.02);

        Assert.Equal(Verdict.Inherited, copied.Verdict);
        Assert.Equal(1, copied.Student!.Mean);
        Assert.Equal(Verdict.NotShown, strange.Verdict);
    }

    [Fact]
    public void Should_Not_Apply_Where_The_Teacher_Has_No_Other_Bias_Than_Independent_Students()
    {
        using SubjectFixture fixture = Fixture(teacher: 0.3, student: 0.8, cross: 0.3);

        Finding bias = fixture.Analyse(Name, new() { ["least-gap"] = 0.25 })[0];

        Assert.Equal(Verdict.NotApplicable, bias.Verdict);
        Assert.EndsWith("they differ by less than 25 points, so there is nothing to move towards (option least-gap).", bias.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Not_Apply_To_A_Teacher_That_Decides_By_Neither()
    {
        using var fixture = new SubjectFixture(
            (_, _, seed) => CueNetwork.Following(0.8, 0.11 * seed), CueNetwork.Undecided, _ => CueNetwork.Following(0.2, 0.5),
            seed => CueNetwork.Following(0.3, 0.3 * seed), test: _ => CueNetwork.Images(300));

        Assert.All(fixture.Analyse(Name, Options), f => Assert.Equal(
            "The teacher decides 0 % of the cue-conflict images by shape or texture; at least 75 % are needed (option least-decided).", f.Reason));
    }

    [Fact]
    public void Should_Not_Apply_To_Images_Of_One_Class()
    {
        using var fixture = new SubjectFixture(
            (own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed),
            test: _ => new ImageSet(TinyClassifiers.Images(60, 11).Images, Operators.Zeros([60], DType.Int64)),
            teacher: () => TinyClassifiers.Constant(1));

        Assert.All(fixture.Analyse(Name, Options), f => Assert.Equal("All images are of one class, so shape and texture cannot disagree.", f.Reason));
    }

    [Fact]
    public void Should_Not_Apply_To_A_Teacher_With_One_Answer()
    {
        using var fixture = new SubjectFixture((_, _, seed) => TinyClassifiers.Random((ulong)seed), () => TinyClassifiers.Constant(1));

        Assert.All(fixture.Analyse(Name, Options), f => Assert.Equal("The teacher gives the same class for all 300 images.", f.Reason));
    }

    private static SubjectFixture Fixture(
        double teacher, double student, double? cross, double independent = 0.3, double other = 0.2, double? studentOffset = null)
    {
        Func<ImageClassifier, ImageClassifier, int, ImageClassifier>? crossStudent = cross is { } share ? (_, _, seed) => CueNetwork.Following(share, 0.5 + (0.13 * seed)) : null;
        return new SubjectFixture(
            (_, _, seed) => CueNetwork.Following(student, studentOffset ?? (0.11 * seed)),
            () => CueNetwork.Following(teacher),
            _ => CueNetwork.Following(other, 0.5),
            seed => CueNetwork.Following(independent, 0.3 * seed),
            crossStudent: crossStudent,
            test: _ => CueNetwork.Images(300));
    }
}
