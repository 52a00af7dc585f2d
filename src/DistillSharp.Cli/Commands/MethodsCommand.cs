using System.CommandLine;
using DistillSharp.Cli.Display;
using DistillSharp.Distillation;
using Spectre.Console;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill methods [NAME]</c>.</summary>
internal static class MethodsCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var name = new Argument<string?>("name") { Description = "One method, in full.", Arity = ArgumentArity.ZeroOrOne };
        var format = new Option<string>("--format") { Description = "text, or markdown: all methods in full.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "markdown");
        var command = new Command("methods", "List the distillation methods; with a name, its formula, options and an example.") { name, format };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(format) == "markdown")
            {
                console.Profile.Out.Writer.Write(MethodsDocument.Write());
            }
            else if (parsed.GetValue(name) is { } wanted)
            {
                WriteOne(console, MethodRegistry.Get(wanted));
            }
            else
            {
                WriteAll(console);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void WriteAll(IAnsiConsole console)
    {
        foreach ((string title, IReadOnlyList<MethodDescription> methods) in MethodRegistry.Groups)
        {
            console.WriteLine(title);
            Table table = new Table().Border(TableBorder.Simple).AddColumns("method", "paper", "needs", "defaults");
            foreach (MethodDescription method in methods)
            {
                table.AddRow(
                    new Text(method.Name),
                    new Text(MethodsDocument.ShortPaper(method)),
                    new Text(method.Needs),
                    new Text(OptionsView.Defaults(method.Options)));
            }

            console.Write(table);
        }
    }

    private static void WriteOne(IAnsiConsole console, MethodDescription method)
    {
        console.WriteLine($"{method.Name}: {method.Title}");
        console.WriteLine(MethodsDocument.Paper(method));
        console.WriteLine($"Needs: {method.Needs}");
        console.WriteLine($"Loss:  {method.Formula}");
        OptionsView.Write(console, method.Options);
        console.WriteLine("In a study:");
        console.WriteLine($"  methods:\n    - {OptionsView.Example(method.Name, method.Options)}");
    }
}
