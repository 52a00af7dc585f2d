using System.Text.Json;
using DistillSharp.Cli.Tests.Support;
using Spectre.Console;

namespace DistillSharp.Cli.Tests;

/// <summary><c>distill study compare</c>: what it prints and returns.</summary>
public sealed class CompareCommandTests
{
    [Fact]
    public void Should_compare_two_folders_in_every_format_and_refuse_what_cannot_be()
    {
        using var study = new TinyStudy();
        DistillProcess.Run("study", "run", study.Write(methods: "[independent, kl]", analyses: "[fidelity]", epochs: 8), "-o", study["heavy"]).Expect(ExitCodes.Done);
        DistillProcess.Run("study", "run", study.Write(methods: "[independent, { kl: { weight: 0.1 } }]", analyses: "[fidelity]", epochs: 8), "-o", study["light"]).Expect(ExitCodes.Done);

        (int code, string text, string errors) = Ask("study", "compare", study["heavy"], study["light"]);
        Assert.Equal((ExitCodes.Done, ""), (code, errors));
        Assert.Contains("students.methods.kl.weight", text, StringComparison.Ordinal);
        Assert.Contains("fidelity, agreement-test: Top-1 agreement with the teacher on test images, in points", text, StringComparison.Ordinal);
        Assert.Contains("2 seeds, images", text, StringComparison.Ordinal);
        Assert.Contains("Note: Preliminary", text, StringComparison.Ordinal);

        using JsonDocument json = JsonDocument.Parse(Ask("study", "compare", study["heavy"], study["light"], "--format", "json").Output);
        Assert.Equal(4, json.RootElement.GetProperty("effects").GetArrayLength());
        Assert.StartsWith("# tiny and tiny\n", Ask("study", "compare", study["heavy"], study["light"], "--format", "markdown").Output, StringComparison.Ordinal);

        string resolved = Path.Combine(study["light"], "study.resolved.yaml");
        File.WriteAllText(resolved, File.ReadAllText(resolved).Replace("  test: 60", "  test: 59", StringComparison.Ordinal));
        (code, _, errors) = Ask("study", "compare", study["heavy"], study["light"]);
        Assert.Equal(ExitCodes.WrongRequest, code);
        Assert.Contains("data.test 60 and 59", errors, StringComparison.Ordinal);
        (code, _, errors) = Ask("study", "compare", study["heavy"], study["nowhere"]);
        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains(Path.Combine(study["nowhere"], "findings.json"), errors, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Errors) Ask(params string[] arguments)
    {
        var output = new StringWriter();
        var errors = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 160;
        return (DistillCommand.Run(arguments, console, errors), output.ToString(), errors.ToString());
    }
}
