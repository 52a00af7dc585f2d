using System.Buffers.Binary;
using System.Text;

namespace DistillSharp.Torch.Serialization;

/// <summary>The bytes of one pickle, from where a stream stands. What it hands out is never longer than what is left of the stream.</summary>
/// <param name="stream">A stream with a length and a position.</param>
/// <param name="file">The file, for messages.</param>
/// <param name="part">The part of the file, for messages, e.g. <c>data.pkl</c>.</param>
internal sealed class PickleInput(Stream stream, string file, string part)
{
    private const int MostBytes = 1 << 24;
    private const int LongestLine = 512;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly long _start = stream.Position;

    /// <summary>Bytes read so far.</summary>
    public long Position => stream.Position - _start;

    private long Left => stream.Length - stream.Position;

    public string Place(long at) => $"{part}, byte {at}";

    public PyTorchFileException Error(string expected, string found) => Error(Position, expected, found);

    public PyTorchFileException Error(long at, string expected, string found) => new(file, Place(at), expected, found);

    public PyTorchFileException Code(long at, string what) => PyTorchFileException.Code(file, Place(at), what);

    public byte Byte()
    {
        int value = stream.ReadByte();
        return value >= 0 ? (byte)value : throw Error("more of the pickle", "its end (is the file cut off?)");
    }

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Fixed(stackalloc byte[2]));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Fixed(stackalloc byte[4]));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Fixed(stackalloc byte[4]));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Fixed(stackalloc byte[8]));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Fixed(stackalloc byte[8]));

    /// <summary>So many bytes, where there are so many.</summary>
    public byte[] Bytes(ulong count)
    {
        if (count > (ulong)Left)
        {
            throw Error($"a length of at most the {Left} bytes that are left", $"{count}");
        }

        if (count > MostBytes)
        {
            throw Error($"a text or bytes of at most {MostBytes} bytes", $"{count}");
        }

        var bytes = new byte[count];
        Fixed(bytes);
        return bytes;
    }

    public string Utf8(ulong count)
    {
        long at = Position;
        try
        {
            return Strict.GetString(Bytes(count));
        }
        catch (DecoderFallbackException)
        {
            throw Error(at, "UTF-8", "bytes that are not");
        }
    }

    /// <summary>Text up to the end of a line, as the names of globals are written.</summary>
    public string Line()
    {
        var line = new StringBuilder();
        for (byte next = Byte(); next != (byte)'\n'; next = Byte())
        {
            if (line.Length == LongestLine)
            {
                throw Error($"a name of at most {LongestLine} characters", "a longer one");
            }

            line.Append((char)next);
        }

        return line.ToString();
    }

    /// <summary>A frame says how long it is; nothing depends on it, but it must lie within the file.</summary>
    public void Frame()
    {
        ulong length = UInt64();
        if (length > (ulong)Left)
        {
            throw Error($"a frame of at most the {Left} bytes that are left", $"{length}");
        }
    }

    private Span<byte> Fixed(Span<byte> bytes)
    {
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException)
        {
            throw Error("more of the pickle", "its end (is the file cut off?)");
        }

        return bytes;
    }
}
