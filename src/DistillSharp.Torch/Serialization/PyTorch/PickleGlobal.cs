namespace DistillSharp.Torch.Serialization;

/// <summary>What a name in a pickle stands for here.</summary>
internal enum PickleGlobalKind
{
    RebuildTensor,
    RebuildParameter,
    Storage,
    UnsupportedStorage,
    OrderedDictionary,
    Dictionary,
    Collection,
    Size,
    Device,
    ElementType,
}

/// <summary>A name that a pickle may use. Each stands for a few lines of this reader; none is looked up in a program.</summary>
/// <param name="Name">The name in Python, with its module.</param>
/// <param name="Kind">What it stands for.</param>
/// <param name="DType">The type of a storage's elements.</param>
internal sealed record PickleGlobal(string Name, PickleGlobalKind Kind, DType? DType = null)
{
    private static readonly string[] ElementTypes =
    [
        "float64", "double", "float32", "float", "float16", "half", "bfloat16", "int64", "long", "int32", "int", "int16", "short", "int8", "uint8",
        "bool", "complex32", "complex64", "complex128", "qint8", "quint8", "qint32",
    ];

    // After what it is made of.
    private static readonly Dictionary<string, PickleGlobal> Allowed = All().ToDictionary(g => g.Name);

    /// <summary>The global of a name; null where it is none of the list.</summary>
    public static PickleGlobal? Find(string module, string name) => Allowed.GetValueOrDefault(module + "." + name);

    private static IEnumerable<PickleGlobal> All()
    {
        foreach (string name in (string[])["_rebuild_tensor", "_rebuild_tensor_v2"])
        {
            yield return new("torch._utils." + name, PickleGlobalKind.RebuildTensor);
        }

        foreach (string name in (string[])["_rebuild_parameter", "_rebuild_parameter_with_state"])
        {
            yield return new("torch._utils." + name, PickleGlobalKind.RebuildParameter);
        }

        foreach ((string name, DType? dtype) in Storages())
        {
            PickleGlobalKind kind = dtype is null ? PickleGlobalKind.UnsupportedStorage : PickleGlobalKind.Storage;
            yield return new($"torch.{name}Storage", kind, dtype);
            yield return new($"torch.cuda.{name}Storage", kind, dtype);
        }

        // The names of the class of bytes, as releases differ.
        foreach (string name in (string[])["UntypedStorage", "_UntypedStorage"])
        {
            yield return new("torch.storage." + name, PickleGlobalKind.Storage, Torch.DType.UInt8);
        }

        foreach (string name in (string[])["TypedStorage", "_TypedStorage"])
        {
            yield return new("torch.storage." + name, PickleGlobalKind.UnsupportedStorage);
        }

        yield return new("collections.OrderedDict", PickleGlobalKind.OrderedDictionary);
        yield return new("torch.Size", PickleGlobalKind.Size);
        yield return new("torch.device", PickleGlobalKind.Device);
        foreach (string name in ElementTypes)
        {
            yield return new("torch." + name, PickleGlobalKind.ElementType);
        }

        // Python 2 calls the module of what needs no import otherwise.
        foreach (string module in (string[])["builtins", "__builtin__"])
        {
            yield return new(module + ".dict", PickleGlobalKind.Dictionary);
            foreach (string name in (string[])["list", "set", "frozenset", "tuple"])
            {
                yield return new($"{module}.{name}", PickleGlobalKind.Collection);
            }
        }
    }

    private static IEnumerable<(string Name, DType? DType)> Storages() =>
    [
        ("Double", Torch.DType.Float64), ("Float", Torch.DType.Float32), ("Half", Torch.DType.Float16), ("BFloat16", Torch.DType.BFloat16),
        ("Long", Torch.DType.Int64), ("Int", Torch.DType.Int32), ("Short", Torch.DType.Int16), ("Char", Torch.DType.Int8),
        ("Byte", Torch.DType.UInt8), ("Bool", Torch.DType.Bool),
        ("ComplexFloat", null), ("ComplexDouble", null), ("QInt8", null), ("QUInt8", null), ("QInt32", null), ("QUInt4x2", null), ("QUInt2x4", null),
    ];
}
