using System.IO.Compression;
using System.Text;
using DistillSharp.Torch.Serialization;
using static DistillSharp.Torch.Tests.Serialization.PickleAssembler;

namespace DistillSharp.Torch.Tests.Serialization;

/// <summary>Files that are damaged, lie about what they hold, or ask for code.</summary>
public sealed class PyTorchRefusalTests : IDisposable
{
    private static readonly byte[] FourFloats = Floats(1, 2, 3, 4);

    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File("model.pth");

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, byte[]> Pickles => new()
    {
        { "asks for os.system", State(p => p.Global("os", "system").Text("true").Op("\u0085R")) },
        { "asks for builtins.eval", State(p => p.Global("builtins", "eval").Text("1").Op("\u0085R")) },
        { "asks for torch._utils._rebuild_device_tensor_from_numpy", State(p => p.Global("torch._utils", "_rebuild_device_tensor_from_numpy")) },
        { "asks for os.system", State(p => p.Text("os").Text("system").Raw(0x93), protocol: 4) },
        { "expected a module's name, found a whole number", State(p => p.Op("K\u0001K\u0001").Raw(0x93)) },
        { "asks for a new object of a class (opcode NewObj)", State(p => p.Global("collections", "OrderedDict").Op(")\u0081")) },
        { "(opcode NewObjEx)", State(p => p.Global("collections", "OrderedDict").Op(")}\u0092")) },
        { "(opcode Inst)", State(p => p.Op("(ios\nsystem\n")) },
        { "(opcode Obj)", State(p => p.Op("(").Global("collections", "OrderedDict").Op("o")) },
        { "Python's extension registry", State(p => p.Raw(0x82, 1)) },
        { "asks for a new torch.FloatStorage", State(p => p.Global("torch", "FloatStorage").Op(")R")) },
        { "expected a function, found 'os'", State(p => p.Text("os").Op(")R")) },
        { "expected a tuple of arguments for torch.Size, found None", State(p => p.Global("torch", "Size").Op("NR")) },
        { "expected a list or tuple for torch.Size, found None", State(p => p.Global("torch", "Size").Op("N\u0085R")) },
        { "expected a state for a dictionary or tensor, found one for a list", State(p => p.Op("]}b")) },
        { "expected a tensor for torch._utils._rebuild_parameter, found None", State(p => p.Global("torch._utils", "_rebuild_parameter").Op("N\u0085R")) },
        { "Text, which torch.save does not write".Replace("Text", "String"), State(p => p.Op("S'a'\n")) },
        { "expected an opcode of a pickle, found 0xff", State(p => p.Raw(0xff)) },
        { "expected a value on the stack, found an empty stack", new PickleAssembler().Op("0.").Bytes },
        { "expected a value on the stack, found an empty stack", new PickleAssembler().Op("N(0.").Bytes },
        { "expected a mark on the stack, found none", new PickleAssembler().Op("t.").Bytes },
        { "expected one value at the end, found more", new PickleAssembler().Op("NN.").Bytes },
        { "expected one protocol, at the start", new PickleAssembler().Raw(0x80, 2).Op("N.").Bytes },
        { "expected a pickle of protocol 2 to 5", [0x80, 1, (byte)'N', (byte)'.'] },
        { "its end (is the file cut off?)", new PickleAssembler().Op("N").Bytes },
        { "expected a list or set to add to, found a dictionary", new PickleAssembler().Op("}Na.").Bytes },
        { "expected a dictionary to set in, found a list", new PickleAssembler().Op("]NNs.").Bytes },
        { "expected as many values as keys, found 3 of both", new PickleAssembler().Op("}(NNNu.").Bytes },
        { "found number 4294967295, which was not", new PickleAssembler().Op("j").Raw(255, 255, 255, 255).Op(".").Bytes },
        { "expected a length of at most the", new PickleAssembler().Op("X").Raw(255, 255, 255, 127).Op(".").Bytes },
        { "expected a length of at most the", new PickleAssembler(4).Raw(0x8d, 255, 255, 255, 255, 255, 255, 255, 255).Op(".").Bytes },
        { "expected a frame of at most the", new PickleAssembler(4).Raw(0x95, 255, 255, 255, 255, 255, 255, 255, 255).Op(".").Bytes },
        { "a whole number of at most 256 bytes, found one of 4294967295", new PickleAssembler().Raw(0x8b, 255, 255, 255, 255).Op(".").Bytes },
        { "a whole number of at most 256 bytes, found one of 2147483647", new PickleAssembler().Raw(0x8b, 255, 255, 255, 127).Op(".").Bytes },
        { "expected UTF-8", new PickleAssembler().Op("X").Raw(1, 0, 0, 0, 255).Op(".").Bytes },
        { "a name of at most 512 characters", new PickleAssembler().Op("c" + new string('x', 600) + "\ny\n.").Bytes },
        { "expected a storage: its class, key", State(p => p.Text("storage").Op("Q")) },
        { "expected a storage: its class, key", State(p => p.Op("(").Text("module").Global("torch", "FloatStorage").Text("0").Text("cpu").Integer(4).Op("tQ")) },
        { "expected a class of storages, found torch.Size", State(p => p.Op("(").Text("storage").Global("torch", "Size").Text("0").Text("cpu").Integer(4).Op("tQ")) },
        { "found torch.QInt8Storage", State(p => p.Storage("QInt8Storage", "0", 4)) },
        { "a number of elements that fits 64 bits of bytes, found -1", State(p => p.Storage("FloatStorage", "0", -1)) },
        { "a number of elements that fits 64 bits of bytes", State(p => p.Storage("FloatStorage", "0", long.MaxValue)) },
        { "expected 16 bytes for storage '0', as before, found 8", State(p => p.Storage("FloatStorage", "0", 4).Op("0").Storage("FloatStorage", "0", 2)) },
        { "expected 16000 bytes for 4000 elements of Float32, found 16", State(p => p.Storage("FloatStorage", "0", 4000)) },
        { "expected the entry 'archive/data/7', found none", State(p => p.Storage("FloatStorage", "7", 4)) },
        { "expected the entry 'archive/data/../data.pkl'", State(p => p.Storage("FloatStorage", "../data.pkl", 4)) },
        { "elements within the 4 of storage '0', found a tensor that reaches element 4", State(p => p.Tensor("FloatStorage", "0", 4, 1, [4], [1])) },
        { "found a tensor that reaches element 6", State(p => p.Tensor("FloatStorage", "0", 4, 0, [2, 3], [4, 1])) },
        { "found a tensor that reaches element 9223372036854775807", State(p => p.Tensor("FloatStorage", "0", 4, long.MaxValue, [], [])) },
        { "elements whose numbers fit 64 bits", State(p => p.Tensor("FloatStorage", "0", 4, 0, [3], [long.MaxValue])) },
        { "a number of elements that fits 64 bits", State(p => p.Tensor("FloatStorage", "0", 4, 0, [1L << 32, 1L << 32], [0, 0])) },
        { "a number of elements that fits 64 bits", State(p => p.Tensor("FloatStorage", "0", 4, 0, [0, long.MaxValue, long.MaxValue], [0, 0, 0])) },
        { "views that repeat elements", State(p => p.Tensor("FloatStorage", "0", 4, 0, [1L << 40], [0])) },
        { "a number below 0", State(p => p.Tensor("FloatStorage", "0", 4, -1, [2], [1])) },
        { "a number below 0", State(p => p.Tensor("FloatStorage", "0", 4, 3, [2], [-1])) },
        { "a number below 0", State(p => p.Tensor("FloatStorage", "0", 4, 3, [-2], [1])) },
        { "as many strides as sizes", State(p => p.Tensor("FloatStorage", "0", 4, 0, [2], [1, 1])) },
        { "as many strides as sizes, at most 64, found 65", State(p => p.Tensor("FloatStorage", "0", 4, 0, [.. Enumerable.Repeat(1L, 65)], [.. Enumerable.Repeat(1L, 65)])) },
        { "expected a tensor: its storage, offset", State(p => p.Global("torch._utils", "_rebuild_tensor_v2").Op("(NNNNNNtR")) },
    };

    [Theory]
    [MemberData(nameof(Pickles))]
    public void Should_refuse_an_unsound_pickle(string message, byte[] pickle)
    {
        string said = Refused(Zip(pickle, ("data/0", FourFloats)));
        Assert.Contains(message, said);
        Assert.Contains(Target, said);
        Assert.True(said.Length < 700, said);
    }

    public static TheoryData<string, byte[]> Files => new()
    {
        { "found an empty file", [] },
        { "found 2 bytes in all", [1, 2] },
        { "bytes that begin with 0x00010203", [0, 1, 2, 3, 4] },
        { "a tar archive, the format of releases before 0.1.10", [.. new byte[257], .. "ustar\0"u8, .. new byte[249]] },
        { "expected a sound zip archive", "PK\u0003\u0004 and no more"u8.ToArray() },
        { "none (another kind of zip archive?)", Archive([("readme.txt", [1])]) },
        { "one folder with a data.pkl, as torch.save writes it, found 2", Archive([("a/data.pkl", [1]), ("b/data.pkl", [1])]) },
        { "every name once, found it a second time", Archive([("a/data.pkl", [1]), ("a/data.pkl", [1])]) },
        { "a TorchScript program", Archive([("a/data.pkl", [1]), ("a/constants.pkl", [1])]) },
        { "expected little (endian), found 'big'", Zip(State(p => p.Op("N")), ("byteorder", "big"u8.ToArray())) },
        { "times the file's", Archive([("archive/data.pkl", State(p => p.Op("N"))), ("archive/data/0", new byte[1 << 20])], CompressionLevel.SmallestSize) },
        { "times the file's", Archive([("archive/data.pkl", new byte[1 << 20])], CompressionLevel.SmallestSize) },
        { "expected at most 67108864 bytes", Archive([("archive/data.pkl", new byte[(1 << 26) + 1]), ("archive/noise", Noise(800_000))], CompressionLevel.Fastest) },
        { "Pickle 1 (magic number): expected PyTorch's", State(p => p.Op("N")) },
        { "Pickle 2 (version): expected 1001", LegacyWith(1002, 0x88, State(p => p.Op("N"))) },
        { "little_endian: True, found False; load and save", LegacyWith(1001, 0x89, State(p => p.Op("N"))) },
        { "asks for os.system", Legacy(State(p => p.Global("os", "system"))) },
        { "keys of storages that the object names, found '1'", Legacy(State(p => p.Storage("FloatStorage", "0", 4)), ("1", 4, FourFloats)) },
        { "the key '0', found no such key", Legacy(State(p => p.Storage("FloatStorage", "0", 4))) },
        { "every key once", Legacy(State(p => p.Storage("FloatStorage", "0", 4)), ("0", 4, FourFloats), ("0", 4, FourFloats)) },
        { "expected 4 elements, as the object says, found 5", Legacy(State(p => p.Storage("FloatStorage", "0", 4)), ("0", 5, FourFloats)) },
        { "expected 4000000000 bytes, found 16 to the file's end", Legacy(State(p => p.Storage("FloatStorage", "0", 1_000_000_000)), ("0", 1_000_000_000, FourFloats)) },
        { "one type of elements, found two", Legacy(State(p => p.Storage("FloatStorage", "0", 4).Op("0").Storage("IntStorage", "0", 4)), ("0", 4, FourFloats)) },
        { "a view of another", Legacy(State(p => p.Op("(").Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Integer(4).Tuple(1, 2).Op("tQ"))) },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Should_refuse_an_unsound_file(string message, byte[] file) => Assert.Contains(message, Refused(file));

    [Fact]
    public void Should_refuse_an_archive_whose_bytes_differ_from_their_checksum() => Check.LeavesNoTensor(() =>
    {
        byte[] file = Zip(State(p => p.Tensor("FloatStorage", "0", 4, 0, [4], [1])), ("data/0", FourFloats));
        int at = file.AsSpan().IndexOf(FourFloats);
        file[at + 5] ^= 1;
        Assert.Contains("Storage '0': expected bytes of the archive's checksum, found others", Refused(file));
    });

    [Fact]
    public void Should_refuse_truth_values_other_than_0_and_1() => Check.LeavesNoTensor(() =>
        Assert.Contains("Storage '0', element 2: expected 0 or 1", Refused(Zip(State(p => p.Tensor("BoolStorage", "0", 3, 0, [3], [1])), ("data/0", [1, 0, 2])))));

    [Fact]
    public void Should_accept_a_compressed_archive() => Check.LeavesNoTensor(() =>
    {
        byte[] pickle = State(p => p.Tensor("FloatStorage", "0", 4, 0, [4], [1]));
        File.WriteAllBytes(Target, Archive([("x/data.pkl", pickle), ("x/data/0", FourFloats)], CompressionLevel.SmallestSize));
        using PyTorchFile file = PyTorchFile.Open(Target);
        Check.Close([1, 2, 3, 4], PyTorchFixtures.ReadAll(file)["a"]);
    });

    [Fact]
    public void Should_take_cycles_depth_and_repetition_in_its_stride()
    {
        // A list that holds itself; a hundred thousand lists in each other; a list doubled sixty times.
        var cycle = new PickleAssembler().Op("]q\u0001h\u0001a.");
        var deep = new PickleAssembler().Op(new string(']', 100_000)).Op(new string('a', 99_999)).Stop();
        var doubled = new PickleAssembler().Op("]q\u0000");
        for (int i = 0; i < 60; i++)
        {
            doubled.Op("0](h\u0000h\u0000eq\u0000");
        }

        foreach (byte[] pickle in (byte[][])[cycle.Bytes, deep.Bytes, doubled.Stop().Bytes])
        {
            File.WriteAllBytes(Target, Zip(pickle));
            using PyTorchFile file = PyTorchFile.Open(Target);
            Assert.IsType<PickledList>(file.Root);
        }
    }

    [Fact]
    public void Should_stop_a_pickle_of_too_many_instructions()
    {
        var endless = new PickleAssembler().Op(new StringBuilder().Insert(0, "N0", 2_000_001).ToString()).Op("N.");
        Assert.Contains("at most 4000000 instructions", Refused(Zip(endless.Bytes)));

        // Few instructions that copy a long list again and again.
        var copies = new PickleAssembler().Op("](").Op(new StringBuilder().Insert(0, "]", 1000).ToString()).Op("eq\u00000");
        copies.Op(new StringBuilder().Insert(0, "c__builtin__\nset\nh\u0000\u0085R0", 20_000).ToString()).Op("N.");
        File.WriteAllBytes(Target, Zip(copies.Bytes));
        long before = GC.GetAllocatedBytesForCurrentThread();
        PyTorchFile.Open(Target).Dispose();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40_000_000);
    }

    [Fact]
    public void Should_keep_control_characters_of_a_file_out_of_messages()
    {
        string said = Refused(Zip(State(p => p.Global("\u001b[31mos", "system"))));
        Assert.DoesNotContain('\u001b', said);
    }

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private string Refused(byte[] bytes)
    {
        File.WriteAllBytes(Target, bytes);
        return Assert.Throws<PyTorchFileException>(() =>
        {
            using PyTorchFile file = PyTorchFile.Open(Target);
            PyTorchFixtures.ReadAll(file);
        }).Message;
    }
}
