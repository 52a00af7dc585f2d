using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Text;

namespace DistillSharp.Torch.Tests.Serialization;

/// <summary>Pickles and archives made by hand, sound or not.</summary>
internal sealed class PickleAssembler
{
    private readonly MemoryStream _bytes = new();

    public PickleAssembler(int protocol = 2) => Raw(0x80, (byte)protocol);

    public byte[] Bytes => _bytes.ToArray();

    public PickleAssembler Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public PickleAssembler Op(string opcodes) => Raw(Encoding.Latin1.GetBytes(opcodes));

    public PickleAssembler Stop() => Op(".");

    public PickleAssembler Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return Op("X").Raw(BitConverter.GetBytes(bytes.Length)).Raw(bytes);
    }

    public PickleAssembler Integer(BigInteger value)
    {
        byte[] bytes = value.ToByteArray();
        return Raw(0x8a, (byte)bytes.Length).Raw(bytes);
    }

    public PickleAssembler Tuple(params IEnumerable<long> values)
    {
        Op("(");
        foreach (long value in values)
        {
            Integer(value);
        }

        return Op("t");
    }

    public PickleAssembler Global(string module, string name) => Op($"c{module}\n{name}\n");

    public PickleAssembler Storage(string type, string key, long count) =>
        Op("(").Text("storage").Global("torch", type).Text(key).Text("cpu").Integer(count).Op("tQ");

    /// <summary>A tensor that views a storage.</summary>
    public PickleAssembler Tensor(string type, string key, long count, long offset, long[] shape, long[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v2").Op("(").Storage(type, key, count).Integer(offset).Tuple(shape).Tuple(strides)
            .Raw(0x89).Global("collections", "OrderedDict").Op(")RtR");

    /// <summary>A pickle of a dictionary with one entry, <c>a</c>.</summary>
    public static byte[] State(Func<PickleAssembler, PickleAssembler> value, int protocol = 2) =>
        value(new PickleAssembler(protocol).Op("}").Text("a")).Op("s").Stop().Bytes;

    /// <summary>An archive as torch.save lays it out.</summary>
    public static byte[] Zip(byte[] pickle, params IEnumerable<(string Name, byte[] Bytes)> others) =>
        Archive([("archive/data.pkl", pickle), .. others.Select(o => ("archive/" + o.Name, o.Bytes))]);

    public static byte[] Archive(IEnumerable<(string Name, byte[] Bytes)> entries, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in entries)
            {
                using Stream entry = archive.CreateEntry(name, level).Open();
                entry.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    /// <summary>A file in the format before 1.6.</summary>
    public static byte[] Legacy(byte[] pickle, params IEnumerable<(string Key, long Count, byte[] Bytes)> storages) =>
        LegacyWith(1001, 0x88, pickle, storages);

    public static byte[] LegacyWith(int version, byte littleEndian, byte[] pickle, params IEnumerable<(string Key, long Count, byte[] Bytes)> storages)
    {
        var file = new MemoryStream();
        file.Write(new PickleAssembler().Integer(BigInteger.Parse("119547037146038801333356")).Stop().Bytes);
        file.Write(new PickleAssembler().Integer(version).Stop().Bytes);
        file.Write(new PickleAssembler().Op("}").Text("little_endian").Raw(littleEndian).Op("s").Stop().Bytes);
        file.Write(pickle);
        var keys = new PickleAssembler().Op("](");
        var data = new MemoryStream();
        Span<byte> length = stackalloc byte[8];
        foreach ((string key, long count, byte[] bytes) in storages)
        {
            keys.Text(key);
            BinaryPrimitives.WriteInt64LittleEndian(length, count);
            data.Write(length);
            data.Write(bytes);
        }

        file.Write(keys.Op("e").Stop().Bytes);
        file.Write(data.ToArray());
        return file.ToArray();
    }

    public static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
