using System.Text;
using Google.Protobuf;

namespace DistillSharp.Tests.Export;

/// <summary>An ONNX file read with Google's reader and the field numbers of onnx.proto: what the tests of its structure look at.</summary>
internal sealed class OnnxFile
{
    private OnnxFile(Message model)
    {
        Model = model;
        Graph = model.Messages(7).Single();
        Nodes = [.. Graph.Messages(1).Select(n => new OnnxFileNode(n.Texts(4).Single(), n.Texts(3).Single(), [.. n.Texts(1)], [.. n.Texts(2)]))];
        Constants = Graph.Messages(5).ToDictionary(t => t.Texts(8).Single(), t => (Shape: t.Numbers(1).ToArray(), Type: t.Numbers(2).Single(), Bytes: t.Bytes(9).Single()));
        Metadata = model.Messages(14).ToDictionary(e => e.Texts(1).Single(), e => e.Texts(2).Single());
    }

    public Message Model { get; }

    public Message Graph { get; }

    public IReadOnlyList<OnnxFileNode> Nodes { get; }

    public IReadOnlyDictionary<string, (long[] Shape, long Type, byte[] Bytes)> Constants { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public static OnnxFile Read(byte[] bytes) => new(Message.Read(bytes));

    /// <summary>A message's fields by their numbers.</summary>
    internal sealed class Message
    {
        private readonly List<(int Field, object Value)> _fields = [];

        public static Message Read(byte[] bytes)
        {
            var message = new Message();
            var input = new CodedInputStream(bytes);
            while (input.ReadTag() is var tag && tag != 0)
            {
                object value = WireFormat.GetTagWireType(tag) switch
                {
                    WireFormat.WireType.Varint => input.ReadInt64(),
                    WireFormat.WireType.Fixed32 => input.ReadFloat(),
                    WireFormat.WireType.LengthDelimited => input.ReadBytes().ToByteArray(),
                    var other => throw new InvalidDataException($"Field {WireFormat.GetTagFieldNumber(tag)} is a {other}."),
                };
                message._fields.Add((WireFormat.GetTagFieldNumber(tag), value));
            }

            return message;
        }

        public IEnumerable<byte[]> Bytes(int field) => _fields.Where(f => f.Field == field).Select(f => (byte[])f.Value);

        public IEnumerable<Message> Messages(int field) => Bytes(field).Select(Read);

        public IEnumerable<string> Texts(int field) => Bytes(field).Select(Encoding.UTF8.GetString);

        public IEnumerable<long> Numbers(int field) => _fields.Where(f => f.Field == field).Select(f => (long)f.Value);
    }
}

/// <summary>A node of an ONNX file.</summary>
internal sealed record OnnxFileNode(string Operator, string Name, string[] Inputs, string[] Outputs);
