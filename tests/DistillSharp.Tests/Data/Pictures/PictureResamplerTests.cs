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
