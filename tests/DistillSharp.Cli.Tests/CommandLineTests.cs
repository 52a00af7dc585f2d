using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using DistillSharp.Models;
using Spectre.Console;

namespace DistillSharp.Cli.Tests;

/// <summary>The command's words: help, lists, and answers to what does not exist.</summary>
public sealed class CommandLineTests
{
    public static TheoryData<string> Commands { get; } = [.. AllCommands().Select(c => c.Path)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Should_Explain_Every_Command_With_Its_Options(string path)
    {
        Command command = AllCommands().Single(c => c.Path == path).Command;
        Answer answer = Ask([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal(ExitCodes.Done, answer.Code);
        Assert.False(string.IsNullOrEmpty(command.Description));
        string words = Words(answer.Output);
        Assert.Contains(Words(command.Description), words, StringComparison.Ordinal);
        Assert.All(command.Options, o => Assert.Contains(o.Name, words, StringComparison.Ordinal));
        Assert.All(command.Options.Where(o => o is not System.CommandLine.Help.HelpOption), o => Assert.Contains(Words(o.Description!), words, StringComparison.Ordinal));
        Assert.All(command.Arguments, a => Assert.Contains(Words(a.Description!), words, StringComparison.Ordinal));
        Assert.All(command.Subcommands, c => Assert.Contains(c.Name, words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData]
    [InlineData("study")]
    public void Should_Show_Help_Where_A_Command_Only_Groups_Others(params string[] arguments)
    {
        Answer answer = Ask(arguments);
        Assert.Equal(ExitCodes.Done, answer.Code);
        Assert.Contains("Commands:", answer.Output, StringComparison.Ordinal);
        Assert.Empty(answer.Errors);
    }

    [Theory]
    [InlineData("There is no command 'studdy'. Did you mean 'study'?", "studdy")]
    [InlineData("There is no command 'rum'. Did you mean 'run'", "study", "rum")]
    [InlineData("There is no option '--outpt'. Did you mean '--output'?", "study", "run", "some.yaml", "--outpt", "x")]
    [InlineData("There is no option '--nope'.", "study", "run", "--nope")]
    [InlineData("There is no option '--verbose'.", "--verbose")]
    [InlineData("--checkpoint-seconds takes a number from 0 to 86400, found 'often'.", "study", "run", "some.yaml", "--checkpoint-seconds", "often")]
    [InlineData("--checkpoint-seconds takes a number from 0 to 86400, found '-1'.", "study", "run", "some.yaml", "--checkpoint-seconds", "-1")]
    [InlineData("There is no method 'hin'. Did you mean 'hint'?", "methods", "hin")]
    [InlineData("There is no method 'nope'.", "methods", "nope")]
    [InlineData("There is no analysis 'fidelty'. Did you mean 'fidelity'?", "analyses", "fidelty")]
    [InlineData("There is no model 'convnt'. Did you mean 'convnet'?", "models", "convnt")]
    [InlineData("--input takes channels x height x width, at most 1024x1024x1024, e.g. 1x28x28, found '3x0x32'.", "models", "convnet", "--input", "3x0x32")]
    [InlineData("--input takes channels x height x width, at most 1024x1024x1024, e.g. 1x28x28, found '28'.", "models", "convnet", "--input", "28")]
    [InlineData("--input takes channels x height x width, at most 1024x1024x1024, e.g. 1x28x28, found '1x28x1025'.", "models", "convnet", "--input", "1x28x1025")]
    [InlineData("--classes takes a whole number from 2 to 100000, found '1'.", "models", "convnet", "--classes", "1")]
    [InlineData("--format takes text or json, found 'xml'.", "models", "--format", "xml")]
    [InlineData("--input and --classes go with the name of one network", "models", "--classes", "10")]
    [InlineData("convnet cannot be made with its usual options for such images", "models", "convnet", "--input", "1x2x2")]
    [InlineData("takes images of 8x8 or larger, not 7x28", "models", "vgg8", "--input", "1x7x28")]
    public void Should_Answer_2_To_What_Does_Not_Exist(string message, params string[] arguments)
    {
        Answer answer = Ask(arguments);
        Assert.Equal(ExitCodes.WrongRequest, answer.Code);
        Assert.Contains(message, answer.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", answer.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("defect", answer.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("report")]
    public void Should_Answer_3_To_A_Folder_Without_Results(string command)
    {
        string folder = Directory.CreateTempSubdirectory("distillsharp-cli-").FullName;
        Answer answer = Ask(["study", command, folder]);
        Assert.Equal(ExitCodes.BadInput, answer.Code);
        Assert.Contains(Path.Combine(folder, "findings.json"), answer.Errors, StringComparison.Ordinal);
        Directory.Delete(folder);
    }

    [Fact]
    public void Should_List_Every_Network_With_Its_Weights()
    {
        Answer answer = Ask(["models"]);
        Assert.Equal(ExitCodes.Done, answer.Code);
        Assert.All(ModelZoo.All, family => Assert.Matches(
            $@"(?m)^\s*{Regex.Escape(family.Name)}\s+{family.Group.Name}\s+{family.Parameters.ToString("N0", CultureInfo.InvariantCulture)}\s+\S",
            answer.Output));
        Assert.Contains("small images: weights for 3 x 32 x 32 images and 100 classes.", answer.Output, StringComparison.Ordinal);
        using JsonDocument list = JsonDocument.Parse(Ask(["models", "--format", "json"]).Output);
        Assert.Equal(
            ModelZoo.All.Select(f => (f.Name, f.Group.Name, f.Parameters)),
            list.RootElement.EnumerateArray().Select(e => (e.GetProperty("name").GetString()!, e.GetProperty("group").GetString()!, e.GetProperty("parameters").GetInt64())));
    }

    [Fact]
    public void Should_Show_A_Network_Layer_By_Layer()
    {
        Answer answer = Ask(["models", "resnet8", "--input", "1x28x28", "--classes", "10"]);
        Assert.Equal(ExitCodes.Done, answer.Code);
        Assert.Matches(@"(?m)^\s*layer2\.0\.conv1\s+Conv2d\s+32 x 14 x 14\s+4,608\s+903,168\s*$", answer.Output);
        Assert.Matches(@"(?m)^\s*layer2\.0\.preact\s+Identity\s+32 x 14 x 14\s+0\s+0\s*$", answer.Output);
        Assert.Contains("Features: relu, layer1, layer2, layer3, pool", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Before their last ReLU: bn1, layer1.0.preact, layer2.0.preact, layer3.0.preact", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Classifier: fc", answer.Output, StringComparison.Ordinal);
        Assert.Contains("weights and 9,345,920 multiply-adds an image, for 1 x 28 x 28 images and 10 classes.", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Show_A_Network_As_Json()
    {
        using JsonDocument document = JsonDocument.Parse(Ask(["models", "vgg8", "--format", "json"]).Output);
        JsonElement root = document.RootElement;
        Assert.Equal("vgg8", root.GetProperty("name").GetString());
        Assert.Equal([3, 32, 32], root.GetProperty("input").EnumerateArray().Select(e => e.GetInt32()));
        Assert.Equal(100, root.GetProperty("classes").GetInt32());
        Assert.Equal(3_965_028, root.GetProperty("parameters").GetInt64());
        Assert.Equal("classifier", root.GetProperty("classifierLayer").GetString());
        Assert.Equal(["block0", "block1", "block2", "block3", "block4"], root.GetProperty("preactivationLayers").EnumerateArray().Select(e => e.GetString()!));
        JsonElement layer = root.GetProperty("layers").EnumerateArray().Single(e => e.GetProperty("path").GetString() == "block1.0");
        Assert.Equal("Conv2d", layer.GetProperty("kind").GetString());
        Assert.Equal([128, 16, 16], layer.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32()));
        Assert.Equal(64 * 9 * 128 * 16 * 16, layer.GetProperty("multiplyAdds").GetInt64());
    }

    [Fact]
    public void Should_Show_What_The_Machine_Is()
    {
        Answer answer = Ask(["doctor"]);
        Assert.Equal(ExitCodes.Done, answer.Code);
        Assert.All(
            ["DistillSharp", "Commit", "libtorch", "BLAS", "CPU", "Cores", "libtorch threads", "CUDA devices", "Memory", ".NET", "System", "fashion-mnist", "mnist"],
            name => Assert.Matches($@"(?m)^\s*{Regex.Escape(name)}\s+\S", answer.Output));
    }

    [Fact]
    public void Should_Give_Every_Exit_Code_A_Meaning_In_The_Documentation()
    {
        string documentation = File.ReadAllText(Path.Combine(Repository(), "docs", "command-line.md"));
        Assert.All(ExitCodes.All, c => Assert.Contains($"| {c.Code} | {c.Meaning} |", documentation, StringComparison.Ordinal));
        Assert.All(AllCommands().Where(c => c.Command.Subcommands.Count == 0), c => Assert.Contains($"distill {c.Path}", documentation, StringComparison.Ordinal));
    }

    private static IEnumerable<(string Path, Command Command)> AllCommands()
    {
        var left = new Stack<(string Path, Command Command)>([("", DistillCommand.Build(Console(new StringWriter()), new StringWriter()))]);
        while (left.TryPop(out (string Path, Command Command) next))
        {
            yield return next;
            foreach (Command below in next.Command.Subcommands)
            {
                left.Push((next.Path.Length == 0 ? below.Name : $"{next.Path} {below.Name}", below));
            }
        }
    }

    private static Answer Ask(IReadOnlyList<string> arguments)
    {
        var output = new StringWriter();
        var errors = new StringWriter();
        int code = DistillCommand.Run(arguments, Console(output), errors);
        return new Answer(code, output.ToString(), errors.ToString());
    }

    private static IAnsiConsole Console(TextWriter output)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 160;
        return console;
    }

    // Help wraps lines where it likes.
    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Repository()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "DistillSharp.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests do not lie in the repository.");
        }

        return folder;
    }

    private sealed record Answer(int Code, string Output, string Errors);
}
