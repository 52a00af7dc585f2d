using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using DistillSharp.Data.Pictures;

namespace DistillSharp.Tests.Data.Pictures;

/// <summary>Makes picture files of every kind by hand.</summary>
internal static class PictureFiles
{
    private static ReadOnlySpan<byte> PngStart => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Pixels of smooth colours, interleaved.</summary>
    public static byte[] Smooth(int width, int height, int channels)
    {
        var pixels = new byte[width * height * channels];
        for (int i = 0; i < pixels.Length; i++)
        {
            int x = i / channels % width, y = i / channels / width, c = i % channels;
            pixels[i] = (byte)(20 + (200 * (c == 1 ? y : x) / Math.Max(1, (c == 1 ? height : width) - 1)));
        }

        return pixels;
    }

    /// <summary>A PNG of any colour type and depth.</summary>
    /// <param name="rows">The rows as stored, without filter bytes.</param>
    public static byte[] Png(int width, int height, byte depth, byte colour, byte[][] rows, params (string Type, byte[] Content)[] before)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, colour);
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (byte[] row in rows)
            {
                zlib.WriteByte(0);
                zlib.Write(row);
            }
        }

        return [.. PngStart, .. Chunk("IHDR", header), .. before.SelectMany(b => Chunk(b.Type, b.Content)), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>A JPEG with an EXIF block that holds an orientation.</summary>
    public static byte[] WithOrientation(byte[] jpeg, ushort orientation, bool little = false)
    {
        byte[] tiff = Tiff(orientation, little);
        byte[] marker = [0xff, 0xe1, 0, (byte)(2 + 6 + tiff.Length), .. "Exif\0\0"u8, .. tiff];
        return [.. jpeg[..2], .. marker, .. jpeg[2..]];
    }

    /// <summary>EXIF's block with one entry.</summary>
    public static byte[] Tiff(ushort orientation, bool little)
    {
        var tiff = new byte[26];
        (little ? "II"u8 : "MM"u8).CopyTo(tiff);
        Word(2, 42);
        Word(little ? 4 : 6, 8);
        Word(8, 1);
        Word(10, 0x0112);
        Word(12, 3);
        Word(little ? 14 : 16, 1);
        Word(18, orientation);
        return tiff;

        void Word(int at, ushort value)
        {
            if (little)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(tiff.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(tiff.AsSpan(at), value);
            }
        }
    }

    /// <summary>A file decoded to planes, as it is to be seen.</summary>
    public static (byte[] Planes, int Width, int Height) Read(byte[] file, int channels = 3, int? size = null, bool stretch = false)
    {
        PictureHeader header = PictureDecoder.ReadHeader(file);
        (int width, int height) = size is { } side ? (side, side) : (header.Width, header.Height);
        var planes = new byte[channels * width * height];
        new PictureReader(new PictureOptions(size, stretch, channels, false), new PixelBudget(1000)).Read(file, (height, width), planes);
        return (planes, width, height);
    }

    private static byte[] Chunk(string type, byte[] content)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. content];
        var ends = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(ends, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(ends.AsSpan(4), Crc(body));
        return [.. ends[..4], .. body, .. ends[4..]];
    }

    private static uint Crc(byte[] bytes)
    {
        uint crc = ~0u;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320 : crc >> 1;
            }
        }

        return ~crc;
    }
}
