using System.CommandLine;
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
    [InlineData("There is no method 'hin'. Did you mean 'hint'", "methods", "hin")]
    [InlineData("There is no method 'nope'.", "methods", "nope")]
    [InlineData("There is no analysis 'fidelty'. Did you mean 'fidelity'?", "analyses", "fidelty")]
    [InlineData("There is no model 'convnt'. Did you mean 'convnet'?", "models", "convnt")]
    [InlineData("--size takes a whole number from 1 to 4096, found '0'.", "models", "convnet", "--size", "0")]
    [InlineData("convnet cannot be made with its usual options for such images", "models", "convnet", "--size", "2")]
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
    public void Should_Show_What_The_Machine_Is()
    {
        Answer answer = Ask(["doctor"]);
        Assert.Equal(ExitCodes.Done, answer.Code);
        Assert.All(
            ["DistillSharp", "Commit", "libtorch", "BLAS", "CPU", "Cores", "libtorch threads", "CUDA devices", "Memory", ".NET", "System", "fashion-mnist", "mnist"],
            name => Assert.Matches($@"(?m)^\s*{System.Text.RegularExpressions.Regex.Escape(name)}\s+\S", answer.Output));
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
