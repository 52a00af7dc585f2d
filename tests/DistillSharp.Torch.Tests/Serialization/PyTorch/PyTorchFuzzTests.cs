using DistillSharp.Torch.Serialization;
using FsCheck;
using FsCheck.Fluent;

namespace DistillSharp.Torch.Tests.Serialization;

/// <summary>Whatever the bytes: a file is read, or refused with the one exception, within bounded memory.</summary>
public sealed class PyTorchFuzzTests : IDisposable
{
    private const long MostAllocated = 64_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => ["nested.pth", "views-legacy.pth", "types.pth", "protocol4.pth", "attack.pth"];

    [Theory]
    [InlineData("zip.pth")]
    [InlineData("legacy.pth")]
    [InlineData("views-legacy.pth")]
    public void Should_refuse_a_file_cut_off_anywhere(string name)
    {
        byte[] sound = File.ReadAllBytes(PyTorchFixtures.Path(name));
        for (int length = 0; length < sound.Length; length++)
        {
            Assert.False(Reads(sound[..length]), $"{name} cut off at {length} was read");
        }

        Assert.True(Reads(sound));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_read_or_refuse_a_file_with_some_bytes_changed(string name)
    {
        byte[] sound = File.ReadAllBytes(PyTorchFixtures.Path(name));
        long before = Check.Settled();
        Prop.ForAll(Arb.From(Mutated(sound)), ReadsOrRefuses).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_read_or_refuse_a_changed_pickle_in_a_sound_archive()
    {
        // Past the checksums: the archive is made anew around the changed pickle.
        byte[] pickle = PickleAssembler.State(p => p.Tensor("FloatStorage", "0", 4, 0, [2, 2], [2, 1]).Op("s").Text("b").Op("](K\u0001K\u0002e"));
        byte[] data = PickleAssembler.Floats(1, 2, 3, 4);
        long before = Check.Settled();
        Prop.ForAll(Arb.From(Mutated(pickle)), changed => ReadsOrRefuses(PickleAssembler.Zip(changed, ("data/0", data)))).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_read_or_refuse_any_sequence_of_instructions()
    {
        string[] words =
        [
            "(", ")", "0", "1", "2", "N", "]", "}", "a", "e", "s", "u", "t", "l", "d", "R", "b", "Q", "q\u0001", "h\u0001", "K\u0002", "K\u0000", "\u0085", "\u0086", "\u0087",
            "\u0088", "\u0089", "\u008f", "\u0090", "\u0091", "\u0093", "\u0094", "G\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000",
            "X\u0007\u0000\u0000\u0000storage", "X\u0001\u0000\u0000\u00000", "ctorch\nFloatStorage\n", "ctorch._utils\n_rebuild_tensor_v2\n",
            "ccollections\nOrderedDict\n", "ctorch\nSize\n", "c__builtin__\nset\n", "cos\nsystem\n", "\u008a\u0001\u0004",
        ];
        Gen<byte[]> sequences = Gen.ListOf(Gen.Elements(words)).Select(list => new PickleAssembler().Op(string.Concat(list)).Stop().Bytes);
        Prop.ForAll(Arb.From(sequences.Resize(40)), pickle => ReadsOrRefuses(PickleAssembler.Zip(pickle, ("data/0", new byte[16])))).Check(Config.QuickThrowOnFailure.WithMaxTest(1500));
    }

    [Fact]
    public void Should_read_or_refuse_any_bytes() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => ReadsOrRefuses([.. "PK\u0003\u0004"u8, .. bytes]) && ReadsOrRefuses([0x80, 2, .. bytes]) && ReadsOrRefuses(bytes))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    /// <summary>Bytes changed, a piece moved within, or the end cut off.</summary>
    private static Gen<byte[]> Mutated(byte[] sound) =>
        from changes in Gen.ArrayOf(Gen.Choose(0, sound.Length - 1).SelectMany(at => Gen.Choose(0, 255).Select(value => (at, (byte)value)))).Resize(5)
        from kind in Gen.Choose(0, 5)
        from a in Gen.Choose(0, sound.Length)
        from b in Gen.Choose(0, sound.Length)
        from length in Gen.Choose(0, 40)
        select Mutate(sound, changes, kind, a, b, length);

    private static byte[] Mutate(byte[] sound, (int At, byte Value)[] changes, int kind, int a, int b, int length)
    {
        byte[] bytes = [.. sound];
        foreach ((int at, byte value) in changes)
        {
            bytes[at] = value;
        }

        byte[] piece = bytes[a..Math.Min(bytes.Length, a + length)];
        return kind switch
        {
            0 => bytes[..a],
            1 => [.. bytes[..b], .. piece, .. bytes[b..]],
            2 => [.. bytes[..a], .. bytes[Math.Min(bytes.Length, a + length)..]],
            _ => bytes,
        };
    }

    private bool ReadsOrRefuses(byte[] bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Reads(bytes);
        return GC.GetAllocatedBytesForCurrentThread() - before < MostAllocated;
    }

    private bool Reads(byte[] bytes)
    {
        string target = _folder.File("model.pth");
        File.WriteAllBytes(target, bytes);
        try
        {
            using var scope = new TensorScope();
            using PyTorchFile file = PyTorchFile.Open(target);
            foreach (object? value in (file.Root as PickledDictionary)?.Entries.Select(e => e.Value) ?? [])
            {
                if (value is StoredTensor tensor)
                {
                    Assert.Equal(tensor.Shape, file.Read(tensor).Shape);
                }
            }

            return true;
        }
        catch (PyTorchFileException e)
        {
            Assert.Contains(target, e.Message);
            return false;
        }
    }
}
