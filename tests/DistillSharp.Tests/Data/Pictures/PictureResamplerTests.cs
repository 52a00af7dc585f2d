using DistillSharp.Data.Pictures;

namespace DistillSharp.Tests.Data.Pictures;

public class PictureResamplerTests
{
    [Fact]
    public void Should_keep_a_plain_picture_plain()
    {
        foreach ((int width, int height, int size) in new[] { (9, 5, 4), (5, 9, 7), (100, 3, 8), (2, 2, 11), (1, 1, 6) })
        {
            byte[] pixels = [.. Enumerable.Repeat((byte)201, width * height * 3)];
            foreach (bool stretch in new[] { false, true })
            {
                Assert.All(Fit(pixels, width, height, 3, size, stretch), v => Assert.Equal(201, v));
            }
        }
    }

    [Fact]
    public void Should_cut_out_the_middle_without_a_change()
    {
        byte[] wide = [.. Enumerable.Range(0, 24).Select(i => (byte)(10 * i))];
        Assert.Equal([20, 30, 40, 100, 110, 120, 180, 190, 200], Fit(wide, 8, 3, 1, 3, stretch: false));
        Assert.Equal(wide[6..15], Fit(wide, 3, 8, 1, 3, stretch: false));
    }

    [Fact]
    public void Should_average_where_it_shrinks()
    {
        // Halved: weights 1/8, 3/8, 3/8, 1/8 inside; at the edge what lies outside does not count: 3/7, 3/7, 1/7.
        byte[] row = [0, 80, 160, 240, 0, 80, 160, 240];
        byte[] square = [.. Enumerable.Repeat(row, 8).SelectMany(r => r)];
        byte[] shrunk = Fit(square, 8, 8, 1, 4, stretch: true);
        double[] wanted = [((3 * 0) + (3 * 80) + 160) / 7.0, (80 + (3 * 160) + (3 * 240) + 0) / 8.0, (240 + 0 + (3 * 80) + 160) / 8.0, (80 + (3 * 160) + (3 * 240)) / 7.0];
        Assert.Equal(wanted.Select(w => (byte)Math.Round(w)), shrunk[..4]);
        Assert.Equal(shrunk[..4], shrunk[12..]);
    }

    [Fact]
    public void Should_interpolate_where_it_grows()
    {
        Assert.Equal([0, 25, 75, 100], Fit([0, 100, 0, 100], 2, 2, 1, 4, stretch: true)[..4]);
    }

    // PyTorch 1.13: interpolate(mode="bilinear", antialias=True) in float64. Bytes in between are rounded here, so one level may differ.
    [Theory]
    [InlineData(13, 11, 5, new byte[] { 103, 115, 127, 127, 141, 118, 121, 137, 141, 131, 107, 135, 149, 146, 117, 119, 120, 137, 118, 117, 135, 129, 133, 133, 121 })]
    [InlineData(
        5,
        7,
        9,
        new byte[]
        {
            0, 12, 33, 53, 74, 95, 115, 136, 148, 61, 74, 97, 119, 141, 164, 167, 95, 51, 131, 146, 171, 145, 106, 131, 139, 85, 52, 145, 161, 188, 126, 42, 69, 96, 123, 139, 17, 34, 63, 92, 121,
            150, 179, 208, 225, 88, 106, 137, 169, 200, 120, 63, 94, 112, 159, 131, 85, 103, 136, 106, 89, 122, 142, 144, 108, 49, 65, 101, 136, 162, 150, 143, 34, 56, 94, 131, 168, 205, 214, 109, 46,
        })]
    public void Should_scale_as_pytorch_does(int width, int height, int size, byte[] wanted)
    {
        byte[] pixels = [.. Enumerable.Range(0, width * height).Select(i => (byte)((i % width * 37) + (i / width * 91) + (i % width * (i / width) * 5)))];
        Assert.All(Fit(pixels, width, height, 1, size, stretch: true).Zip(wanted), p => Assert.InRange(Math.Abs(p.First - p.Second), 0, 1));
    }

    [Fact]
    public void Should_part_channels()
    {
        byte[] planes = Fit([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3], 2, 2, 3, 1, stretch: true);
        Assert.Equal([1, 2, 3], planes);
    }

    private static byte[] Fit(byte[] pixels, int width, int height, int channels, int size, bool stretch)
    {
        var planes = new byte[channels * size * size];
        new PictureResampler().Fit(pixels, width, height, channels, size, stretch, planes);
        return planes;
    }
}
