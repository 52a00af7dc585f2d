using System.Buffers.Binary;

namespace DistillSharp.Torch.Serialization;

/// <summary>
/// Files of named tensors in the safetensors format, as PyTorch's ecosystem reads and writes them: eight bytes with the
/// header's length, a JSON header, then the elements, row-major and little endian. Nothing in such a file can run.
/// </summary>
public static partial class SafeTensors
{
    private const int ChunkBytes = 1 << 22;

    /// <summary>Reads and checks the header only.</summary>
    /// <exception cref="SafeTensorsException">The file is unsound; the message says where, what was expected and what was found.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static SafeTensorsHeader ReadHeader(string path)
    {
        using FileStream stream = Open(path);
        return ReadHeader(stream, path);
    }

    /// <summary>Reads every tensor. The whole header is checked against the file's length before anything is allocated for data.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where the tensors go; the CPU by default.</param>
    /// <returns>The tensors; they belong to the scope that is open, or to the caller where there is none.</returns>
    /// <exception cref="SafeTensorsException">The file is unsound; nothing is kept of it.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static SafeTensorsContent Read(string path, Device? device = null)
    {
        using FileStream stream = Open(path);
        SafeTensorsHeader header = ReadHeader(stream, path);
        var tensors = new OrderedDictionary<string, Tensor>(header.Tensors.Count);
        using var scope = new TensorScope();
        foreach (SafeTensorsEntry entry in header.Tensors)
        {
            tensors.Add(entry.Name, ReadTensor(stream, path, header, entry, device ?? Device.Cpu));
        }

        foreach (Tensor tensor in tensors.Values)
        {
            scope.Keep(tensor);
        }

        return new SafeTensorsContent(tensors, header.Metadata);
    }

    private static FileStream Open(string path)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("safetensors files are little endian; this machine is not.");
        }

        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
    }

    private static SafeTensorsHeader ReadHeader(FileStream stream, string path)
    {
        long length = stream.Length;
        if (length < SafeTensorsFormat.LengthBytes)
        {
            throw new SafeTensorsException(path, "Header's length", "8 bytes", length == 0 ? "an empty file" : $"{length} bytes in all");
        }

        Span<byte> prefix = stackalloc byte[SafeTensorsFormat.LengthBytes];
        Fill(stream, prefix, path);
        ulong announced = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (announced > SafeTensorsFormat.MaxHeaderBytes)
        {
            throw new SafeTensorsException(path, "Header's length", $"at most {SafeTensorsFormat.MaxHeaderBytes} bytes", $"{announced} (another kind of file?)");
        }

        long rest = length - SafeTensorsFormat.LengthBytes;
        if ((long)announced > rest)
        {
            throw new SafeTensorsException(path, "Header's length", $"at most the {rest} bytes that follow", $"{announced} (is the file cut off?)");
        }

        var json = new byte[announced];
        Fill(stream, json, path);
        return SafeTensorsHeaderParser.Parse(path, json, rest - (long)announced);
    }

    private static unsafe Tensor ReadTensor(FileStream stream, string path, SafeTensorsHeader header, SafeTensorsEntry entry, Device device)
    {
        Tensor tensor = Operators.Empty([.. entry.Shape], entry.DType);
        byte* data = (byte*)tensor.Data;
        long bytes = entry.End - entry.Begin;
        stream.Position = header.DataStart + entry.Begin;
        for (long done = 0; done < bytes; done += ChunkBytes)
        {
            Fill(stream, new Span<byte>(data + done, (int)Math.Min(ChunkBytes, bytes - done)), path);
        }

        if (entry.DType == DType.Bool)
        {
            CheckTruthValues(data, bytes, path, entry.Name);
        }

        if (device.IsCuda)
        {
            Tensor moved = tensor.To(device);
            tensor.Dispose();
            return moved;
        }

        return tensor;
    }

    // A C++ bool that is neither 0 nor 1 is undefined behaviour in every kernel that reads it.
    private static unsafe void CheckTruthValues(byte* values, long count, string path, string name)
    {
        for (long done = 0; done < count; done += ChunkBytes)
        {
            var chunk = new ReadOnlySpan<byte>(values + done, (int)Math.Min(ChunkBytes, count - done));
            int at = chunk.IndexOfAnyExceptInRange((byte)0, (byte)1);
            if (at >= 0)
            {
                throw new SafeTensorsException(path, $"Tensor {Text.Quote(name)}, element {done + at}", "0 or 1, a truth value", $"{chunk[at]}");
            }
        }
    }

    private static void Fill(FileStream stream, Span<byte> bytes, string path)
    {
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException)
        {
            throw new SafeTensorsException(path, $"Byte {stream.Position}", "more data", "the end of the file, which was longer when reading began");
        }
    }
}
