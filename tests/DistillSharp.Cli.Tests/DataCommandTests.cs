using Spectre.Console;

namespace DistillSharp.Cli.Tests;

/// <summary><c>distill data</c>.</summary>
public sealed class DataCommandTests : IDisposable
{
    // A white PNG of one pixel.
    private static readonly byte[] Pixel = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==");

    private readonly string _folder = Directory.CreateTempSubdirectory("distillsharp-cli-").FullName;

    public DataCommandTests()
    {
        foreach (string name in new[] { "photo/cat/1.png", "photo/dog/1.png", "photo/dog/2.png", "sketch/cat/1.png", "sketch/dog/1.png" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
            File.WriteAllBytes(Path.Combine(_folder, name), Pixel);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Should_List_The_Data_Sets_With_Their_Options()
    {
        (int code, string output, _) = Ask("data");
        Assert.Equal(ExitCodes.Done, code);
        Assert.Contains("fashion-mnist", output, StringComparison.Ordinal);
        Assert.Contains("held-out (required), test-share, size", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Sum_Up_One()
    {
        (int code, string output, string errors) = Ask("data", "domains", "held-out=sketch", "channels=1", "--path", _folder);
        Assert.Equal((ExitCodes.Done, ""), (code, errors));
        Assert.Matches(@"images\s+3 to train on, 2 to test on", output);
        Assert.Matches(@"size\s+1 x 1 x 1", output);
        Assert.Matches(@"mean\s+1\.0000", output);
        Assert.Matches(@"dog\s+2\s+1", output);
        Assert.Matches(@"sketch\s+0\s+2", output);
        Assert.Matches(@"fingerprint\s+[0-9a-f]{32}", output);
    }

    [Theory]
    [InlineData("There is no option of domains 'heldout'. Did you mean 'held-out'?", "heldout=x")]
    [InlineData("Expected 'held-out=VALUE', once, found 'held-out'.", "held-out")]
    [InlineData("The option 'size' takes a whole number from 1 to 1024, found 'big'.", "size=big")]
    [InlineData("needs the option 'held-out'", "size=8")]
    [InlineData("There is no domain in", "held-out=skech")]
    public void Should_Answer_2_To_Options_That_Cannot_Be(string message, string option)
    {
        (int code, _, string errors) = Ask("data", "domains", option, "--path", _folder);
        Assert.Equal(ExitCodes.WrongRequest, code);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Name_Broken_Files()
    {
        File.WriteAllText(Path.Combine(_folder, "photo/cat/page.jpg"), "<html>");
        (int code, _, string errors) = Ask("data", "domains", "held-out=sketch", "--path", _folder);
        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains("1 of 6 images: expected JPEG or PNG files that can be read", errors, StringComparison.Ordinal);
        (code, string output, _) = Ask("data", "domains", "held-out=sketch", "skip-broken=true", "--path", _folder);
        Assert.Equal(ExitCodes.Done, code);
        Assert.Contains("note: 1 of 6 files", output, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Errors) Ask(params string[] arguments)
    {
        var output = new StringWriter();
        var errors = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 400;
        int code = DistillCommand.Run(arguments, console, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
