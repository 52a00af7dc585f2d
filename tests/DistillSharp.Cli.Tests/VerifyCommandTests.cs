using DistillSharp.Cli;
using Spectre.Console;

namespace DistillSharp.Cli.Tests;

public sealed class VerifyCommandTests : IDisposable
{
    private const string Loss = """
        {"format": 1, "kind": "loss", "method": "hint",
         "inputs": {"student": {"shape": [2], "data": [1, 3]}, "teacher": {"shape": [2], "data": [1, 1]}},
         "expected": {"loss": LOSS, "gradients": {"student": {"shape": [2], "data": [0, 2]}}}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("distillsharp-verify-").FullName;

    [Fact]
    public void Should_write_one_line_for_each_fixture_however_long()
    {
        Write("right.json", Loss.Replace("LOSS", "2", StringComparison.Ordinal));
        Write("below/wrong.json", Loss.Replace("LOSS", "2.000001", StringComparison.Ordinal));
        (int code, string output, _) = Run(_folder, "--all");
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ExitCodes.NotConforming, code);
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("FAIL             below/wrong.json  largest 5.0E-7", lines[0]);
        Assert.Contains("loss: relative error 5.0E-007, allowed 1.0E-009: 2.000001 is stated, 2 was computed.", lines[0]);
        Assert.StartsWith("PASS             right.json  largest 0.0E+0", lines[1]);
        Assert.EndsWith("loss 0.0E+0; gradient student 0.0E+0", lines[1]);
        Assert.StartsWith("1 passed, 1 failed", lines[2]);
    }

    [Fact]
    public void Should_take_a_tolerance()
    {
        Write("near.json", Loss.Replace("LOSS", "2.000001", StringComparison.Ordinal));
        Assert.Equal(ExitCodes.NotConforming, Run(_folder).Code);
        Assert.Equal(ExitCodes.Done, Run(_folder, "--tolerance", "1e-6").Code);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("small")]
    public void Should_refuse_a_tolerance_that_is_none(string tolerance)
    {
        (int code, _, string errors) = Run(_folder, "--tolerance", tolerance);
        Assert.Equal(ExitCodes.WrongRequest, code);
        Assert.Contains("--tolerance takes a finite number, 0 or more", errors);
    }

    [Fact]
    public void Should_refuse_a_folder_that_is_missing_or_empty()
    {
        (int missing, _, string noFolder) = Run(Path.Combine(_folder, "none"));
        (int empty, _, string noFixture) = Run(_folder);
        Assert.Equal((ExitCodes.BadInput, ExitCodes.BadInput), (missing, empty));
        Assert.Contains("There is no folder", noFolder);
        Assert.Contains("holds no fixture", noFixture);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        int code = DistillCommand.Run(["verify", .. arguments], console, errors);
        return (code, output.ToString(), errors.ToString());
    }

    private void Write(string name, string text)
    {
        string file = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
