using System.IO.Compression;
using System.Text;

namespace DistillSharp.Torch.Serialization;

/// <summary>
/// The format of <c>torch.save</c> since 1.6: a zip archive of one folder, with the object in <c>data.pkl</c> and a file for each storage
/// in <c>data/</c>. What the archive says of sizes is believed only as far as bytes come out.
/// </summary>
internal sealed class ZipContainer : IStorageContainer
{
    private const long MostRatio = 100;
    private const long MostPickleBytes = 1 << 26;
    private const long MostTextBytes = 64;
    private const string PickleName = "/data.pkl";

    private readonly string _file;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];
    private readonly string _folder;

    public ZipContainer(FileStream stream, string file)
    {
        _file = file;
        long length = stream.Length;
        ZipArchive archive = Guard("Archive", () => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true));
        Guard("Archive's directory", () => Index(archive.Entries, length));
        _folder = FindFolder();
        CheckByteOrder();
        byte[] pickle = ReadWhole(_folder + PickleName, MostPickleBytes);
        using var bytes = new MemoryStream(pickle, writable: false);
        var input = new PickleInput(bytes, file, "data.pkl");
        var tensors = new PickledTensors(input, PyTorchFile.MostTensorBytes(length));
        Root = PickleMachine.Read(input, tensors);
        foreach (StorageReference storage in tensors.Storages)
        {
            Check(storage);
        }
    }

    public object? Root { get; }

    public (Stream Stream, uint? Checksum) Open(StorageReference storage)
    {
        ZipArchiveEntry entry = _entries[NameOf(storage)];
        return (Guard(Text.Quote(entry.FullName), entry.Open), entry.Crc32);
    }

    /// <summary>Runs what may meet a damaged archive.</summary>
    public static T Guard<T>(string file, string place, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ArgumentException or NotSupportedException or OverflowException)
        {
            throw new PyTorchFileException(file, place, "a sound zip archive", Text.Shorten(e.Message.TrimEnd('.')));
        }
    }

    private T Guard<T>(string place, Func<T> action) => Guard(_file, place, action);

    private bool Index(IReadOnlyList<ZipArchiveEntry> entries, long length)
    {
        long total = 0;
        foreach (ZipArchiveEntry entry in entries)
        {
            string place = "Archive's directory, " + Text.Quote(entry.FullName);
            if (!_entries.TryAdd(entry.FullName, entry))
            {
                throw new PyTorchFileException(_file, place, "every name once", "it a second time");
            }

            if (entry.CompressedLength < 0 || entry.CompressedLength > length)
            {
                throw new PyTorchFileException(_file, place, $"at most the file's {length} bytes", $"{entry.CompressedLength}");
            }

            long most = length > long.MaxValue / MostRatio ? long.MaxValue : length * MostRatio;
            if (entry.Length < 0 || entry.Length > most - total)
            {
                throw new PyTorchFileException(_file, place, $"entries of at most {MostRatio} times the file's {length} bytes together", $"{entry.Length} bytes here");
            }

            total += entry.Length;
        }

        return true;
    }

    private string FindFolder()
    {
        List<string> folders = [.. _entries.Keys
            .Where(n => n.EndsWith(PickleName, StringComparison.Ordinal) && n.IndexOf('/') == n.Length - PickleName.Length)
            .Select(n => n[..^PickleName.Length])];
        if (folders.Count != 1)
        {
            throw new PyTorchFileException(_file, "Archive's directory", "one folder with a data.pkl, as torch.save writes it", folders.Count == 0 ? "none (another kind of zip archive?)" : $"{folders.Count}");
        }

        if (_entries.Keys.FirstOrDefault(n => n == folders[0] + "/constants.pkl" || n.StartsWith(folders[0] + "/code/", StringComparison.Ordinal)) is { } program)
        {
            throw PyTorchFileException.Code(_file, "Archive's directory, " + Text.Quote(program), "a TorchScript program (torch.jit.save)");
        }

        return folders[0];
    }

    private void CheckByteOrder()
    {
        string name = _folder + "/byteorder";
        if (_entries.ContainsKey(name) && Encoding.ASCII.GetString(ReadWhole(name, MostTextBytes)) is var order && order != "little")
        {
            throw new PyTorchFileException(_file, Text.Quote(name), "little (endian)", Text.Quote(order) + "; load and save it again on a little-endian machine");
        }
    }

    private byte[] ReadWhole(string name, long most)
    {
        ZipArchiveEntry entry = _entries[name];
        if (entry.Length > most)
        {
            throw new PyTorchFileException(_file, Text.Quote(name), $"at most {most} bytes", $"{entry.Length}");
        }

        return Guard(Text.Quote(name), () =>
        {
            var bytes = new byte[entry.Length];
            using Stream stream = entry.Open();
            stream.ReadExactly(bytes);
            if (Crc32.Append(0, bytes) != entry.Crc32)
            {
                throw PyTorchFile.WrongChecksum(_file, Text.Quote(name));
            }

            return bytes;
        });
    }

    private void Check(StorageReference storage)
    {
        string place = "Storage " + Text.Quote(storage.Key);
        if (!_entries.TryGetValue(NameOf(storage), out ZipArchiveEntry? entry))
        {
            throw new PyTorchFileException(_file, place, $"the entry {Text.Quote(NameOf(storage))}", "none in the archive (is the file cut off?)");
        }

        if (entry.Length != storage.Bytes)
        {
            throw new PyTorchFileException(_file, place, $"{storage.Bytes} bytes for {storage.Count} elements of {storage.DType}", $"{entry.Length}");
        }
    }

    private string NameOf(StorageReference storage) => $"{_folder}/data/{storage.Key}";
}
