using DistillSharp.Data;
using DistillSharp.Data.Pictures;

namespace DistillSharp.Tests.Data.Pictures;

/// <summary>The reference is the picture itself: a bright rectangle that goes the picture's way ends where its box does.</summary>
public class PictureBoxesTests
{
    private static readonly ImageBox Box = new(4, 2, 8, 4);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Should_turn_and_cut_boxes_as_their_pictures(int orientation)
    {
        // 20 x 12 as stored, or 12 x 20 as seen: 6 x 6 keeps the middle of what is halved, and stretching makes 6 x 6 of all.
        var header = new PictureHeader(PictureFormat.Png, 20, 12, orientation);
        byte[] seen = new byte[240];
        PictureOrientation.Apply(Rectangle(20, 12, Box), header, 1, seen);
        Assert.Equal(Bounds(seen, header.Width, header.Height), PictureBoxes.Place(Box, header, new PictureOptions(null, false, 1, false)));

        byte[] shrunk = new byte[36];
        new PictureResampler().Fit(seen, header.Width, header.Height, 1, 6, stretch: false, shrunk);
        ImageBox placed = PictureBoxes.Place(Box, header, new PictureOptions(6, false, 1, false))!.Value;

        // Halving smears an edge over one pixel: what is at least half bright is the box.
        Assert.Equal(Bounds(shrunk, 6, 6), placed);
    }

    [Fact]
    public void Should_scale_each_side_by_itself_where_pictures_are_stretched()
    {
        var header = new PictureHeader(PictureFormat.Jpeg, 20, 10, 1);
        Assert.Equal(new ImageBox(1.25, 1.5, 2.5, 2.5), PictureBoxes.Place(new ImageBox(5, 3, 10, 5), header, new PictureOptions(5, true, 1, false)));
    }

    [Fact]
    public void Should_clip_what_is_cut_off_and_keep_no_box_that_is_cut_off_whole()
    {
        var header = new PictureHeader(PictureFormat.Jpeg, 20, 10, 1);
        var options = new PictureOptions(10, false, 1, false);
        Assert.Equal(new ImageBox(0, 1, 3, 2), PictureBoxes.Place(new ImageBox(2, 1, 6, 2), header, options));
        Assert.Null(PictureBoxes.Place(new ImageBox(0, 0, 5, 10), header, options));
        Assert.Equal(new ImageBox(0, 0, 10, 10), PictureBoxes.Place(new ImageBox(0, 0, 20, 10), header, options));
    }

    private static byte[] Rectangle(int width, int height, ImageBox box)
    {
        var pixels = new byte[width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = box.Contains((i % width) + 0.5, (i / width) + 0.5) ? (byte)255 : (byte)0;
        }

        return pixels;
    }

    private static ImageBox Bounds(byte[] pixels, int width, int height)
    {
        int[] bright = [.. Enumerable.Range(0, width * height).Where(i => pixels[i] >= 128)];
        (int left, int right) = (bright.Min(i => i % width), bright.Max(i => i % width));
        (int top, int bottom) = (bright.Min(i => i / width), bright.Max(i => i / width));
        return new ImageBox(left, top, right - left + 1, bottom - top + 1);
    }
}
