using System.Text.Json;
using DistillSharp.Cli.Tests.Support;
using DistillSharp.Models;
using DistillSharp.Studies;
using DistillSharp.Tests.Export;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;
using DistillSharp.Weights;
using Spectre.Console;

namespace DistillSharp.Cli.Tests;

/// <summary><c>distill export</c>: of a file of weights, and of a study's runs.</summary>
public sealed class ExportCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("distillsharp-cli-").FullName;

    private string Target => Path.Combine(_folder, "out.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Should_Export_A_File_Of_Weights()
    {
        string weights = Write();
        (int code, string output, string errors) = Ask("export", weights, "--model", "lenet5", "--input", "1x28x28", "--mean", "0.25", "--std", "0.5", "--out", Target);

        Assert.Equal((ExitCodes.Done, ""), (code, errors));
        Assert.Contains("Network: lenet5", output, StringComparison.Ordinal);
        Assert.Contains("Input: images [N, 1, 28, 28], values in [0, 1]; the graph normalises them", output, StringComparison.Ordinal);
        Assert.Contains("Output: logits [N, 10]", output, StringComparison.Ordinal);
        Assert.Contains($"Written: {Target}", output, StringComparison.Ordinal);
        OnnxFile file = OnnxFile.Read(File.ReadAllBytes(Target));
        Assert.Equal(["Sub", "Mul", "Conv"], file.Nodes.Take(3).Select(n => n.Operator));
        Assert.Equal(("[0.25]", "[0.5]"), (file.Metadata["mean"], file.Metadata["std"]));
        Assert.Equal(64, file.Metadata["weights_sha256"].Length);
        SameWeights(weights, file);
    }

    [Fact]
    public void Should_Find_The_Network_And_Leave_Normalising_To_The_Caller()
    {
        (int code, _, string errors) = Ask("export", Write(), "--normalized-input", "--out", Target);
        Assert.Equal((ExitCodes.Done, ""), (code, errors));
        OnnxFile file = OnnxFile.Read(File.ReadAllBytes(Target));
        Assert.Equal("Conv", file.Nodes[0].Operator);
        Assert.Equal("lenet5", file.Metadata["network"]);
    }

    [Theory]
    [InlineData(ExitCodes.WrongRequest, "does not say what its network normalises by. Give --mean and --std")]
    [InlineData(ExitCodes.WrongRequest, "--mean and --std go together.", "--mean", "0.5")]
    [InlineData(ExitCodes.WrongRequest, "one number for each of the 1 channels, found 2 and 1", "--mean", "0.5,0.5", "--std", "0.5")]
    [InlineData(ExitCodes.WrongRequest, "--std takes numbers above 0 with commas between them, one for each channel, found '0.5,0'", "--mean", "0.5", "--std", "0.5,0")]
    [InlineData(ExitCodes.WrongRequest, "There is no model 'lenet6'. Did you mean 'lenet5'", "--model", "lenet6", "--normalized-input")]
    [InlineData(ExitCodes.Mismatch, "do not fit the network", "--model", "resnet8", "--normalized-input")]
    public void Should_Say_What_Is_Wrong_And_Write_Nothing(int expected, string message, params string[] options)
    {
        (int code, _, string errors) = Ask(["export", Write(), "--out", Target, .. options]);
        Assert.Equal(expected, code);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
    }

    [Fact]
    public void Should_Ask_For_The_File_To_Write()
    {
        (int code, _, string errors) = Ask("export", Write(), "--normalized-input");
        Assert.Equal(ExitCodes.WrongRequest, code);
        Assert.Contains("--out", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Export_The_Runs_Of_A_Study()
    {
        using var study = new TinyStudy();
        string path = study.Write(methods: "[kl]", analyses: "[]", seeds: "[0]", epochs: 1, teachers: "[{ model: convnet, widths: [8, 16], seed: 100, members: 2 }]");
        Assert.Equal(ExitCodes.Done, Ask("study", "run", path, "--output", study["results"]).Code);

        string student = study.Run("results", "student-kl-s0");
        (int code, string output, string errors) = Ask("export", student, "--out", Target);
        Assert.Equal((ExitCodes.Done, ""), (code, errors));
        Assert.Contains("Network: convnet 4-8", output, StringComparison.Ordinal);
        OnnxFile file = OnnxFile.Read(File.ReadAllBytes(Target));
        SameWeights(Path.Combine(student, "model.safetensors"), file);
        RunRecord record = RunRecord.TryRead(student)!;
        Assert.Equal(record.ModelSha256, file.Metadata["weights_sha256"]);
        Assert.Equal(4, JsonSerializer.Deserialize<string[]>(file.Metadata["class_names"])!.Length);
        Assert.Single(JsonSerializer.Deserialize<double[]>(file.Metadata["mean"])!);

        string teacher = study.Run("results", "teacher");
        Assert.Equal(ExitCodes.Done, Ask("export", teacher, "--out", Target).Code);
        OnnxFile ensemble = OnnxFile.Read(File.ReadAllBytes(Target));
        Assert.Contains("ReduceLogSumExp", ensemble.Nodes.Select(n => n.Operator));
        SameWeights(Path.Combine(teacher, "model.safetensors"), ensemble);

        File.Delete(Target);
        Fails(ExitCodes.WrongRequest, "--model goes with a file of weights; of a run the study says it", student, "--model", "convnet");
        Fails(ExitCodes.BadInput, "expected the folder of a finished run", study["results"]);
        File.AppendAllText(Path.Combine(student, "model.safetensors"), " ");
        Fails(ExitCodes.BadInput, "the file is damaged or was replaced", student);
        Directory.Delete(study["data"], recursive: true);
        Fails(ExitCodes.BadInput, "say with --model, --input, --mean and --std", teacher);
        File.Delete(Path.Combine(study["results"], "study.resolved.yaml"));
        Fails(ExitCodes.BadInput, "expected the study that the run belongs to, found no such file", teacher);
    }

    private static void SameWeights(string weights, OnnxFile file)
    {
        using SafeTensorsContent content = SafeTensors.Read(weights);
        foreach ((string name, Tensor tensor) in content.Tensors.Where(t => !t.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)))
        {
            Assert.Equal(tensor.Shape, file.Constants[name].Shape);
            Assert.Equal(tensor.AsBytes().ToArray(), file.Constants[name].Bytes);
        }
    }

    private static (int Code, string Output, string Errors) Ask(params string[] arguments)
    {
        var output = new StringWriter();
        var errors = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 300;
        int code = DistillCommand.Run(arguments, console, errors);
        return (code, output.ToString(), errors.ToString());
    }

    private void Fails(int expected, string message, string source, params string[] options)
    {
        (int code, _, string errors) = Ask(["export", source, "--out", Target, .. options]);
        Assert.Equal(expected, code);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
    }

    private string Write()
    {
        string path = Path.Combine(_folder, "weights.safetensors");
        using ImageModel model = ModelZoo.Create("lenet5", new ImageTask(1, 28, 28, 10), 3);
        WeightsFile.Write(path, model.StateDict());
        return path;
    }
}
