using System.Buffers.Binary;
using System.Text;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Torch.Tests.Serialization;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    public static TheoryData<DType> Types => [DType.Float64, DType.Float32, DType.Float16, DType.BFloat16, DType.Int64, DType.Int32, DType.Int16, DType.Int8, DType.UInt8, DType.Bool];

    [Theory]
    [MemberData(nameof(Types))]
    public void Should_give_back_what_was_written(DType dtype) => Check.LeavesNoTensor(() =>
    {
        Tensor matrix = Tensor.From([0.0, 1.0, 1.0, 0.0, 1.0, 0.0], 2, 3).To(dtype);
        Tensor number = Tensor.Of(1, dtype);
        Tensor none = Operators.Empty([0, 5], dtype);
        SafeTensors.Write(Target, [("matrix", matrix), ("number", number), ("none", none)]);

        SafeTensorsContent read = SafeTensors.Read(Target);
        Assert.Equal(["matrix", "number", "none"], read.Tensors.Keys);
        Same(matrix, read.Tensors["matrix"]);
        Same(number, read.Tensors["number"]);
        Same(none, read.Tensors["none"]);
        Assert.Empty(read.Metadata);
    });

    [Fact]
    public void Should_write_views_by_their_elements() => Check.LeavesNoTensor(() =>
    {
        Tensor whole = Operators.Arange(24).To(DType.Float32).View([2, 3, 4]);
        Tensor transposed = whole.Permute([2, 0, 1]);
        Tensor every = whole.Slice(2, 1, 4, 2);
        whole.RequiresGrad = true;
        SafeTensors.Write(Target, [("transposed", transposed), ("every", every), ("whole", whole)]);

        SafeTensorsContent read = SafeTensors.Read(Target);
        Same(transposed.Contiguous(), read.Tensors["transposed"]);
        Same(every.Contiguous(), read.Tensors["every"]);
        Assert.False(read.Tensors["whole"].RequiresGrad);
    });

    [Fact]
    public void Should_write_and_read_more_than_one_chunk() => Check.LeavesNoTensor(() =>
    {
        Tensor large = Operators.Arange(1_500_003, dtype: DType.Int64);
        SafeTensors.Write(Target, [("byte", Tensor.From(new byte[] { 7 })), ("large", large)]);
        Same(large, SafeTensors.Read(Target).Tensors["large"]);
    });

    [Fact]
    public void Should_keep_names_order_and_metadata() => Check.LeavesNoTensor(() =>
    {
        var metadata = new Dictionary<string, string> { ["format"] = "pt", ["größe \"q\"\n"] = "日本 <&>" };
        SafeTensors.Write(Target, [("z.ü\"\\", Tensor.Of(1)), ("a", Tensor.From(new byte[] { 3 })), ("", Tensor.Of(2, DType.Float64))], metadata);

        SafeTensorsContent read = SafeTensors.Read(Target);
        Assert.Equal(["z.ü\"\\", "a", ""], read.Tensors.Keys);
        Assert.Equal(metadata, read.Metadata);
    });

    [Fact]
    public void Should_align_the_data_for_other_readers() => Check.LeavesNoTensor(() =>
    {
        SafeTensors.Write(Target, [("bytes", Tensor.From(new byte[] { 1, 2, 3 })), ("half", Tensor.Of(1, DType.Float16)), ("double", Tensor.Of(1, DType.Float64))]);
        SafeTensorsHeader header = SafeTensors.ReadHeader(Target);
        Assert.Equal(0, header.DataStart % 8);
        Assert.All(header.Tensors, t => Assert.Equal(0, t.Begin % t.DType.Size()));
        Assert.Equal(["bytes", "half", "double"], header.Tensors.Select(t => t.Name));
    });

    [Fact]
    public void Should_read_a_file_as_other_libraries_write_it() => Check.LeavesNoTensor(() =>
    {
        // The layout of the reference implementation: sorted by alignment and name, padded with spaces, metadata first.
        string json = """{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"BF16","shape":[],"data_offsets":[16,18]},"m":{"dtype":"BOOL","shape":[2],"data_offsets":[18,20]}}""";
        byte[] data = [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0xC0, 0xC0, 0x3F, 1, 0];
        File.WriteAllBytes(Target, SafeTensorsBytes.Join(json.PadRight((json.Length + 7) / 8 * 8), data));

        SafeTensorsContent read = SafeTensors.Read(Target);
        Assert.Equal("pt", read.Metadata["format"]);
        Assert.Equal([2, 2], read.Tensors["w"].Shape);
        Check.Close([1, 2, 3, -4], read.Tensors["w"]);
        Check.Close([1.5], read.Tensors["b"]);
        Assert.Equal([true, false], read.Tensors["m"].ToArray<bool>());
    });

    [Fact]
    public void Should_write_the_bytes_that_the_format_asks_for() => Check.LeavesNoTensor(() =>
    {
        SafeTensors.Write(Target, [("x", Tensor.From([1f, 2f]))]);
        byte[] file = File.ReadAllBytes(Target);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        Assert.Equal("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", Encoding.UTF8.GetString(file, 8, length).TrimEnd(' '));
        Assert.Equal([0, 0, 0x80, 0x3F, 0, 0, 0, 0x40], file[(8 + length)..]);
    });

    [Fact]
    public void Should_write_and_read_a_file_without_tensors()
    {
        SafeTensors.Write(Target, []);
        using SafeTensorsContent read = SafeTensors.Read(Target);
        Assert.Empty(read.Tensors);
    }

    [Fact]
    public void Should_hand_the_tensors_to_the_caller_where_no_scope_is_open()
    {
        long before = Check.Settled();
        using (Tensor one = Tensor.Of(1))
        {
            SafeTensors.Write(Target, [("one", one)]);
        }

        using (SafeTensorsContent read = SafeTensors.Read(Target))
        {
            Assert.Equal(before + 1, Tensor.LiveCount);
            Assert.Equal(1, read.Tensors["one"].Item());
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_refuse_names_that_a_file_cannot_hold() => Check.LeavesNoTensor(() =>
    {
        Tensor one = Tensor.Of(1);
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => SafeTensors.Write(Target, [("a", one), ("a", one)])).Message);
        Assert.Throws<ArgumentException>(() => SafeTensors.Write(Target, [("__metadata__", one)]));
        Assert.Throws<ArgumentException>(() => SafeTensors.Write(Target, [("half \ud800", one)]));
        Assert.Empty(_folder.Names());
    });

    [Fact]
    public void Should_keep_the_old_file_when_a_tensor_cannot_be_written() => Check.LeavesNoTensor(() =>
    {
        Tensor freed = Tensor.Of(2);
        SafeTensors.Write(Target, [("one", Tensor.Of(1))]);
        byte[] before = File.ReadAllBytes(Target);
        freed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => SafeTensors.Write(Target, [("freed", freed)]));
        Assert.Equal(before, File.ReadAllBytes(Target));
        Assert.Equal(["model.safetensors"], _folder.Names());
    });

    private static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.DType, actual.DType);
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.True(expected.AsBytes().SequenceEqual(actual.AsBytes()));
    }
}

/// <summary>Safetensors files made by hand.</summary>
internal static class SafeTensorsBytes
{
    public static byte[] Join(string json, ReadOnlySpan<byte> data) => Join(Encoding.UTF8.GetBytes(json), data);

    public static byte[] Join(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        var file = new byte[8 + header.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.CopyTo(file.AsSpan(8));
        data.CopyTo(file.AsSpan(8 + header.Length));
        return file;
    }
}
