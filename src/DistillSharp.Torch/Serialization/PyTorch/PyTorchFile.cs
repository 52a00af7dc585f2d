using System.Buffers.Binary;

namespace DistillSharp.Torch.Serialization;

/// <summary>
/// A file of <c>torch.save</c>, in the zip format (since 1.6) or the one before it. Such a file is a program for Python's pickle machine;
/// this reader knows tensors and plain containers, runs nothing, and refuses everything else by name.
/// </summary>
/// <remarks>Opening checks the object and every storage's size. Elements are read when <see cref="Read"/> asks for them.</remarks>
public sealed partial class PyTorchFile : IDisposable
{
    private const int ChunkBytes = 1 << 22;
    private const long TensorRatio = 8;
    private const long SmallTensorBytes = 1 << 26;
    private const int TarMagicAt = 257;

    private readonly FileStream _stream;
    private readonly string _path;
    private readonly IStorageContainer _container;
    private readonly Dictionary<StorageReference, Tensor> _storages = [];

    private PyTorchFile(FileStream stream, string path)
    {
        _stream = stream;
        _path = path;
        Kind = KindOf(stream, path);
        stream.Position = 0;
        _container = Kind == PyTorchFileKind.Zip ? new ZipContainer(stream, path) : new LegacyContainer(stream, path);
    }

    /// <summary>Which of the formats it is.</summary>
    public PyTorchFileKind Kind { get; }

    /// <summary>
    /// The object that was saved: null, <see cref="bool"/>, <see cref="long"/>, <see cref="System.Numerics.BigInteger"/>, <see cref="double"/>,
    /// <see cref="string"/>, an array of bytes, an array of objects (a tuple), <see cref="PickledList"/>, <see cref="PickledDictionary"/>,
    /// <see cref="PickledName"/> or <see cref="StoredTensor"/>. Containers may contain themselves.
    /// </summary>
    public object? Root => _container.Root;

    /// <summary>Opens a file and reads the object without its elements.</summary>
    /// <exception cref="PyTorchFileException">The file is unsound, of another kind, or asks for code; the message says where and what.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static PyTorchFile Open(string path)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("PyTorch files are read as little endian; this machine is not.");
        }

        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        try
        {
            return new PyTorchFile(stream, path);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor. Tensors that share a storage in the file share it in memory: do not write into them.</summary>
    /// <param name="tensor">A tensor of this file's <see cref="Root"/>.</param>
    /// <returns>The tensor on the CPU, laid out as it was saved; it belongs to the scope that is open, or to the caller where there is none.</returns>
    /// <exception cref="PyTorchFileException">Its bytes are damaged.</exception>
    public Tensor Read(StoredTensor tensor)
    {
        if (!_storages.TryGetValue(tensor.Storage, out Tensor? storage))
        {
            storage = ReadStorage(tensor.Storage);
            _storages.Add(tensor.Storage, storage);
        }

        using var scope = new TensorScope();
        return scope.Keep(tensor.ElementCount == 0
            ? Operators.Empty([.. tensor.Shape], tensor.DType)
            : storage.AsStrided([.. tensor.Shape], [.. tensor.Strides], tensor.Offset));
    }

    /// <summary>Closes the file. Tensors that were read stay.</summary>
    public void Dispose()
    {
        foreach (Tensor storage in _storages.Values)
        {
            storage.Dispose();
        }

        _storages.Clear();
        _stream.Dispose();
    }

    /// <summary>True where a file begins as one that this class reads.</summary>
    /// <param name="start">The file's first bytes; eight are enough.</param>
    public static bool Recognizes(ReadOnlySpan<byte> start) => start is [(byte)'P', (byte)'K', 3, 4, ..] or [0x80, >= 2 and <= 5, ..];

    /// <summary>What all tensors of a file may hold together.</summary>
    internal static long MostTensorBytes(long fileBytes) => (fileBytes > long.MaxValue / 16 ? long.MaxValue / 16 : fileBytes) * TensorRatio + SmallTensorBytes;

    internal static PyTorchFileException WrongChecksum(string file, string place) => new(
        file, place, "bytes of the archive's checksum", "others: the file is damaged (or was written after torch.serialization.set_crc32_options(False); save it again without)");

    private static PyTorchFileKind KindOf(FileStream stream, string path)
    {
        Span<byte> start = stackalloc byte[512];
        int length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        start = start[..length];
        if (Recognizes(start))
        {
            return start[0] == (byte)'P' ? PyTorchFileKind.Zip : PyTorchFileKind.Legacy;
        }

        string found = start switch
        {
            [] => "an empty file",
            _ when length >= TarMagicAt + 5 && start[TarMagicAt..].StartsWith("ustar"u8) => "a tar archive, the format of releases before 0.1.10; load and save it again with a newer one",
            [(byte)'P', (byte)'K', ..] => "a zip archive that is empty or one of several parts",
            _ when length >= 4 => $"bytes that begin with 0x{BinaryPrimitives.ReadUInt32BigEndian(start):x8}",
            _ => $"{length} bytes in all",
        };
        throw new PyTorchFileException(path, "Start", "a zip archive or a pickle, as torch.save writes them", found);
    }

    private unsafe Tensor ReadStorage(StorageReference storage)
    {
        string place = "Storage " + Text.Quote(storage.Key);
        (Stream stream, uint? checksum) = _container.Open(storage);
        Tensor tensor = Allocate(storage, place);
        try
        {
            byte* data = (byte*)tensor.Data;
            uint sum = 0;
            for (long done = 0; done < storage.Bytes; done += ChunkBytes)
            {
                var chunk = new Span<byte>(data + done, (int)Math.Min(ChunkBytes, storage.Bytes - done));
                Fill(stream, chunk, place);
                sum = checksum is null ? 0 : Crc32.Append(sum, chunk);
                CheckTruthValues(chunk, done, storage.DType, place);
            }

            return checksum is null || sum == checksum ? tensor : throw WrongChecksum(_path, place);
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
        finally
        {
            if (stream != _stream)
            {
                stream.Dispose();
            }
        }
    }

    private Tensor Allocate(StorageReference storage, string place)
    {
        try
        {
            return Operators.Empty([storage.Count], storage.DType).Unscoped();
        }
        catch (TorchException e)
        {
            throw new PyTorchFileException(_path, place, $"memory for {storage.Bytes} bytes", Text.Shorten(e.Message));
        }
    }

    private void Fill(Stream stream, Span<byte> bytes, string place)
    {
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            throw new PyTorchFileException(_path, place, "more data", e is EndOfStreamException ? "its end" : Text.Shorten(e.Message.TrimEnd('.')));
        }
    }

    // A C++ bool that is neither 0 nor 1 is undefined behaviour in every kernel that reads it.
    private void CheckTruthValues(ReadOnlySpan<byte> chunk, long before, DType dtype, string place)
    {
        if (dtype == DType.Bool && chunk.IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and int at)
        {
            throw new PyTorchFileException(_path, $"{place}, element {before + at}", "0 or 1, a truth value", $"{chunk[at]}");
        }
    }
}
