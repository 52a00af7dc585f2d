using System.CommandLine;
using DistillSharp.Cli.Display;
using DistillSharp.Inheritance;
using Spectre.Console;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill analyses [NAME]</c>.</summary>
internal static class AnalysesCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var name = new Argument<string?>("name") { Description = "One analysis, in full.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("analyses", "List the analyses of what is inherited; with a name, what it measures and its options.") { name };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(name) is { } wanted)
            {
                Analysis analysis = AnalysisRegistry.Get(wanted);
                console.WriteLine($"{analysis.Name}: {analysis.Question}");
                console.WriteLine(analysis.Description);
                console.WriteLine($"After: {analysis.Paper}");
                OptionsView.Write(console, analysis.Options);
                console.WriteLine("In a study:");
                console.WriteLine($"  analyses:\n    - {OptionsView.Example(analysis.Name, analysis.Options)}");
            }
            else
            {
                Table table = new Table().Border(TableBorder.Simple).AddColumns("analysis", "question");
                foreach (Analysis analysis in AnalysisRegistry.All)
                {
                    table.AddRow(new Text(analysis.Name), new Text(analysis.Question));
                }

                console.Write(table);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
