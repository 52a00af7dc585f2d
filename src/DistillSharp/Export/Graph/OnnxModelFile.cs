using Google.Protobuf;

namespace DistillSharp.Export;

/// <summary>Writes a graph as an ONNX file. The numbers are the fields' in onnx.proto (IR version 8), whose names stand beside them.</summary>
internal static class OnnxModelFile
{
    /// <summary>The version of ONNX's set of operators that the graph uses.</summary>
    public const int OperatorSet = 17;

    /// <summary>The name of the batch's size among the shapes of input and output.</summary>
    public const string BatchDimension = "N";

    private const int IrVersion = 8;

    /// <summary>Puts the file together.</summary>
    /// <param name="graph">Nodes and constants.</param>
    /// <param name="name">The graph's name.</param>
    /// <param name="input">The input's name, and its shape without the batch.</param>
    /// <param name="output">The output's name, and its shape without the batch.</param>
    /// <param name="producerVersion">This library's version.</param>
    /// <param name="metadata">Texts that go with it.</param>
    /// <exception cref="OnnxExportException">It would be above protobuf's 2 GB.</exception>
    public static ProtoMessage Build(
        OnnxGraph graph,
        string name,
        (string Name, long[] Shape) input,
        (string Name, long[] Shape) output,
        string producerVersion,
        IEnumerable<KeyValuePair<string, string>> metadata)
    {
        ProtoMessage model = new ProtoMessage()
            .Add(1, IrVersion) // ir_version
            .Add(2, "DistillSharp") // producer_name
            .Add(3, producerVersion) // producer_version
            .Add(7, Graph(graph, name, input, output)) // graph
            .Add(8, new ProtoMessage().Add(1, "").Add(2, OperatorSet)); // opset_import: domain, version
        foreach ((string key, string value) in metadata)
        {
            model.Add(14, new ProtoMessage().Add(1, key).Add(2, value)); // metadata_props: key, value
        }

        return model.Size <= int.MaxValue
            ? model
            : throw new OnnxExportException($"The file would take {model.Size:N0} bytes; an ONNX file holds at most {int.MaxValue:N0} (2 GB, protobuf's limit). Export a smaller network.");
    }

    /// <summary>Writes the file's bytes.</summary>
    public static void Write(ProtoMessage model, Stream stream)
    {
        using var output = new CodedOutputStream(stream, leaveOpen: true);
        model.WriteTo(output);
        output.Flush();
    }

    private static ProtoMessage Graph(OnnxGraph graph, string name, (string Name, long[] Shape) input, (string Name, long[] Shape) output)
    {
        var message = new ProtoMessage();
        foreach (OnnxNode node in graph.Nodes)
        {
            message.Add(1, Node(node)); // node
        }

        message.Add(2, name); // name
        foreach (OnnxTensor constant in graph.Constants)
        {
            message.Add(5, Tensor(constant)); // initializer
        }

        return message
            .Add(11, ValueInfo(input.Name, input.Shape)) // input
            .Add(12, ValueInfo(output.Name, output.Shape)); // output
    }

    private static ProtoMessage Node(OnnxNode node)
    {
        var message = new ProtoMessage();
        foreach (string input in node.Inputs)
        {
            message.Add(1, input); // input
        }

        foreach (string output in node.Outputs)
        {
            message.Add(2, output); // output
        }

        message.Add(3, node.Name).Add(4, node.Operator); // name, op_type
        foreach (OnnxAttribute attribute in node.Attributes)
        {
            message.Add(5, Attribute(attribute)); // attribute
        }

        return message;
    }

    private static ProtoMessage Attribute(OnnxAttribute attribute)
    {
        ProtoMessage message = new ProtoMessage().Add(1, attribute.Name); // name
        switch (attribute.Value)
        {
            case float number:
                return message.Add(2, number).Add(20, 1); // f, type FLOAT
            case long whole:
                return message.Add(3, whole).Add(20, 2); // i, type INT
            case string text:
                return message.Add(4, text).Add(20, 3); // s, type STRING
            case long[] list:
                foreach (long item in list)
                {
                    message.Add(8, item); // ints
                }

                return message.Add(20, 7); // type INTS
            default:
                throw new InvalidOperationException($"An attribute cannot be a {attribute.Value.GetType().Name}.");
        }
    }

    private static ProtoMessage Tensor(OnnxTensor tensor)
    {
        var message = new ProtoMessage();
        foreach (long size in tensor.Shape)
        {
            message.Add(1, size); // dims
        }

        return message
            .Add(2, tensor.ElementType) // data_type
            .Add(8, tensor.Name) // name
            .Add(9, tensor.ByteCount, tensor.Bytes); // raw_data
    }

    // TypeProto.Tensor: elem_type, shape; of each dimension dim_value or dim_param.
    private static ProtoMessage ValueInfo(string name, long[] shape)
    {
        ProtoMessage sizes = new ProtoMessage().Add(1, new ProtoMessage().Add(2, BatchDimension));
        foreach (long size in shape)
        {
            sizes.Add(1, new ProtoMessage().Add(1, size));
        }

        ProtoMessage type = new ProtoMessage().Add(1, OnnxElementType.Float32).Add(2, sizes);
        return new ProtoMessage().Add(1, name).Add(2, new ProtoMessage().Add(1, type));
    }
}
