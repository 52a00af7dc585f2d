using DistillSharp.Data.Pictures;

namespace DistillSharp.Tests.Data.Pictures;

public class PictureDecoderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Should_read_png_exactly(int channels)
    {
        byte[] pixels = PictureFiles.Smooth(7, 5, channels);
        (byte[] planes, int width, int height) = PictureFiles.Read(PictureEncoder.Png(pixels, 7, 5, channels), channels);
        Assert.Equal((7, 5), (width, height));
        Assert.Equal(Planes(pixels, channels), planes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Should_read_jpeg_nearly(int channels)
    {
        byte[] pixels = PictureFiles.Smooth(40, 24, channels);
        (byte[] planes, _, _) = PictureFiles.Read(PictureEncoder.Jpeg(pixels, 40, 24, channels, quality: 100), channels);
        byte[] wanted = Planes(pixels, channels);
        Assert.InRange(planes.Zip(wanted, (a, b) => Math.Abs(a - b)).Average(), 0, 1.5);
    }

    [Fact]
    public void Should_widen_grey_to_three_equal_channels()
    {
        byte[] grey = [0, 100, 255, 7];
        Assert.Equal([.. grey, .. grey, .. grey], PictureFiles.Read(PictureEncoder.Png(grey, 2, 2, 1)).Planes);
        byte[] jpeg = PictureEncoder.Jpeg(grey, 2, 2, 1, quality: 100);
        byte[] planes = PictureFiles.Read(jpeg).Planes;
        Assert.Equal(planes[..4], planes[4..8]);
        Assert.Equal(planes[..4], planes[8..]);
    }

    [Fact]
    public void Should_take_luma_of_colour()
    {
        byte[] colours = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
        Assert.Equal([76, 150, 29, 255], PictureFiles.Read(PictureEncoder.Png(colours, 4, 1, 3), channels: 1).Planes);
    }

    [Fact]
    public void Should_put_transparent_pixels_on_black()
    {
        byte[] pixels = [200, 100, 50, 255, 200, 100, 50, 128, 200, 100, 50, 0];
        Assert.Equal([200, 100, 0, 100, 50, 0, 50, 25, 0], PictureFiles.Read(PictureEncoder.Png(pixels, 3, 1, 4)).Planes);
        Assert.Equal([100, 50, 0], PictureFiles.Read(PictureEncoder.Png([100, 255, 100, 128, 100, 0], 3, 1, 2), channels: 1).Planes);
    }

    [Fact]
    public void Should_read_palettes_with_transparency()
    {
        byte[] file = PictureFiles.Png(2, 1, 8, 3, [[1, 0]], ("PLTE", [10, 20, 30, 40, 50, 60]), ("tRNS", [255, 0]));
        Assert.Equal([0, 10, 0, 20, 0, 30], PictureFiles.Read(file).Planes);
    }

    [Fact]
    public void Should_read_two_bits_and_sixteen_bits_a_channel()
    {
        Assert.Equal([0, 85, 170, 255], PictureFiles.Read(PictureFiles.Png(4, 1, 2, 0, [[0b00_01_10_11]]), channels: 1).Planes);
        Assert.Equal([0, 128, 255], PictureFiles.Read(PictureFiles.Png(3, 1, 16, 0, [[0, 0, 0x80, 0x80, 0xff, 0xff]]), channels: 1).Planes);
        Assert.Equal([1, 2, 3], PictureFiles.Read(PictureFiles.Png(1, 1, 16, 2, [[1, 1, 2, 2, 3, 3]])).Planes);
    }

    [Fact]
    public void Should_read_inks()
    {
        // Without Adobe's marker, 255 is full ink: cyan, black, white.
        byte[] inks = [.. Enumerable.Repeat<byte[]>([255, 0, 0, 0], 64).SelectMany(p => p)];
        byte[] planes = PictureFiles.Read(WithoutAdobe(PictureEncoder.Jpeg(inks, 8, 8, 4, quality: 100))).Planes;
        Assert.Equal([0, 255, 255], [planes[0], planes[64], planes[128]]);
        // With it, 0 is.
        byte[] adobe = PictureFiles.Read(PictureEncoder.Jpeg(inks, 8, 8, 4, quality: 100)).Planes;
        Assert.Equal([0, 0, 0], [adobe[0], adobe[64], adobe[128]]);
        byte[] white = PictureFiles.Read(PictureEncoder.Jpeg([.. Enumerable.Repeat((byte)255, 256)], 8, 8, 4, quality: 100), channels: 1).Planes;
        Assert.Equal(255, white[0]);
    }

    [Theory]
    [InlineData(1, new byte[] { 1, 2, 3, 4, 5, 6 }, 3)]
    [InlineData(2, new byte[] { 3, 2, 1, 6, 5, 4 }, 3)]
    [InlineData(3, new byte[] { 6, 5, 4, 3, 2, 1 }, 3)]
    [InlineData(4, new byte[] { 4, 5, 6, 1, 2, 3 }, 3)]
    [InlineData(5, new byte[] { 1, 4, 2, 5, 3, 6 }, 2)]
    [InlineData(6, new byte[] { 4, 1, 5, 2, 6, 3 }, 2)]
    [InlineData(7, new byte[] { 6, 3, 5, 2, 4, 1 }, 2)]
    [InlineData(8, new byte[] { 3, 6, 2, 5, 1, 4 }, 2)]
    public void Should_turn_pictures_as_exif_says(int orientation, byte[] seen, int width)
    {
        // The levels are far enough apart for JPEG's losses: each pixel is a block of 8 x 8.
        byte[] stored = new byte[24 * 16];
        for (int i = 0; i < stored.Length; i++)
        {
            stored[i] = (byte)(40 * (1 + (i % 24 / 8) + (3 * (i / 24 / 8))));
        }

        foreach (bool little in new[] { false, true })
        {
            byte[] file = PictureFiles.WithOrientation(PictureEncoder.Jpeg(stored, 24, 16, 1, quality: 100), (ushort)orientation, little);
            (byte[] planes, int foundWidth, int foundHeight) = PictureFiles.Read(file, channels: 1);
            Assert.Equal((8 * width, 384 / (8 * width)), (foundWidth, foundHeight));
            Assert.Equal(seen, Enumerable.Range(0, 6).Select(b => (byte)Math.Round(planes[(((b / width * 8) + 4) * foundWidth) + (b % width * 8) + 4] / 40.0)));
        }

        byte[] rows = PictureFiles.Png(3, 2, 8, 0, [[1, 2, 3], [4, 5, 6]], ("eXIf", PictureFiles.Tiff((ushort)orientation, little: false)));
        Assert.Equal(seen, PictureFiles.Read(rows, channels: 1).Planes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(65535)]
    public void Should_pass_over_an_orientation_that_does_not_exist(int orientation)
    {
        byte[] jpeg = PictureEncoder.Jpeg(PictureFiles.Smooth(4, 2, 1), 4, 2, 1);
        Assert.Equal(1, PictureDecoder.ReadHeader(PictureFiles.WithOrientation(jpeg, (ushort)orientation)).Orientation);
    }

    [Fact]
    public void Should_refuse_what_is_cut_off_anywhere()
    {
        byte[] jpeg = PictureEncoder.Jpeg(PictureFiles.Smooth(33, 17, 3), 33, 17, 3);
        byte[] png = PictureEncoder.Png(PictureFiles.Smooth(33, 17, 3), 33, 17, 3);
        foreach (int length in Enumerable.Range(0, jpeg.Length))
        {
            Assert.Throws<PictureException>(() => PictureFiles.Read(jpeg[..length]));
        }

        // The last chunk, IEND, holds nothing that is needed.
        foreach (int length in Enumerable.Range(0, png.Length - 16))
        {
            Assert.Throws<PictureException>(() => PictureFiles.Read(png[..length]));
        }
    }

    [Fact]
    public void Should_say_what_a_file_is_in_place_of_a_picture()
    {
        Assert.Contains("text", Reason("<html>not found</html>"u8));
        Assert.Contains("GIF", Reason("GIF89a\0\0"u8));
        Assert.Contains("WebP", Reason("RIFF\0\0\0\0WEBP"u8));
        Assert.Contains("only zeros", Reason(new byte[100]));
        Assert.Contains("something unknown", Reason([0, 1, 2, 200, 255]));

        static string Reason(ReadOnlySpan<byte> file)
        {
            byte[] copy = file.ToArray();
            return Assert.Throws<PictureException>(() => PictureDecoder.ReadHeader(copy)).Message;
        }
    }

    [Theory]
    [InlineData(30_000, 30_000)]
    [InlineData(70_000, 1)]
    [InlineData(1, 70_000)]
    [InlineData(900_000, 900_000)]
    public void Should_refuse_a_bomb_by_its_header(int width, int height)
    {
        byte[] bomb = PictureFiles.Png(width, height, 8, 2, [[0]]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains($"{width} x {height} pixels; at most", Assert.Throws<PictureException>(() => PictureDecoder.ReadHeader(bomb)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Should_refuse_a_jpeg_bomb_by_its_header()
    {
        byte[] bomb = PictureEncoder.Jpeg(PictureFiles.Smooth(8, 8, 1), 8, 8, 1);
        int frame = bomb.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xff, 0xc0]);
        (bomb[frame + 5], bomb[frame + 6], bomb[frame + 7], bomb[frame + 8]) = (0xfd, 0xe8, 0xfd, 0xe8);
        Assert.Contains("65000 x 65000 pixels; at most", Assert.Throws<PictureException>(() => PictureDecoder.ReadHeader(bomb)).Message);
    }

    // Removes APP14, in which libjpeg says that inks are inverted.
    private static byte[] WithoutAdobe(byte[] jpeg)
    {
        int at = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xff, 0xee]);
        return [.. jpeg[..at], .. jpeg[(at + 2 + (jpeg[at + 2] << 8) + jpeg[at + 3])..]];
    }

    private static byte[] Planes(byte[] pixels, int channels)
    {
        var planes = new byte[pixels.Length];
        PictureResampler.Separate(pixels, channels, planes);
        Assert.Equal(pixels[channels - 1], planes[pixels.Length / channels * (channels - 1)]);
        return planes;
    }
}
