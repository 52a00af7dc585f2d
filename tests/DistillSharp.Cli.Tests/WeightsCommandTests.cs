using System.Text.Json;
using DistillSharp.Models;
using DistillSharp.Torch;
using DistillSharp.Weights;
using Spectre.Console;

namespace DistillSharp.Cli.Tests;

/// <summary><c>distill layers</c> and <c>distill import</c>.</summary>
public sealed class WeightsCommandTests : IDisposable
{
    private static readonly ImageTask Task = new(1, 28, 28, 10);

    private readonly string _folder = Directory.CreateTempSubdirectory("distillsharp-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Should_List_The_Tensors_And_The_Networks_They_Fit()
    {
        string file = Write("w.pth", rename: n => "module." + n);
        (int code, string output, string errors) = Ask("layers", file);
        Assert.Equal((ExitCodes.Done, ""), (code, errors));
        Assert.Matches(@"(?m)^\s*fc3\.weight\s+\[10, 84\]\s+Float32\s+840\s+3,360\s*$", output);
        Assert.Contains("Prefix taken off every name: module.", output);
        Assert.Contains("10 tensors, 61,706 elements, 246,824 bytes.", output);
        Assert.Contains("Fits: lenet5 (1 channels, 10 classes)", output);
    }

    [Fact]
    public void Should_List_As_Json()
    {
        (int code, string output, _) = Ask("layers", Write("w.safetensors"), "--format", "json");
        Assert.Equal(ExitCodes.Done, code);
        JsonElement root = JsonDocument.Parse(output).RootElement;
        Assert.Equal("safetensors", root.GetProperty("format").GetString());
        Assert.Equal(61_706, root.GetProperty("elements").GetInt64());
        Assert.Equal("conv1.weight", root.GetProperty("tensors")[0].GetProperty("name").GetString());
        Assert.Equal([6L, 1, 5, 5], root.GetProperty("tensors")[0].GetProperty("shape").EnumerateArray().Select(s => s.GetInt64()));
        Assert.Equal("lenet5", root.GetProperty("networks")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("out.pth", WeightsFormat.PyTorch)]
    [InlineData("out.safetensors", WeightsFormat.SafeTensors)]
    public void Should_Write_The_Weights_Under_The_Network_S_Names(string name, WeightsFormat format)
    {
        string target = Path.Combine(_folder, name);
        string source = Write("w.pth", rename: n => n.Replace("fc3.", "classifier.", StringComparison.Ordinal));
        (int code, string output, string errors) = Ask("import", source, "--model", "lenet5", "--mapping", "classifier.=fc3.", "--out", target);
        Assert.Equal((ExitCodes.Done, ""), (code, errors));
        Assert.Contains("Network: lenet5 for 1 x 32 x 32 pixels and 10 classes.", output);
        Assert.Contains("10 of the network's 10 tensors match by name and shape.", output);

        using var scope = new TensorScope();
        using WeightsFile written = WeightsFile.Open(target);
        using ImageModel model = Model();
        Assert.Equal(format, written.Format);
        OrderedDictionary<string, Tensor> tensors = written.Read();
        Assert.Equal(model.StateDict().Select(p => p.Key), tensors.Keys);
        Assert.All(model.StateDict(), p => Assert.True(p.Value.Equal(tensors[p.Key])));
    }

    [Fact]
    public void Should_Find_The_Network_Where_None_Is_Named()
    {
        (int code, string output, _) = Ask("import", Write("w.pth"), "--input", "1x28x28");
        Assert.Equal(ExitCodes.Done, code);
        Assert.Contains("Network: lenet5 for 1 x 28 x 28 pixels and 10 classes.", output);
    }

    [Fact]
    public void Should_Answer_9_To_Weights_That_Do_Not_Fit_And_Write_Nothing()
    {
        string target = Path.Combine(_folder, "out.pth");
        string source = Write("w.pth", rename: n => n.Replace("fc3.", "classifier.", StringComparison.Ordinal));
        (int code, _, string errors) = Ask("import", source, "--model", "lenet5", "--out", target);
        Assert.Equal(ExitCodes.Mismatch, code);
        Assert.Contains("missing: fc3.weight [10, 84] (of this shape, unexpected: classifier.weight)", errors);
        Assert.Contains("try: --mapping classifier.=fc3.", errors);
        Assert.False(File.Exists(target));

        (code, _, errors) = Ask("import", source);
        Assert.Equal(ExitCodes.Mismatch, code);
        Assert.Contains("fit no network exactly. Name one with --model", errors);
    }

    [Theory]
    [InlineData("There is no model 'lenet'", "--model", "lenet")]
    [InlineData("There is no state dict under the key 'emma'", "--key", "emma")]
    [InlineData("--classes takes a whole number from 2 to 100000, found '1'", "--classes", "1")]
    [InlineData("--input takes channels (1 to 1024), height and width (1 to 4096), e.g. 3x32x32, found '32x32'", "--input", "32x32")]
    [InlineData("--out takes a file that ends in .safetensors, .pth, .pt, found 'out.onnx'", "--out", "out.onnx")]
    [InlineData("A mapping is old=new", "--mapping", "fc3")]
    [InlineData("28x28 or 32x32, not 30x30", "--model", "lenet5", "--input", "1x30x30")]
    [InlineData("The mapping gives two tensors the name 'fc1.weight'", "--model", "lenet5", "--mapping", "fc2.=fc1.")]
    public void Should_Answer_2_To_What_Cannot_Be(string message, params string[] options)
    {
        (int code, _, string errors) = Ask(["import", Write("w.pth"), .. options]);
        Assert.Equal(ExitCodes.WrongRequest, code);
        Assert.Contains(message, errors);
    }

    [Theory]
    [InlineData("layers")]
    [InlineData("import")]
    public void Should_Answer_3_To_What_Holds_No_Weights(string command)
    {
        string text = Path.Combine(_folder, "notes.pth");
        File.WriteAllText(text, "These are no weights.");
        foreach (string path in (string[])[text, _folder, Path.Combine(_folder, "none.pth")])
        {
            (int code, _, string errors) = Ask(command, path);
            Assert.Equal(ExitCodes.BadInput, code);
            Assert.Contains(path, errors);
        }
    }

    private static ImageModel Model() => ModelZoo.Create("lenet5", Task, seed: 1);

    private static (int Code, string Output, string Errors) Ask(params string[] arguments)
    {
        var output = new StringWriter();
        var errors = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 160;
        int code = DistillCommand.Run(arguments, console, errors);
        return (code, output.ToString(), errors.ToString());
    }

    private string Write(string name, Func<string, string>? rename = null)
    {
        string path = Path.Combine(_folder, name);
        using var scope = new TensorScope();
        using ImageModel model = Model();
        WeightsFile.Write(path, model.StateDict().Select(p => new KeyValuePair<string, Tensor>(rename?.Invoke(p.Key) ?? p.Key, p.Value)));
        return path;
    }
}
