using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

/// <summary>
/// The teacher looks at the object, the other teacher and independent students at what lies beside it. An object has 9 pixels, a thing 2 or 4
/// by turns, so a map of a on the object and b on the thing has 9 a / (9 a + 2 b) or 9 a / (9 a + 4 b) of itself in the box.
/// </summary>
public sealed class BoxFindingsTests
{
    private static readonly Dictionary<string, object?> NoPictures = new() { ["pictures"] = 0 };

    [Fact]
    public void Should_Call_Copies_Of_The_Teacher_Inherited_And_Draw_The_Box()
    {
        using SubjectFixture fixture = Fixture(OwnCopy, OtherCopy);

        IReadOnlyList<Finding> findings = fixture.Analyse("localization");

        Assert.Equal(["map-closer", "box-energy", "box-pointing"], findings.Select(f => f.Measure));
        Assert.All(findings, f => Assert.Equal(Verdict.Inherited, f.Verdict));
        Finding energy = findings[1];
        Assert.Equal(InBox(1, 0.25), energy.Teacher!.Value, 1e-6);
        Assert.Equal(new[] { 1, 2, 3 }.Average(s => InBox(IndependentAt(s), 1)), energy.Independent!.Mean, 1e-6);
        Assert.Equal(InBox(1, 0.25), energy.Student!.PerSeed[0], 0.01);
        Assert.Equal(InBox(0.3, 1), energy.OtherTeacher!.Mean, 0.02);
        Assert.Equal(3, energy.Null!.PerSeed.Count);
        Assert.Equal((1, 0, 1), (findings[2].Teacher!.Value, findings[2].Independent!.Mean, findings[2].Student!.Mean));
        Assert.Contains("Boxes: 300 of 300 measured images have one; it is 3 x 3 pixels and 14.1 % of the image on average.", energy.Notes);
        Assert.Contains(energy.Notes, n => n.StartsWith("A map that is the same everywhere has 14.1 % of itself in the box; one that is the same in a box of the mean size in the middle and zero elsewhere 2", StringComparison.Ordinal));
        Assert.Contains(energy.Notes, n => n.StartsWith("From independent students to the teacher it is ", StringComparison.Ordinal) && n.Contains("of the way, students of the other teacher at ", StringComparison.Ordinal));
        Assert.Contains(energy.Notes, n => n.StartsWith("The other teacher itself has ", StringComparison.Ordinal) && !n.Contains("can hide", StringComparison.Ordinal));
        Assert.Contains(findings[2].Notes, n => n.StartsWith("A random point hits the box on 14.1 % of the images; the middle of the image on ", StringComparison.Ordinal));

        PictureTable table = Assert.Single(fixture.Pictures);
        Assert.EndsWith("The light blue line is the box of the object.", table.Explanation, StringComparison.Ordinal);
        Assert.Matches("^(90|95) % in the box$", table.Rows[0].Cells[1].Caption);
        Assert.Matches("^cosine with teacher 0[.][0-9]+; [0-9]+ % in the box$", table.Rows[0].Cells[2].Caption);
    }

    [Fact]
    public void Should_Show_Nothing_Of_Students_That_Never_Met_The_Teacher()
    {
        double[] at = [0.35, 0.33, 0.355];
        using SubjectFixture fixture = Fixture((_, _, seed) => LookingNetwork.Looking(at[seed - 1], 1), OtherCopy);

        Assert.All(Boxes(fixture.Analyse("localization", NoPictures)), f => Assert.Equal(Verdict.NotShown, f.Verdict));
    }

    [Fact]
    public void Should_Call_What_Students_Of_Any_Teacher_Have_Regularised()
    {
        using SubjectFixture fixture = Fixture(OwnCopy, OwnCopy, other: (1, 0.25));

        Assert.All(Boxes(fixture.Analyse("localization", NoPictures)), f =>
        {
            Assert.Equal(Verdict.Regularised, f.Verdict);
            Assert.Equal(0, f.OwnMinusOther!.Mean, 1e-12);
            Assert.Contains(f.Notes, n => n.Contains("it finds objects as well, so own minus other can hide what was inherited", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Should_Need_Students_Of_Another_Teacher_For_More_Than_Regularised()
    {
        using SubjectFixture fixture = Fixture(OwnCopy, crossStudent: null);

        Assert.All(Boxes(fixture.Analyse("localization", NoPictures)), f =>
        {
            Assert.Equal(Verdict.Regularised, f.Verdict);
            Assert.Null(f.OtherTeacher);
            Assert.Contains(f.Notes, n => n.StartsWith("No students of another teacher were distilled by this method", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Should_Not_Apply_To_A_Teacher_That_Finds_Objects_No_Better_Than_The_Middle_Of_The_Image()
    {
        // Objects lie in the middle, so a box there has most of itself on the object; the teacher has 30 to 50 %, independent students 5 %.
        using SubjectFixture fixture = Fixture(OwnCopy, OtherCopy, own: (0.2, 1), independent: 0.02, centred: true);

        Finding[] found = Boxes(fixture.Analyse("localization", NoPictures));

        Assert.All(found, f => Assert.Equal(Verdict.NotApplicable, f.Verdict));
        Assert.Matches("^The teacher finds objects no better than what knows nothing of the image: [0-9.]+ % of its map lies in the object's box; the pixel that most boxes cover has 100[.]0 %[.]$", found[0].Reason);
        Assert.StartsWith("The teacher finds objects no better than what knows nothing of the image: 0.0 % of the images have its map's maximum in the object's box; the middle of the image has 100.0 %.", found[1].Reason, StringComparison.Ordinal);
        Assert.Contains("The students find objects no better than the pixel that most boxes cover does.", found[0].Notes);
    }

    [Fact]
    public void Should_Not_Apply_To_A_Teacher_That_Looks_At_Objects_As_Little_As_Independent_Students()
    {
        using SubjectFixture fixture = Fixture((_, _, seed) => LookingNetwork.Looking(0.36 + (0.01 * seed), 1), OtherCopy, own: (0.36, 1));

        Finding energy = Boxes(fixture.Analyse("localization", NoPictures))[0];
        Finding allowed = Boxes(fixture.Analyse("localization", new() { ["pictures"] = 0, ["box-margin"] = 0.0 }))[0];

        Assert.Equal(Verdict.NotApplicable, energy.Verdict);
        Assert.StartsWith("The teacher looks at the object no more than independent students do: ", energy.Reason, StringComparison.Ordinal);
        Assert.EndsWith("5 points more are needed (box-margin).", energy.Reason, StringComparison.Ordinal);
        Assert.NotEqual(Verdict.NotApplicable, allowed.Verdict);
    }

    [Fact]
    public void Should_Say_Nothing_Of_Boxes_Where_There_Are_None()
    {
        using SubjectFixture fixture = Fixture(OwnCopy, OtherCopy, boxes: (_, _) => null);

        Assert.Equal(["map-closer"], fixture.Analyse("localization", NoPictures).Select(f => f.Measure));
    }

    [Fact]
    public void Should_Say_So_Where_Data_Have_Boxes_And_No_Measured_Image_Has_One()
    {
        // Which 40 of 300 images are measured does not depend on the models.
        int[] measured;
        using (SubjectFixture all = Fixture(OwnCopy, OtherCopy))
        {
            measured = [.. ReviewedMeasurements.Measure(all, "localization", new() { ["images"] = 40 }).Table("test").Images];
        }

        using SubjectFixture fixture = Fixture(OwnCopy, OtherCopy, boxes: (i, box) => measured.Contains(i) ? null : box);

        Finding finding = Assert.Single(fixture.Analyse("localization", new() { ["pictures"] = 0, ["images"] = 40 }));

        Assert.Contains("None of the measured images has a box, so nothing is said of how well models find objects.", finding.Notes);
    }

    [Fact]
    public void Should_Leave_Out_And_Count_Images_Without_Box_And_Maps_That_Are_Zero()
    {
        using SubjectFixture fixture = Fixture(
            (own, other, seed) => seed == 1 ? LookingNetwork.Looking(0, 0) : OwnCopy(own, other, seed), OtherCopy, boxes: (i, box) => i % 3 == 0 && i % 2 == 0 ? null : box);

        Finding[] found = Boxes(fixture.Analyse("localization", NoPictures));

        Assert.All(found, f =>
        {
            Assert.Equal([2, 3], f.Seeds);
            Assert.Equal(250, f.Images);
            Assert.Contains(f.Notes, n => n.EndsWith("50 images without box are left out.", StringComparison.Ordinal) && n.StartsWith("Boxes: 250 of 300 measured images have one;", StringComparison.Ordinal));
            Assert.Contains($"No map, left out: {SubjectFixture.Method} students, 250, 0, 0 of 250 images with a box (seeds 1, 2, 3).", f.Notes);
        });
    }

    [Fact]
    public void Should_Not_Apply_To_Maps_That_Are_Zero_Or_Of_One_Pixel()
    {
        using (SubjectFixture blind = Fixture(OwnCopy, OtherCopy, own: (0, 0)))
        {
            Assert.All(Boxes(blind.Analyse("localization", NoPictures)), f => Assert.Equal((Verdict.NotApplicable, "The teacher's map is zero throughout on all 300 images."), (f.Verdict, f.Reason)));
        }

        using SubjectFixture seeing = Fixture(OwnCopy, OtherCopy);
        Assert.All(Boxes(seeing.Analyse("localization", new() { ["pictures"] = 0, ["teacher-layer"] = "point" })), f =>
        {
            Assert.Equal(Verdict.NotApplicable, f.Verdict);
            Assert.StartsWith("No map of the teacher: The layer 'point' gives out maps of 1x1, which look everywhere and nowhere.", f.Reason, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Should_Score_The_True_Class_Where_Maps_Of_Each_Class_Are_Compared()
    {
        using SubjectFixture fixture = Fixture(OwnCopy, OtherCopy);

        Finding each = Boxes(fixture.Analyse("localization", new() { ["pictures"] = 0, ["of"] = "each-class" }))[0];

        Assert.Equal(InBox(1, 0.25), each.Teacher!.Value, 1e-6);
    }

    [Fact]
    public void Should_Refuse_Boxes_That_Do_Not_Fit_The_Images()
    {
        using var scope = new TensorScope();
        Tensor images = Operators.Zeros([2, 1, 4, 6], DType.UInt8), labels = Operators.Zeros([2], DType.Int64);

        Assert.Contains("found 1, outside 0", Assert.Throws<ArgumentException>(() => new ImageSet(images, labels) { Boxes = [null] }).Message, StringComparison.Ordinal);
        Assert.Contains("within 6 x 4 pixels; found 2, outside 1", Assert.Throws<ArgumentException>(() => new ImageSet(images, labels) { Boxes = [null, new ImageBox(0, 1, 2, 4)] }).Message, StringComparison.Ordinal);
    }

    private static SubjectFixture Fixture(
        Func<ImageClassifier, ImageClassifier, int, ImageClassifier> student,
        Func<ImageClassifier, ImageClassifier, int, ImageClassifier>? crossStudent,
        (double Object, double Thing)? own = null,
        (double Object, double Thing)? other = null,
        double? independent = null,
        bool centred = false,
        Func<int, ImageBox?, ImageBox?>? boxes = null)
    {
        (double Object, double Thing) mine = own ?? (1, 0.25), others = other ?? (0.3, 1);
        return new SubjectFixture(
            student,
            () => LookingNetwork.Looking(mine.Object, mine.Thing),
            _ => LookingNetwork.Looking(others.Object, others.Thing),
            seed => LookingNetwork.Looking(independent + (0.001 * seed) ?? IndependentAt(seed), 1),
            crossStudent: crossStudent,
            test: set =>
            {
                ImageSet looked = LookingNetwork.Images(set.Count, centred);
                ImageBox?[] changed = [.. looked.Boxes.Select((b, i) => boxes is null ? b : boxes(i, b))];
                return new ImageSet(looked.Images, looked.Labels) { Boxes = changed.All(b => b is null) ? [] : changed };
            });
    }

    private static double IndependentAt(int seed) => 0.3 + (0.02 * seed);

    private static ImageClassifier OwnCopy(ImageClassifier own, ImageClassifier other, int seed) => Copy(own, seed);

    private static ImageClassifier OtherCopy(ImageClassifier own, ImageClassifier other, int seed) => Copy(other, seed);

    private static ImageClassifier Copy(ImageClassifier of, int seed)
    {
        (double atObject, double atThing) = ((LookingNetwork)of.Network).Looks;
        return LookingNetwork.Looking(atObject, atThing * (1 + (0.01 * seed)));
    }

    /// <summary>The share in the box, on average over images whose thing has 2 and 4 pixels by turns.</summary>
    private static double InBox(double atObject, double atThing) =>
        new[] { 2, 4 }.Average(pixels => 9 * atObject / ((9 * atObject) + (pixels * atThing)));

    private static Finding[] Boxes(IReadOnlyList<Finding> findings)
    {
        Finding[] found = [.. findings.Where(f => f.Measure.StartsWith("box-", StringComparison.Ordinal))];
        Assert.Equal(["box-energy", "box-pointing"], found.Select(f => f.Measure));
        return found;
    }
}
