using System.Text;
using Google.Protobuf;

namespace DistillSharp.Export;

/// <summary>
/// A protobuf message that is put together field by field and written by <see cref="CodedOutputStream"/>. Large byte fields are asked
/// for only when they are written, one at a time.
/// </summary>
internal sealed class ProtoMessage
{
    private readonly List<Action<CodedOutputStream>> _fields = [];

    /// <summary>How many bytes the message takes, without its own tag and length.</summary>
    public long Size { get; private set; }

    /// <summary>Adds a whole number (int32, int64 or an enumeration).</summary>
    public ProtoMessage Add(int field, long value) =>
        Add(field, CodedOutputStream.ComputeInt64Size(value), WireFormat.WireType.Varint, o => o.WriteInt64(value));

    /// <summary>Adds a 32-bit float.</summary>
    public ProtoMessage Add(int field, float value) => Add(field, sizeof(float), WireFormat.WireType.Fixed32, o => o.WriteFloat(value));

    /// <summary>Adds a text, or a byte field that holds one.</summary>
    public ProtoMessage Add(int field, string value) =>
        Add(field, Prefixed(Encoding.UTF8.GetByteCount(value)), WireFormat.WireType.LengthDelimited, o => o.WriteString(value));

    /// <summary>Adds a message.</summary>
    public ProtoMessage Add(int field, ProtoMessage value) => Add(field, Prefixed(value.Size), WireFormat.WireType.LengthDelimited, o =>
    {
        o.WriteLength((int)value.Size);
        value.WriteTo(o);
    });

    /// <summary>Adds bytes.</summary>
    /// <param name="field">The field's number.</param>
    /// <param name="count">How many.</param>
    /// <param name="bytes">Gives them when they are written.</param>
    public ProtoMessage Add(int field, long count, Func<ReadOnlyMemory<byte>> bytes) =>
        Add(field, Prefixed(count), WireFormat.WireType.LengthDelimited, o => o.WriteBytes(UnsafeByteOperations.UnsafeWrap(bytes())));

    /// <summary>Writes the message's fields, in the order in which they were added.</summary>
    public void WriteTo(CodedOutputStream output)
    {
        foreach (Action<CodedOutputStream> field in _fields)
        {
            field(output);
        }
    }

    // A length beyond 2 GB cannot be written; the writer of the whole refuses it by its size before it begins.
    private static long Prefixed(long length) => CodedOutputStream.ComputeUInt64Size((ulong)length) + length;

    private ProtoMessage Add(int field, long size, WireFormat.WireType type, Action<CodedOutputStream> write)
    {
        Size += CodedOutputStream.ComputeTagSize(field) + size;
        _fields.Add(o =>
        {
            o.WriteTag(field, type);
            write(o);
        });
        return this;
    }
}
