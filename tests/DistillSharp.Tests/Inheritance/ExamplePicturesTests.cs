using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

public sealed class ExamplePicturesTests
{
    private readonly List<(string Name, byte[] Pixels, int Width, int Height, int Channels)> _saved = [];

    [Fact]
    public void Should_Enlarge_Each_Pixel_To_A_Square()
    {
        using var scope = new TensorScope();
        Tensor image = Tensor.From([0f, 1f, 0.5f, 2f], 1, 2, 2);

        string path = Pictures().SaveImage(image, 7, 0, "kd (T=4)");

        (string name, byte[] pixels, int width, int height, int channels) = Assert.Single(_saved);
        Assert.Equal("saved/fidelity-7-0-kd--t-4", path);
        Assert.Equal("fidelity-7-0-kd--t-4", name);
        Assert.Equal((112, 112, 1), (width, height, channels));
        Assert.Equal([0, 255, 128, 255], [pixels[0], pixels[111], pixels[111 * 112], pixels[^1]]);
    }

    [Fact]
    public void Should_Put_Colours_Over_Grey_And_Leave_Grey_Where_The_Map_Is_Zero_Throughout()
    {
        using var scope = new TensorScope();
        Tensor image = Operators.Full([3, 4, 4], 0.5, DType.Float32);
        ExamplePictures pictures = Pictures();

        pictures.SaveHeatMap(image, Tensor.From([0f, 0f, 0f, 3f], 2, 2), 0, 0, "a");
        pictures.SaveHeatMap(image, Operators.Zeros([2, 2]), 0, 1, "b");

        Assert.All(_saved[1].Pixels, p => Assert.Equal(128, p));
        byte[] heat = _saved[0].Pixels;
        Assert.Equal(3, _saved[0].Channels);
        Assert.True(heat[^3] > 190 && heat[^2] > 190 && heat[^1] < heat[^2], "The largest value is light yellow.");
        Assert.True(heat[0] < 60 && heat[1] < 60 && heat[2] < 60, "The smallest value is dark.");
    }

    [Fact]
    public void Should_Draw_The_Box_Over_Image_And_Map()
    {
        using var scope = new TensorScope();
        ExamplePictures pictures = Pictures();

        // A pixel becomes 28 x 28; the line is 2 pixels wide, inside of the box.
        pictures.SaveImage(Operators.Zeros([1, 4, 4]), 0, 0, "a", new ImageBox(1, 0.5, 2, 3));
        pictures.SaveHeatMap(Operators.Zeros([1, 4, 4]), Operators.Zeros([2, 2]), 0, 1, "b", new ImageBox(1, 0.5, 2, 3));

        Assert.All(_saved, saved =>
        {
            Assert.Equal((112, 112, 3), (saved.Width, saved.Height, saved.Channels));
            bool Drawn(int x, int y) => saved.Pixels.AsSpan(3 * ((y * 112) + x), 3).SequenceEqual(new byte[] { 0, 255, 255 });
            Assert.True(Drawn(28, 14) && Drawn(29, 50) && Drawn(83, 97) && Drawn(60, 15) && Drawn(60, 96));
            Assert.False(Drawn(27, 50) || Drawn(30, 50) || Drawn(84, 50) || Drawn(60, 13) || Drawn(60, 16) || Drawn(60, 98));
        });
    }

    [Fact]
    public void Should_Grow_Lighter_With_The_Value()
    {
        double[] lightness = [.. Enumerable.Range(0, 21).Select(i => InfernoColours.At(i / 20.0)).Select(c => (0.2126 * c.Red) + (0.7152 * c.Green) + (0.0722 * c.Blue))];

        Assert.Equal(lightness.Order(), lightness);
        Assert.InRange(lightness[0], 0, 0.01);
        Assert.InRange(lightness[^1], 0.9, 1);
    }

    [Fact]
    public void Should_Choose_The_First_Image_Of_Each_Class()
    {
        Assert.Equal([3, 0], ExamplePictures.Choose([2, 2, 5, 1, 1, 5], most: 2, _ => true));
        Assert.Equal([4, 0, 2], ExamplePictures.Choose([2, 2, 5, 1, 1, 5], most: 9, at => at != 3));
    }

    private ExamplePictures Pictures() => new(
        (name, pixels, width, height, channels) =>
        {
            _saved.Add((name, pixels.ToArray(), width, height, channels));
            return "saved/" + name;
        },
        "fidelity");
}
