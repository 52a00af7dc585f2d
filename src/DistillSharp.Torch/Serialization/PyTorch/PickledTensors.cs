using System.Numerics;

namespace DistillSharp.Torch.Serialization;

/// <summary>Makes the tensors of a pickle from what it says of storages, sizes and strides, each checked against the others.</summary>
/// <param name="input">The pickle, for messages.</param>
/// <param name="mostBytes">What all tensors together may hold; views can repeat elements without end.</param>
internal sealed class PickledTensors(PickleInput input, long mostBytes)
{
    private readonly Dictionary<string, long> _bytes = [];
    private readonly HashSet<StorageReference> _storages = [];
    private long _total;

    /// <summary>The storages that the pickle names.</summary>
    public IReadOnlyCollection<StorageReference> Storages => _storages;

    /// <summary>The kind of a value, for messages.</summary>
    public static string Kind(object? value) => value switch
    {
        null => "None",
        bool => "a truth value",
        long or BigInteger => $"a whole number",
        double => "a number",
        string text => Text.Quote(text),
        byte[] => "bytes",
        object?[] => "a tuple",
        PickledList => "a list",
        PickledDictionary => "a dictionary",
        StoredTensor => "a tensor",
        StorageReference => "a storage",
        PickleGlobal global => global.Name,
        PickledName name => name.Text,
        _ => "something else",
    };

    /// <summary>The storage of a persistent id: <c>('storage', class, key, device, number of elements)</c>, in old files with the view of it behind.</summary>
    public StorageReference Storage(object? id, long at)
    {
        if (id is not object?[] { Length: 5 or 6 } parts || parts is not ["storage", PickleGlobal type, string key, string, long count, ..])
        {
            throw input.Error(at, "a storage: its class, key, device and number of elements", Kind(id));
        }

        if (type.Kind == PickleGlobalKind.UnsupportedStorage)
        {
            throw input.Error(at, "a storage of float64, float32, float16, bfloat16, int64, int32, int16, int8, uint8 or bool", $"{type.Name}, which this engine has no elements for");
        }

        if (type.DType is not { } dtype)
        {
            throw input.Error(at, "a class of storages", type.Name);
        }

        if (parts is [.., not null] and { Length: 6 })
        {
            throw input.Error(at, "a whole storage", "a view of another (written by a release before 0.4; load and save it again there)");
        }

        if (count < 0 || count > long.MaxValue / dtype.Size())
        {
            throw input.Error(at, "a number of elements that fits 64 bits of bytes", $"{count}");
        }

        var storage = new StorageReference(key, dtype, count);
        if (_storages.Add(storage) && !_bytes.TryAdd(key, storage.Bytes) && _bytes[key] != storage.Bytes)
        {
            throw input.Error(at, $"{_bytes[key]} bytes for storage {Text.Quote(key)}, as before", $"{storage.Bytes}");
        }

        return storage;
    }

    /// <summary>The tensor of <c>_rebuild_tensor_v2(storage, offset, sizes, strides, requires_grad, hooks)</c>.</summary>
    public StoredTensor Rebuild(object?[] arguments, long at)
    {
        if (arguments is not [StorageReference storage, long offset, var sizes, var steps, ..] || Integers(sizes) is not { } shape || Integers(steps) is not { } strides)
        {
            throw input.Error(at, "a tensor: its storage, offset, sizes and strides", "something else");
        }

        if (shape.Length != strides.Length || shape.Length > SafeTensorsFormat.MaxDimensions)
        {
            throw input.Error(at, $"as many strides as sizes, at most {SafeTensorsFormat.MaxDimensions}", $"{strides.Length} and {shape.Length}");
        }

        if (offset < 0 || shape.Any(s => s < 0) || strides.Any(s => s < 0))
        {
            throw input.Error(at, "an offset, sizes and strides from 0", "a number below 0");
        }

        long count = Count(shape, at);
        long last = count == 0 ? 0 : Last(offset, shape, strides, at);
        if (count > 0 && last >= storage.Count)
        {
            throw input.Error(at, $"elements within the {storage.Count} of storage {Text.Quote(storage.Key)}", $"a tensor that reaches element {last}");
        }

        _total = checked(_total + Math.Min(count, mostBytes) * storage.DType.Size());
        if (count > mostBytes || _total > mostBytes)
        {
            throw input.Error(at, $"tensors of at most {mostBytes} bytes together in a file of this size", "more: views that repeat elements");
        }

        return new StoredTensor(storage, count == 0 ? 0 : offset, shape, strides, count);
    }

    private static long[]? Integers(object? value)
    {
        IReadOnlyList<object?>? items = value as object?[] ?? (value as PickledList)?.Items;
        return items is not null && items.Count <= 2 * SafeTensorsFormat.MaxDimensions && items.All(i => i is long) ? [.. items.Select(i => (long)i!)] : null;
    }

    private long Count(long[] shape, long at) => SafeTensorsFormat.ByteCount(shape, DType.UInt8)
        ?? throw input.Error(at, "a number of elements that fits 64 bits", $"sizes [{string.Join(", ", shape)}]");

    private long Last(long offset, long[] shape, long[] strides, long at)
    {
        try
        {
            return shape.Zip(strides).Aggregate(offset, (sum, dimension) => checked(sum + ((dimension.First - 1) * dimension.Second)));
        }
        catch (OverflowException)
        {
            throw input.Error(at, "elements whose numbers fit 64 bits", $"sizes [{string.Join(", ", shape)}] with strides [{string.Join(", ", strides)}]");
        }
    }
}
