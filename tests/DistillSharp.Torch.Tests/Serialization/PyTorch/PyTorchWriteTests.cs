using System.IO.Compression;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Torch.Tests.Serialization;

public sealed class PyTorchWriteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File("model.pth");

    public void Dispose() => _folder.Dispose();

    public static TheoryData<DType> Types =>
        [DType.Float64, DType.Float32, DType.Float16, DType.BFloat16, DType.Int64, DType.Int32, DType.Int16, DType.Int8, DType.UInt8, DType.Bool];

    [Theory]
    [MemberData(nameof(Types))]
    public void Should_give_back_what_was_written(DType dtype) => Check.LeavesNoTensor(() =>
    {
        Tensor matrix = Tensor.From([0.0, 1.0, 1.0, 0.0, 1.0, 0.0], 2, 3).To(dtype);
        (string, Tensor)[] written = [("z.matrix", matrix), ("number", Tensor.Of(1, dtype)), ("none", Operators.Empty([0, 5], dtype)), ("turned", matrix.T())];
        PyTorchFile.Write(Target, written);

        using PyTorchFile file = PyTorchFile.Open(Target);
        Dictionary<string, Tensor> read = PyTorchFixtures.ReadAll(file);
        Assert.Equal(written.Select(w => w.Item1), read.Keys);
        foreach ((string name, Tensor tensor) in written)
        {
            Assert.Equal(dtype, read[name].DType);
            Assert.Equal(tensor.Shape, read[name].Shape);
            Assert.True(tensor.Contiguous().AsBytes().SequenceEqual(read[name].AsBytes()));
        }
    });

    [Fact]
    public void Should_write_the_same_bytes_again_and_align_them() => Check.LeavesNoTensor(() =>
    {
        (string, Tensor)[] tensors = [("bytes", Tensor.From(new byte[] { 1, 2, 3 })), ("doubles", Operators.Arange(1000, DType.Float64)), ("ü", Tensor.Of(1))];
        PyTorchFile.Write(Target, tensors);
        PyTorchFile.Write(_folder.File("again.pth"), tensors);
        byte[] file = File.ReadAllBytes(Target);
        Assert.True(file.AsSpan().SequenceEqual(File.ReadAllBytes(_folder.File("again.pth"))));

        Assert.Equal(0, file.AsSpan().IndexOf(tensors[1].Item2.AsBytes()) % 64);
        using var archive = new ZipArchive(new MemoryStream(file));
        Assert.Equal(["archive/data.pkl", "archive/byteorder", "archive/data/0", "archive/data/1", "archive/data/2", "archive/version"], archive.Entries.Select(e => e.FullName));
        Assert.All(archive.Entries, e => Assert.Equal(e.Length, e.CompressedLength));
    });

    [Fact]
    public void Should_refuse_names_and_types_that_a_file_cannot_hold() => Check.LeavesNoTensor(() =>
    {
        Tensor one = Tensor.Of(1);
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => PyTorchFile.Write(Target, [("a", one), ("a", one)])).Message);
        Assert.Throws<ArgumentException>(() => PyTorchFile.Write(Target, [("half \ud800", one)]));
        Assert.Empty(_folder.Names());
    });

    [Fact]
    public void Should_keep_the_old_file_when_a_tensor_cannot_be_written() => Check.LeavesNoTensor(() =>
    {
        File.WriteAllText(Target, "old");
        Tensor freed = Tensor.Of(2);
        freed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => PyTorchFile.Write(Target, [("freed", freed)]));
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal(["model.pth"], _folder.Names());
    });

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(uint.MaxValue)]
    public void Should_write_archives_with_64_bit_fields(long wideFrom)
    {
        using var stream = new MemoryStream();
        var writer = new StoredZipWriter(stream, wideFrom);
        byte[] small = [1, 2, 3], large = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];
        foreach ((string name, byte[] bytes) in (ReadOnlySpan<(string, byte[])>)[("small", small), ("large", large), ("last", small)])
        {
            writer.Add(name, bytes.Length, Crc32.Append(0, bytes), to =>
            {
                Assert.Equal(0, stream.Position % 64);
                to.Write(bytes);
            });
        }

        writer.Finish();
        stream.Position = 0;
        using var archive = new ZipArchive(stream);
        Assert.Equal(["small", "large", "last"], archive.Entries.Select(e => e.FullName));
        Assert.Equal([3L, 200L, 3L], archive.Entries.Select(e => e.Length));
        using Stream entry = archive.Entries[1].Open();
        var read = new byte[200];
        entry.ReadExactly(read);
        Assert.Equal(large, read);
    }

    [Fact]
    public void Should_compute_the_checksum_of_zip_files_in_any_pieces()
    {
        // The check value of the checksum's definition.
        byte[] digits = "123456789"u8.ToArray();
        Assert.Equal(0xCBF43926, Crc32.Append(0, digits));
        byte[] many = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))];
        for (int cut = 0; cut < 20; cut++)
        {
            Assert.Equal(Crc32.Append(0, many), Crc32.Append(Crc32.Append(0, many.AsSpan(0, cut)), many.AsSpan(cut)));
        }
    }
}
