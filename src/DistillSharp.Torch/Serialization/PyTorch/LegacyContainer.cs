using System.Buffers.Binary;
using System.Numerics;

namespace DistillSharp.Torch.Serialization;

/// <summary>
/// The format of <c>torch.save</c> before 1.6: pickles of a magic number, a version, the machine, the object and the storages' keys;
/// then each storage, its number of elements and its elements.
/// </summary>
internal sealed class LegacyContainer : IStorageContainer
{
    private const long Version = 1001;

    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    private readonly FileStream _stream;
    private readonly string _file;
    private readonly Dictionary<string, long> _places = [];

    public LegacyContainer(FileStream stream, string file)
    {
        _stream = stream;
        _file = file;
        if (ReadPickle("Pickle 1 (magic number)") is not BigInteger magic || magic != Magic)
        {
            throw new PyTorchFileException(file, "Pickle 1 (magic number)", "PyTorch's", "another value (a file of pickle.dump, not of torch.save?)");
        }

        if (ReadPickle("Pickle 2 (version)") is not Version)
        {
            throw new PyTorchFileException(file, "Pickle 2 (version)", $"{Version}", "another");
        }

        CheckMachine(ReadPickle("Pickle 3 (machine)"));
        var input = new PickleInput(stream, file, "Pickle 4 (the object)");
        var tensors = new PickledTensors(input, PyTorchFile.MostTensorBytes(stream.Length));
        Root = PickleMachine.Read(input, tensors);
        Index(ReadPickle("Pickle 5 (storages)"), tensors.Storages);
    }

    public object? Root { get; }

    public (Stream Stream, uint? Checksum) Open(StorageReference storage)
    {
        _stream.Position = _places[storage.Key];
        return (_stream, null);
    }

    private object? ReadPickle(string part)
    {
        var input = new PickleInput(_stream, _file, part);
        return PickleMachine.Read(input, new PickledTensors(input, 0));
    }

    private void CheckMachine(object? machine)
    {
        object? little = (machine as PickledDictionary)?.Entries.LastOrDefault(e => e.Key is "little_endian").Value;
        if (little is not true)
        {
            throw new PyTorchFileException(
                _file, "Pickle 3 (machine)", "little_endian: True", little is false ? "False; load and save it again on a little-endian machine" : "no such entry");
        }
    }

    private void Index(object? keys, IReadOnlyCollection<StorageReference> storages)
    {
        if (keys is not PickledList { Items: var items })
        {
            throw new PyTorchFileException(_file, "Pickle 5 (storages)", "a list of keys", "something else");
        }

        Dictionary<string, StorageReference> named = [];
        foreach (StorageReference storage in storages)
        {
            if (!named.TryAdd(storage.Key, storage))
            {
                throw new PyTorchFileException(_file, "Storage " + Text.Quote(storage.Key), "one type of elements", "two");
            }
        }

        foreach (object? item in items)
        {
            if (item is not string key || !named.TryGetValue(key, out StorageReference? storage))
            {
                throw new PyTorchFileException(_file, "Pickle 5 (storages)", "keys of storages that the object names", item is string other ? Text.Quote(other) : "something else");
            }

            Place(key, storage);
        }

        if (named.Keys.FirstOrDefault(k => !_places.ContainsKey(k)) is { } missing)
        {
            throw new PyTorchFileException(_file, "Pickle 5 (storages)", $"the key {Text.Quote(missing)}", "no such key (is the file cut off?)");
        }
    }

    private void Place(string key, StorageReference storage)
    {
        string place = "Storage " + Text.Quote(key);
        Span<byte> count = stackalloc byte[sizeof(long)];
        if (_stream.Length - _stream.Position < count.Length)
        {
            throw new PyTorchFileException(_file, place, "its number of elements", "the file's end (is the file cut off?)");
        }

        _stream.ReadExactly(count);
        long announced = BinaryPrimitives.ReadInt64LittleEndian(count);
        if (announced != storage.Count)
        {
            throw new PyTorchFileException(_file, place, $"{storage.Count} elements, as the object says", $"{announced}");
        }

        if (_stream.Length - _stream.Position < storage.Bytes)
        {
            throw new PyTorchFileException(_file, place, $"{storage.Bytes} bytes", $"{_stream.Length - _stream.Position} to the file's end (is the file cut off?)");
        }

        if (!_places.TryAdd(key, _stream.Position))
        {
            throw new PyTorchFileException(_file, place, "every key once", "it a second time");
        }

        _stream.Position += storage.Bytes;
    }
}
