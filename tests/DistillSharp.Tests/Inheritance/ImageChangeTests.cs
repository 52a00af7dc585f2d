using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

public sealed class ImageChangeTests
{
    public static TheoryData<string> Names => [.. ImageChange.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_Give_The_Same_Images_For_The_Same_Seed_Only_And_Leave_The_Given_Ones(string name)
    {
        ImageChange change = ImageChange.Get(name);
        long before = LiveTensors.Settled();
        using (var scope = new TensorScope())
        {
            Tensor images = Images(20, 1, 9, 7);
            byte[] given = images.ToArray<byte>();
            change.Check(change.Main, images);

            float[] first = change.Apply(images, change.Main, 1).ToArray<float>();

            Assert.Equal(first, change.Apply(images, change.Main, 1).ToArray<float>());
            Assert.NotEqual(first, change.Apply(images, change.Main, 2).ToArray<float>());
            Assert.Equal(given, images.ToArray<byte>());
            Assert.Equal(images.Shape, change.Apply(images, change.Main, 1).Shape);
            Assert.InRange(first.Min(), 0f, 0.1f);
            Assert.InRange(first.Max(), 0.5f, 1f);
            Assert.Contains(change.Main, change.Strengths);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_Take_Bytes_And_Fractions_Alike(string name)
    {
        using var scope = new TensorScope();
        ImageChange change = ImageChange.Get(name);
        Tensor images = Images(5, 3, 8, 8);

        Tensor ofBytes = change.Apply(images, change.Main, 1);
        Tensor ofFractions = change.Apply(images.To(DType.Float32) / 255.0, change.Main, 1);

        Closeness.AssertClose(ofBytes, ofFractions, 1e-5);
    }

    [Fact]
    public void Should_Jitter_Colours_As_Augmentation_Does_And_Brightness_And_Contrast_Only_Of_Grey_Images()
    {
        using var scope = new TensorScope();
        ImageChange change = ImageChange.Get("colour");
        Tensor coloured = Images(6, 3, 5, 5), grey = Images(6, 1, 5, 5);
        var jitter = new Augmentation { Brightness = 0.4, Contrast = 0.4, Saturation = 0.4, Hue = 0.2 };

        Assert.Equal(jitter.Apply(coloured, 3).ToArray<float>(), change.Apply(coloured, 0.4, 3).ToArray<float>());
        Assert.Equal((jitter with { Saturation = 0, Hue = 0 }).Apply(grey, 3).ToArray<float>(), change.Apply(grey, 0.4, 3).ToArray<float>());
        Assert.Contains("saturation and hue do nothing", change.Remark(1), StringComparison.Ordinal);
        Assert.Null(change.Remark(3));
    }

    [Fact]
    public void Should_Shift_By_Whole_Pixels_Within_The_Strength_And_Fill_With_Zeros()
    {
        using var scope = new TensorScope();
        var bytes = new byte[49];
        bytes[(3 * 7) + 3] = 255;
        Tensor images = Tensor.From(bytes, 1, 1, 7, 7).Expand([400, 1, 7, 7]).Contiguous();

        float[] shifted = ImageChange.Get("shift").Apply(images, 2, 1).ToArray<float>();

        var places = new HashSet<(int, int)>();
        for (int i = 0; i < 400; i++)
        {
            float[] one = shifted[(49 * i)..(49 * (i + 1))];
            int at = Array.IndexOf(one, 1f);
            Assert.Equal(1, one.Sum());
            places.Add(((at / 7) - 3, (at % 7) - 3));
        }

        Assert.Equal(25, places.Count);
        Assert.All(places, p => Assert.True(Math.Abs(p.Item1) <= 2 && Math.Abs(p.Item2) <= 2));
    }

    [Fact]
    public void Should_Rotate_Counter_Clockwise_About_The_Centre()
    {
        using var scope = new TensorScope();
        Tensor image = Tensor.From([1.0, 2, 3, 4, 5, 6, 7, 8, 9], 1, 1, 3, 3) / 10.0;
        double[] Rotated(double degrees) => [.. RandomRotation.Apply(image, [degrees], bilinear: true).ToArray<double>().Select(v => Math.Round(10 * v, 6))];

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], Rotated(0));
        Assert.Equal([3, 6, 9, 2, 5, 8, 1, 4, 7], Rotated(90));
        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2, 1], Rotated(180));
    }

    /// <summary>Reference: PyTorch's grid_sample on the grid of torchvision's rotate(angle=30), an image of 3x4 with values i/16; absolute 1e-9.</summary>
    [Fact]
    public void Should_Rotate_Oblong_Images_As_The_Reference()
    {
        using var scope = new TensorScope();
        Tensor image = Tensor.From([.. Enumerable.Range(0, 12).Select(i => i / 16.0)], 1, 1, 3, 4);
        double[] expected =
        [
            0.016821972521, 0.086573560257, 0.248056942922, 0.28633848206, 0.075060118395, 0.254186706132,
            0.433313293868, 0.612439881605, 0.195572820287, 0.439443057078, 0.521158974641, 0.247160562377,
        ];

        Assert.Equal(expected, RandomRotation.Apply(image, [30], bilinear: true).ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Theory]
    [InlineData(28, 28, 0.3)]
    [InlineData(32, 20, 0.6)]
    public void Should_Crop_Windows_Of_The_Wanted_Area_Within_The_Image(int height, int width, double scale)
    {
        SeededRandom random = new SeedStream(1).Random("test");
        var windows = new List<CropWindow>();
        for (int i = 0; i < 500; i++)
        {
            windows.Add(new RandomResizedCrop(scale, scale).Draw(height, width, random));
        }

        Assert.All(windows, w =>
        {
            Assert.True(w.Top >= 0 && w.Left >= 0 && w.Top + w.Height <= height && w.Left + w.Width <= width, $"{w}");
            Assert.InRange((double)w.Width / w.Height, 0.7, 1.45);
            Assert.InRange(w.Width * w.Height / (height * width * scale), 0.9, 1.1);
        });
        Assert.Equal((0, 0), (windows.Min(w => w.Top), windows.Min(w => w.Left)));
        Assert.Equal((height, width), (windows.Max(w => w.Top + w.Height), windows.Max(w => w.Left + w.Width)));
        Assert.Contains(windows, w => w.Width < w.Height);
        Assert.Contains(windows, w => w.Width > w.Height);
    }

    /// <summary>No window of the whole area of a long image has an allowed shape: torchvision then takes the middle.</summary>
    [Fact]
    public void Should_Crop_The_Middle_Where_No_Window_Fits() =>
        Assert.Equal(new CropWindow(0, 3, 9, 12), new RandomResizedCrop(1, 1).Draw(9, 18, new SeedStream(1).Random("test")));

    [Fact]
    public void Should_Enlarge_The_Window_Of_A_Crop()
    {
        using var scope = new TensorScope();
        Tensor ramp = Tensor.From([.. Enumerable.Range(0, 100).Select(i => (byte)(10 * (i % 10)))], 1, 1, 10, 10);
        (_, int left, _, int width) = new RandomResizedCrop(0.25, 0.25).Draw(10, 10, new SeedStream(5).Random("crop-scale"));

        Tensor row = ImageChange.Get("crop").Apply(ramp, 0.25, 5).Select(2, 0).Squeeze();

        float[] values = [.. row.ToArray<float>().Select(v => v * 255 / 10)];
        Assert.Equal(left, values[0], 0.01);
        Assert.Equal(left + width - 1, values[^1], 0.01);
        Assert.Equal(values.Order(), values);
    }

    [Theory]
    [InlineData("colour", 1.5, "from 0 to 1, found 1.5")]
    [InlineData("crop", 0, "a share of the area from 0.01 to 1, found 0")]
    [InlineData("shift", 2.5, "a whole number of pixels, found 2.5")]
    [InlineData("shift", 6, "from 0 to 5, found 6")]
    [InlineData("rotation", 200, "from 0 to 180, found 200")]
    public void Should_Refuse_Strengths_Out_Of_Range(string name, double strength, string expected)
    {
        using var scope = new TensorScope();
        var refused = Assert.Throws<ArgumentException>(() => ImageChange.Get(name).Check(strength, Images(1, 3, 6, 6)));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_To_Jitter_Colours_Of_Two_Channels()
    {
        using var scope = new TensorScope();
        Assert.Contains("1 or 3 channels, these have 2", Assert.Throws<ArgumentException>(() => ImageChange.Get("colour").Check(0.1, Images(1, 2, 6, 6))).Message, StringComparison.Ordinal);
    }

    private static Tensor Images(int count, int channels, int height, int width)
    {
        using var generator = new Generator(7);
        return Operators.Randint(0, 256, [count, channels, height, width], generator).To(DType.UInt8);
    }
}
