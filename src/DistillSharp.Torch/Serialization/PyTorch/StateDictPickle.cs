using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace DistillSharp.Torch.Serialization;

/// <summary>
/// Writes the pickle of a state dict: an ordered dictionary from names to tensors, in protocol 2, with the names alone that
/// <c>torch.load(..., weights_only=True)</c> allows.
/// </summary>
internal sealed class StateDictPickle
{
    private readonly MemoryStream _bytes = new();
    private readonly Dictionary<string, byte> _memo = [];

    /// <summary>Writes the pickle; storage k belongs to tensor k.</summary>
    public static byte[] Write(IReadOnlyList<(string Name, Tensor Tensor)> tensors)
    {
        var pickle = new StateDictPickle();
        pickle.Op(PickleOpcode.Protocol);
        pickle._bytes.WriteByte(2);
        pickle.EmptyOrderedDictionary();
        pickle.Op(PickleOpcode.Mark);
        for (int i = 0; i < tensors.Count; i++)
        {
            pickle.TextOf(tensors[i].Name);
            pickle.TensorOf(tensors[i].Tensor, i.ToString(CultureInfo.InvariantCulture));
        }

        pickle.Op(PickleOpcode.SetItems);
        pickle.Op(PickleOpcode.Stop);
        return pickle._bytes.ToArray();
    }

    /// <summary>The class of storages of an element type; null where there is none.</summary>
    public static string? StorageName(DType dtype) => dtype switch
    {
        DType.Float64 => "DoubleStorage",
        DType.Float32 => "FloatStorage",
        DType.Float16 => "HalfStorage",
        DType.BFloat16 => "BFloat16Storage",
        DType.Int64 => "LongStorage",
        DType.Int32 => "IntStorage",
        DType.Int16 => "ShortStorage",
        DType.Int8 => "CharStorage",
        DType.UInt8 => "ByteStorage",
        DType.Bool => "BoolStorage",
        _ => null,
    };

    private void TensorOf(Tensor tensor, string key)
    {
        Global("torch._utils", "_rebuild_tensor_v2");
        Op(PickleOpcode.Mark);
        Op(PickleOpcode.Mark);
        TextOf("storage");
        Global("torch", StorageName(tensor.DType)!);
        TextOf(key);
        TextOf("cpu");
        Integer(tensor.ElementCount);
        Op(PickleOpcode.Tuple);
        Op(PickleOpcode.BinPersistentId);
        Integer(0);
        long[] shape = tensor.Shape;
        Integers(shape);
        Integers(RowMajor(shape));
        Op(PickleOpcode.NewFalse);
        EmptyOrderedDictionary();
        Op(PickleOpcode.Tuple);
        Op(PickleOpcode.Reduce);
    }

    private static long[] RowMajor(long[] shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(shape[i], 1);
        }

        return strides;
    }

    private void EmptyOrderedDictionary()
    {
        Global("collections", "OrderedDict");
        Op(PickleOpcode.EmptyTuple);
        Op(PickleOpcode.Reduce);
    }

    private void Global(string module, string name)
    {
        string whole = $"{module}\n{name}\n";
        if (_memo.TryGetValue(whole, out byte index))
        {
            Op(PickleOpcode.BinGet);
            _bytes.WriteByte(index);
            return;
        }

        Op(PickleOpcode.Global);
        _bytes.Write(Encoding.ASCII.GetBytes(whole));
        Op(PickleOpcode.BinPut);
        _memo.Add(whole, (byte)_memo.Count);
        _bytes.WriteByte(_memo[whole]);
    }

    private void TextOf(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Op(PickleOpcode.BinUnicode);
        Span<byte> length = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)bytes.Length);
        _bytes.Write(length);
        _bytes.Write(bytes);
    }

    private void Integers(long[] values)
    {
        Op(PickleOpcode.Mark);
        Array.ForEach(values, Integer);
        Op(PickleOpcode.Tuple);
    }

    private void Integer(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        if (value <= int.MaxValue)
        {
            Op(PickleOpcode.BinInt);
            _bytes.Write(bytes[..sizeof(int)]);
        }
        else
        {
            Op(PickleOpcode.Long1);
            _bytes.WriteByte(sizeof(long));
            _bytes.Write(bytes);
        }
    }

    private void Op(PickleOpcode opcode) => _bytes.WriteByte((byte)opcode);
}
