using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace DistillSharp.Data;

/// <summary>
/// A file of unsigned bytes in the idx format, as MNIST comes in, plain or gzip (told apart by their first bytes, not by their names).
/// Layout: 0x00 0x00 0x08 d, then d sizes of 4 bytes (big-endian), then the product of the sizes in bytes, then the end.
/// </summary>
public sealed class IdxFile
{
    /// <summary>No file may hold more bytes than this: 1 GiB.</summary>
    public const int MaximumLength = 1 << 30;

    /// <summary>No file may have more dimensions than this.</summary>
    public const int MaximumDimensions = 4;

    // Deflate writes at least 2 bits for a run of at most 258 bytes: what a gzip file of n bytes unpacks to has a bound.
    private const long MaximumDeflateRatio = 258 * 4;

    private const byte UnsignedByte = 0x08;

    private IdxFile(string path, int[] dimensions, byte[] data) => (Path, Dimensions, Data) = (path, dimensions, data);

    /// <summary>Where it was read from.</summary>
    public string Path { get; }

    /// <summary>The sizes of the 1 to 4 dimensions, outermost first.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>The elements, row-major, without the header.</summary>
    public byte[] Data { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">A plain or gzip file.</param>
    /// <exception cref="DataFormatException">The content is not whole, valid idx of unsigned bytes.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static IdxFile Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        return Read(file, path);
    }

    /// <summary>Reads a stream that can seek, from where it stands to its end.</summary>
    /// <param name="stream">Plain or gzip content.</param>
    /// <param name="origin">What to call it in messages.</param>
    /// <exception cref="DataFormatException">The content is not whole, valid idx of unsigned bytes.</exception>
    public static IdxFile Read(Stream stream, string origin)
    {
        long start = stream.Position;
        long stored = stream.Length - start;
        Span<byte> magic = stackalloc byte[2];
        bool packed = stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
        stream.Position = start;
        if (!packed)
        {
            return ReadContent(stream, origin, stored);
        }

        try
        {
            using var unpacked = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
            IdxFile file = ReadContent(unpacked, origin, stored * MaximumDeflateRatio);
            CheckGzipEnd(stream, origin, file);
            return file;
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(origin, "gzip layer", "intact gzip data", "data that do not unpack, or whose checksum is wrong", e);
        }
    }

    /// <summary>The md5 of the unpacked file, header included, in lower-case hexadecimal: the same for every way of packing it.</summary>
    public string UnpackedMd5()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        Span<byte> header = stackalloc byte[4 * (Dimensions.Count + 1)];
        header[2] = UnsignedByte;
        header[3] = (byte)Dimensions.Count;
        for (int i = 0; i < Dimensions.Count; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header[(4 * (i + 1))..], Dimensions[i]);
        }

        header[..2].Clear();
        hash.AppendData(header);
        hash.AppendData(Data);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // `most` bounds the unpacked length, so that a header's claim alone never makes us reserve memory.
    private static IdxFile ReadContent(Stream stream, string origin, long most)
    {
        int[] dimensions = ReadHeader(stream, origin);
        long length = dimensions.Aggregate(1L, (product, size) => product * size);
        int headerLength = 4 * (dimensions.Length + 1);
        if (length > most - headerLength)
        {
            throw Truncated(origin, headerLength, length, $"a file that can hold at most {Math.Max(0, most - headerLength)}");
        }

        var data = new byte[length];
        int read = stream.ReadAtLeast(data, data.Length, throwOnEndOfStream: false);
        if (read < data.Length)
        {
            throw Truncated(origin, headerLength, length, $"{read} before the end of the file");
        }

        // One byte more is asked for, never the rest: it shows what is too long, however much there is, and checks gzip's own checksum.
        if (stream.ReadByte() >= 0)
        {
            throw new DataFormatException(origin, $"offset {headerLength + length}", "the end of the file", "further bytes");
        }

        return new IdxFile(origin, dimensions, data);
    }

    // GZipStream takes a file that is cut within its last 8 bytes for whole, and then checks no checksum. The last 4 hold the unpacked length.
    private static void CheckGzipEnd(Stream stream, string origin, IdxFile file)
    {
        Span<byte> end = stackalloc byte[4];
        stream.Seek(-end.Length, SeekOrigin.End);
        stream.ReadExactly(end);
        uint stated = BinaryPrimitives.ReadUInt32LittleEndian(end);
        int length = file.Data.Length + (4 * (file.Dimensions.Count + 1));
        if (stated != length)
        {
            throw new DataFormatException(origin, "gzip layer, last 4 bytes (unpacked length)", $"{length}, at the end of a single gzip member", stated.ToString());
        }
    }

    private static int[] ReadHeader(Stream stream, string origin)
    {
        Span<byte> word = stackalloc byte[4];
        ReadWord(stream, word, origin, 0, "the magic number");
        if (word[0] != 0 || word[1] != 0)
        {
            throw new DataFormatException(origin, "offset 0 (magic number)", "0x00 0x00, as every idx file begins", $"0x{word[0]:x2} 0x{word[1]:x2}");
        }

        if (word[2] != UnsignedByte)
        {
            throw new DataFormatException(origin, "offset 2 (type of the elements)", "0x08 (unsigned byte)", $"0x{word[2]:x2}{TypeName(word[2])}");
        }

        int count = word[3];
        if (count is < 1 or > MaximumDimensions)
        {
            throw new DataFormatException(origin, "offset 3 (number of dimensions)", $"1 to {MaximumDimensions}", count.ToString());
        }

        var dimensions = new int[count];
        long product = 1;
        for (int i = 0; i < count; i++)
        {
            int offset = 4 * (i + 1);
            ReadWord(stream, word, origin, offset, $"the size of dimension {i}");
            uint size = BinaryPrimitives.ReadUInt32BigEndian(word);
            product *= size;
            if (size > MaximumLength || product > MaximumLength)
            {
                throw new DataFormatException(origin, $"offset {offset} (size of dimension {i})", $"sizes whose product is at most {MaximumLength}", $"{size}, which makes it larger");
            }

            dimensions[i] = (int)size;
        }

        return dimensions;
    }

    private static void ReadWord(Stream stream, Span<byte> word, string origin, int offset, string what)
    {
        int read = stream.ReadAtLeast(word, 4, throwOnEndOfStream: false);
        if (read < 4)
        {
            throw new DataFormatException(origin, $"offset {offset + read}", $"4 bytes of {what}", $"the end of the file after {read}");
        }
    }

    private static DataFormatException Truncated(string origin, int headerLength, long expected, string found) =>
        new(origin, $"offset {headerLength} (elements)", $"{expected} bytes, as the header says", found);

    private static string TypeName(byte type) => type switch
    {
        0x09 => " (signed byte)",
        0x0b => " (short)",
        0x0c => " (int)",
        0x0d => " (float)",
        0x0e => " (double)",
        _ => "",
    };
}
