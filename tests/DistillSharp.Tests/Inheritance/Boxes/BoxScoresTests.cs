using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

/// <summary>References are computed by hand; the arithmetic is in Float64 on maps in Float32, so the tolerance is 1e-6.</summary>
public sealed class BoxScoresTests
{
    private const double Tolerance = 1e-6;

    [Fact]
    public void Should_Give_A_Map_That_Is_The_Same_Everywhere_The_Share_That_Its_Box_Covers()
    {
        BoxScores scores = Score(Operators.Ones([2, 4, 8]), new ImageBox(1, 1, 2, 2), new ImageBox(0.25, 0.5, 3.5, 1.75));

        Assert.Equal(4 / 32.0, scores.Energy[0], Tolerance);
        Assert.Equal(3.5 * 1.75 / 32, scores.Energy[1], Tolerance);

        // All pixels are maxima: the share of them whose centre is in the box. The second box holds 4 columns' and 2 rows' centres; 0.5 counts as inside.
        Assert.Equal(4 / 32.0, scores.Pointing[0], Tolerance);
        Assert.Equal(8 / 32.0, scores.Pointing[1], Tolerance);
    }

    [Fact]
    public void Should_Count_A_Pixel_By_The_Part_That_Is_In_The_Box()
    {
        using var scope = new TensorScope();
        Tensor map = Tensor.From([1f, 3f, 0f, 0f], 1, 2, 2);

        BoxScores scores = BoxScores.Of(map, [new ImageBox(0.5, 0, 1, 0.5)], 2, 2);

        // A quarter of the first pixel and a quarter of the second.
        Assert.Equal(((0.25 * 1) + (0.25 * 3)) / 4, scores.Energy[0], Tolerance);

        // The maximum's centre, (1.5, 0.5), is on the right and on the lower edge: neither is part of the box.
        Assert.Equal(0, scores.Pointing[0]);
        Assert.Equal(1, BoxScores.Of(map, [new ImageBox(1.5, 0.5, 0.5, 0.5)], 2, 2).Pointing[0]);
    }

    [Fact]
    public void Should_Bring_Maps_To_The_Size_Of_The_Images_By_Bilinear_Interpolation()
    {
        using var scope = new TensorScope();

        // Two columns of 0 and 4 become 0, 1, 3, 4 (pixel centres aligned); each row is alike.
        BoxScores scores = Score(Tensor.From([0f, 4f, 0f, 4f], 1, 2, 2), new ImageBox(2, 0, 1, 4), 4, 4);

        Assert.Equal(3 / 8.0, scores.Energy[0], Tolerance);
        Assert.Equal(0, scores.Pointing[0]);
    }

    [Fact]
    public void Should_Count_Equal_Maxima_Alike()
    {
        using var scope = new TensorScope();
        Tensor map = Tensor.From([5f, 0f, 5f, 5f, 0f, 1f, 0f, 0f, 0f], 1, 3, 3);

        Assert.Equal(2 / 3.0, BoxScores.Of(map, [new ImageBox(0, 0, 1, 3)], 3, 3).Pointing[0], Tolerance);
    }

    [Fact]
    public void Should_Score_No_Map_That_Is_Zero_Throughout_And_Not_Depend_On_The_Slice()
    {
        using var scope = new TensorScope();
        Tensor maps = Operators.Cat([Operators.Zeros([1, 2, 2]), Tensor.From([0f, 0f, 0f, 2f], 1, 2, 2), Operators.Ones([1, 2, 2])], 0);
        ImageBox[] boxes = [new(0, 0, 1, 1), new(1, 1, 1, 1), new(0, 0, 1, 1)];

        BoxScores one = BoxScores.Of(maps, boxes, 2, 2, slice: 1), all = BoxScores.Of(maps, boxes, 2, 2);

        Assert.Equal([double.NaN, 1, 0.25], one.Energy);
        Assert.Equal([double.NaN, 1, 0.25], one.Pointing);
        Assert.Equal(one.Energy, all.Energy);
        Assert.Equal(one.Pointing, all.Pointing);
    }

    private static BoxScores Score(Tensor maps, ImageBox first, ImageBox second)
    {
        using (maps)
        {
            return BoxScores.Of(maps, [first, second], (int)maps.Size(1), (int)maps.Size(2));
        }
    }

    private static BoxScores Score(Tensor maps, ImageBox box, int height, int width) => BoxScores.Of(maps, [box], height, width);
}
