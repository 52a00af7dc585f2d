using DistillSharp.Data;
using DistillSharp.Export;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Export;

/// <summary>The structure of exported files, and what cannot be exported: none of it needs onnxruntime.</summary>
public sealed class OnnxExporterTests
{
    private static readonly ImageTask s_task = new(3, 32, 32, 10);
    private static readonly ImageTask s_small = new(4, 6, 6, 144);
    private static readonly Normalization s_normalization = new([0.5, 0.4, 0.3], [0.25, 0.2, 0.5]);

    [Fact]
    public void Should_name_constants_as_the_network_names_its_weights()
    {
        using ImageModel network = ModelZoo.Create("resnet8", s_task, 1);
        OnnxFile file = Export(network, s_task, new OnnxExportOptions { Normalization = s_normalization });

        Dictionary<string, Tensor> state = network.StateDict().ToDictionary(p => p.Key, p => p.Value);
        IEnumerable<string> used = state.Keys.Where(n => !n.EndsWith("num_batches_tracked", StringComparison.Ordinal));
        Assert.Empty(used.Except(file.Constants.Keys));
        foreach (string name in used)
        {
            Assert.Equal(state[name].Shape, file.Constants[name].Shape);
            Assert.Equal(state[name].Detach().Contiguous().AsBytes().ToArray(), file.Constants[name].Bytes);
        }

        // Mean and deviation are the only other numbers.
        Assert.Equal(["normalize/constant", "normalize/constant_1"], file.Constants.Keys.Except(state.Keys).Where(k => k.StartsWith("normalize", StringComparison.Ordinal)));
    }

    [Fact]
    public void Should_write_one_node_for_each_layer_with_its_path()
    {
        using ImageModel network = ModelZoo.Create("resnet8", s_task, 1);
        OnnxFile file = Export(network, s_task, new OnnxExportOptions { Normalization = s_normalization });

        Assert.Equal(["Sub", "Mul", "Conv", "BatchNormalization", "Relu"], file.Nodes.Take(5).Select(n => n.Operator));
        Assert.Equal("layer1.0.conv1/Conv", file.Nodes[5].Name);
        Assert.Equal(["Gemm"], file.Nodes.TakeLast(1).Select(n => n.Operator));
        Assert.Equal(["logits"], file.Nodes[^1].Outputs);
        Assert.Contains("images", file.Nodes[0].Inputs);
    }

    [Fact]
    public void Should_leave_the_batch_open_and_state_what_it_is()
    {
        using ImageModel network = ModelZoo.Create("resnet8", s_task, 1);
        OnnxFile file = Export(network, s_task, new OnnxExportOptions { Normalization = s_normalization, ClassNames = ["a", "b"], WeightsSha256 = "0123" });

        Assert.Equal(8, file.Model.Numbers(1).Single());
        Assert.Equal("DistillSharp", file.Model.Texts(2).Single());
        Assert.Equal(17, file.Model.Messages(8).Single().Numbers(2).Single());
        Assert.Equal(("images", "N,3,32,32"), Value(file.Graph.Messages(11).Single()));
        Assert.Equal(("logits", "N,10"), Value(file.Graph.Messages(12).Single()));
        Assert.Equal("resnet8", file.Metadata["network"]);
        Assert.Equal("10", file.Metadata["classes"]);
        Assert.Equal("[\"a\",\"b\"]", file.Metadata["class_names"]);
        Assert.Equal("[0.5,0.4,0.3]", file.Metadata["mean"]);
        Assert.Equal("[0.25,0.2,0.5]", file.Metadata["std"]);
        Assert.Equal("0123", file.Metadata["weights_sha256"]);
        Assert.StartsWith("images in [0, 1]", file.Metadata["input"], StringComparison.Ordinal);
    }

    [Fact]
    public void Should_take_normalised_images_where_asked_to()
    {
        using ImageModel network = ModelZoo.Create("resnet8", s_task, 1);
        OnnxFile file = Export(network, s_task, new OnnxExportOptions { Normalization = s_normalization, NormalizeInside = false });

        Assert.Equal("Conv", file.Nodes[0].Operator);
        Assert.StartsWith("images that are normalised already", file.Metadata["input"], StringComparison.Ordinal);
        Assert.Equal("[0.5,0.4,0.3]", file.Metadata["mean"]);
    }

    [Theory]
    [InlineData("ShuffleV2")]
    [InlineData("vit-small")]
    public void Should_hold_nothing_that_the_logits_do_not_need_in_the_order_of_computation(string name)
    {
        using ImageModel network = ModelZoo.Create(name, s_task, 1);
        OnnxFile file = Export(network, s_task);

        var there = new HashSet<string>(file.Constants.Keys) { "images", "" };
        foreach (OnnxFileNode node in file.Nodes)
        {
            Assert.Empty(node.Inputs.Except(there));
            Assert.All(node.Outputs, o => Assert.True(there.Add(o), $"{o} is given twice."));
        }

        IEnumerable<string> taken = file.Nodes.SelectMany(n => n.Inputs);
        Assert.All(file.Nodes.SkipLast(1), n => Assert.NotEmpty(n.Outputs.Intersect(taken)));
        Assert.Empty(file.Constants.Keys.Except(taken));
        Assert.Equal(file.Nodes.Count, file.Nodes.Select(n => n.Name).Distinct().Count());
    }

    [Fact]
    public void Should_write_the_same_bytes_again_whatever_was_exported_in_between()
    {
        using ImageModel network = ModelZoo.Create("vit-small", s_task, 1);
        byte[] first = Bytes(network, s_task);
        using ImageModel other = ModelZoo.Create("lenet5", s_task, 1);
        Bytes(other, s_task);
        Assert.True(first.AsSpan().SequenceEqual(Bytes(network, s_task)));
    }

    [Fact]
    public void Should_leave_the_network_and_memory_as_they_were()
    {
        using ImageModel network = ModelZoo.Create("resnet8", s_task, 1);
        network.Train();
        float[] before = network.StateDict()[0].Value.ToArray<float>();
        long live = LiveTensors.Settled();
        Bytes(network, s_task);

        Assert.Equal(live, Tensor.LiveCount);
        Assert.True(network.IsTraining);
        Assert.Equal(before, network.StateDict()[0].Value.ToArray<float>());
        Assert.True(Autograd.IsRecording);
    }

    [Fact]
    public void Should_take_what_does_not_depend_on_the_images_as_a_constant()
    {
        using var network = new FunctionNetwork(x => x * Operators.Arange(6).To(DType.Float32).Sin().Cumsum(0));
        OnnxFile file = Export(network, s_small);

        Assert.Equal(["Mul", "Reshape"], file.Nodes.Select(n => n.Operator));
        Assert.Equal([6L], file.Constants["layer/constant"].Shape);
    }

    [Fact]
    public void Should_drop_what_the_logits_do_not_need_even_where_it_cannot_be_exported()
    {
        using var network = new FunctionNetwork(x =>
        {
            x.Sort(1);
            return x.Exp();
        });
        Assert.Equal(["Exp", "Reshape"], Export(network, s_small).Nodes.Select(n => n.Operator));
    }

    [Fact]
    public void Should_name_the_operator_and_the_layer_that_cannot_be_exported_and_write_nothing()
    {
        string folder = Directory.CreateTempSubdirectory("distillsharp-onnx-").FullName;
        try
        {
            using var network = new FunctionNetwork(x => x.Sort(1).Item1);
            string path = Path.Combine(folder, "network.onnx");
            OnnxExportException error = Assert.Throws<OnnxExportException>(() => OnnxExporter.Export(network, s_small, path));
            Assert.Contains("sort(Float32 [2, 4, 6, 6]), called in or on the way to the layer 'layer'", error.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Should_refuse_what_a_graph_could_not_say()
    {
        Refuses("changes a tensor in place that other operators look at", x =>
        {
            Tensor sum = x + 1.0;
            Tensor view = sum.Flatten(1);
            sum.MulInPlace(2.0);
            return view;
        });
        Refuses("does not compute the same for every batch: it calls", x => x.Size(0) == 2 ? x.Exp() : x.Sin());
        Refuses("the argument 'other' of mul.Scalar depends on the batch", x => x * (1.0 / x.Size(0)));
        Refuses("made from the images without an operator", x => x * Tensor.From(x.ToArray<float>()[..6]));
        Refuses("maps of 6x6 cannot be parted evenly into 4x4", x => x.AdaptiveAvgPool2d([4, 4]), classes: 64);
        Refuses("ceil_mode", x => x.MaxPool2d([4, 4], ceilMode: true), classes: 16);
        Refuses("only running statistics", x => Operators.BatchNorm(x, null, null, null, null, true, 0.1, 1e-5, true));
        Refuses("logits [N, 144] of Float32; for 2 images it gives Float32 [2, 36]", x => x.Select(1, 0));
        Refuses("there is no way to write ones()", x => Operators.Ones([x.Size(0), 4, 1, 1]) * x);
        Refuses("does not look at its input", x => Operators.Ones([x.Size(0), 144]));
    }

    [Fact]
    public void Should_refuse_weights_that_are_not_float32()
    {
        using ImageModel network = ModelZoo.Create("lenet5", s_task, 1);
        network.To(DType.Float64);
        Assert.Contains("have to be Float32 on the CPU; 'conv1.weight' is Float64", Assert.Throws<OnnxExportException>(() => Bytes(network, s_task)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_files_above_two_gigabytes_before_anything_is_written()
    {
        var graph = new OnnxGraph();
        graph.Add(new OnnxTensor("large", 1, [1L << 29], 1L << 31, () => throw new InvalidOperationException("The elements were asked for.")));
        OnnxExportException error = Assert.Throws<OnnxExportException>(() => OnnxModelFile.Build(graph, "n", ("images", [1]), ("logits", [1]), "1", []));
        Assert.Contains("at most 2,147,483,647", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_export_a_classifier_with_its_own_normalisation()
    {
        string path = Path.Combine(Path.GetTempPath(), $"distillsharp-{Guid.NewGuid():N}.onnx");
        try
        {
            using var classifier = new ImageClassifier(ModelZoo.Create("resnet8", s_task, 1), s_normalization.Mean, s_normalization.StandardDeviation);
            OnnxExportSummary summary = OnnxExporter.Export(classifier, s_task, path);
            byte[] bytes = File.ReadAllBytes(path);
            OnnxFile file = OnnxFile.Read(bytes);
            Assert.Equal(bytes.Length, summary.Bytes);
            Assert.Equal(file.Nodes.Count, summary.Nodes);
            Assert.Equal(("images [N, 3, 32, 32]", "logits [N, 10]"), (summary.Input, summary.Output));
            Assert.Equal("Sub", file.Nodes[0].Operator);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Refuses(string expected, Func<Tensor, Tensor> function, int classes = 144)
    {
        using var network = new FunctionNetwork(function);
        OnnxExportException error = Assert.Throws<OnnxExportException>(() => Bytes(network, s_small with { Classes = classes }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static OnnxFile Export(ImageModel network, ImageTask task, OnnxExportOptions? options = null) => OnnxFile.Read(Bytes(network, task, options));

    private static byte[] Bytes(ImageModel network, ImageTask task, OnnxExportOptions? options = null)
    {
        using var stream = new MemoryStream();
        OnnxExporter.Export(network, task, stream, options);
        return stream.ToArray();
    }

    private static (string Name, string Shape) Value(OnnxFile.Message value)
    {
        OnnxFile.Message tensor = value.Messages(2).Single().Messages(1).Single();
        IEnumerable<string> sizes = tensor.Messages(2).Single().Messages(1).Select(d => d.Texts(2).FirstOrDefault() ?? $"{d.Numbers(1).Single()}");
        return (value.Texts(1).Single(), string.Join(',', sizes));
    }
}
