using DistillSharp.Inheritance;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

public sealed class ImagePlaneTests
{
    public ImagePlaneTests() => TorchRuntime.EnsureStarted();

    [Fact]
    public void Should_Span_The_Widened_Box_Of_Three_Images()
    {
        using var scope = new TensorScope();
        Tensor images = Tensor.From<float>([0, 0, 1, 0, 0.25f, 0.5f], 3, 1, 1, 2);

        ImagePlane plane = ImagePlane.Through(images, 7)!;

        Assert.Equal([(0, 0), (1, 0), (0.25, 0.5)], plane.Corners);
        float[] points = plane.Points(0, 49).ToArray<float>();
        Assert.Equal([-0.1, -0.05, 0.1, -0.05], points[..4].Select(v => Math.Round(v, 6)));
        Assert.Equal([1.1, 0.55], points[^2..].Select(v => Math.Round(v, 6)));
        Assert.Equal(points[20..30], plane.Points(10, 15).ToArray<float>());
        Assert.Equal([(0.5, 0.5), (5.5, 0.5), (1.75, 5.5)], plane.Places.Select(p => (Math.Round(p.X, 9), Math.Round(p.Y, 9))));
    }

    [Fact]
    public void Should_Pass_Through_The_Images_Themselves()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        Tensor images = Operators.Empty([3, 3, 4, 5], DType.Float32).UniformInPlace(0, 1, generator);

        // 13 points over 1.2 widths: the second is the least coordinate of an image, the twelfth the largest.
        ImagePlane plane = ImagePlane.Through(images, 13)!;
        Tensor points = plane.Points(0, 169);
        double Nearest(int image) => (points - images.Rows(image, image + 1)).Square().Sum([1L, 2L, 3L]).Min().Item();

        Assert.Equal([169, 3, 4, 5], points.Shape);
        Assert.InRange(Nearest(0), 0, 1e-8);
        Assert.InRange(Nearest(1), 0, 1e-8);
        Assert.Equal(0, plane.Corners[1].Y);
        Assert.Equal(Math.Sqrt((images.Rows(2, 3) - images.Rows(0, 1)).Square().Sum().Item()), Math.Sqrt((plane.Corners[2].X * plane.Corners[2].X) + (plane.Corners[2].Y * plane.Corners[2].Y)), 1e-5);
    }

    [Fact]
    public void Should_Have_No_Plane_Through_Three_Images_On_A_Line()
    {
        using var scope = new TensorScope();

        Assert.Null(ImagePlane.Through(Tensor.From<float>([0, 0, 1, 1, 0.5f, 0.5f], 3, 1, 1, 2), 5));
        Assert.Null(ImagePlane.Through(Tensor.From<byte>([3, 4, 3, 4, 7, 7], 3, 1, 1, 2), 5));
    }

    [Fact]
    public void Should_Draw_Triplets_Of_Three_Classes()
    {
        int[] classes = [.. Enumerable.Range(0, 400).Select(i => i < 390 ? 0 : 1 + (i % 4))];

        IReadOnlyList<int[]> triplets = ImageTriplets.Draw(classes, 100);

        Assert.Equal(100, triplets.Count);
        Assert.All(triplets, t => Assert.Equal(3, t.Select(i => classes[i]).Distinct().Count()));
        Assert.Equal(5, triplets.SelectMany(t => t).Select(i => classes[i]).Distinct().Count());
        Assert.Equal(triplets, ImageTriplets.Draw(classes, 100));
        Assert.Empty(ImageTriplets.Draw([0, 1, 0, 1], 100));
    }
}
