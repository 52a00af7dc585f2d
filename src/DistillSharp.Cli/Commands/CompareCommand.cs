using System.CommandLine;
using DistillSharp.Cli.Display;
using DistillSharp.Reporting;
using DistillSharp.Studies;
using Spectre.Console;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill study compare FIRST SECOND</c>.</summary>
internal static class CompareCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var first = new Argument<string>("first") { Description = "The results folder of one study." };
        var second = new Argument<string>("second") { Description = "The results folder of another; differences are first minus second." };
        var format = new Option<string>("--format") { Description = "text, json or markdown.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json", "markdown");
        var command = new Command("compare", "Set the findings of two results folders beside each other: the effects that both have, and how they differ.") { first, second, format };
        command.SetAction(parsed =>
        {
            StudyComparison comparison = StudyComparer.Compare(parsed.GetRequiredValue(first), parsed.GetRequiredValue(second));
            switch (parsed.GetValue(format))
            {
                case "json":
                    console.Profile.Out.Writer.Write(comparison.ToJson());
                    break;
                case "markdown":
                    console.Profile.Out.Writer.Write(ComparisonMarkdown.Write(comparison));
                    break;
                default:
                    ComparisonView.Write(console, comparison);
                    break;
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
