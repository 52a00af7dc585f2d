using System.CommandLine;
using DistillSharp.Cli.Display;
using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Torch;
using Spectre.Console;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill data [NAME] [OPTION=VALUE ...]</c>.</summary>
internal static class DataCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var name = new Argument<string?>("name") { Description = "One data set, which is read and summed up.", Arity = ArgumentArity.ZeroOrOne };
        var options = new Argument<string[]>("options") { Description = "Options of the data set as option=value; items of lists are separated by commas.", Arity = ArgumentArity.ZeroOrMore };
        var path = new Option<string?>("--path") { Description = "The folder with its files; the usual places where left out." };
        var command = new Command("data", "List the data sets; with a name, its images per class and attribute, their size and statistics, and its fingerprint.") { name, options, path };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(name) is { } wanted)
            {
                using TrainTestData data = Load(DatasetCatalog.Get(wanted), parsed.GetValue(path), parsed.GetValue(options) ?? []);
                DataView.WriteOne(console, data);
            }
            else
            {
                DataView.WriteAll(console, DatasetCatalog.Sources);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static TrainTestData Load(IDatasetSource source, string? path, string[] words)
    {
        try
        {
            TorchRuntime.EnsureStarted();
            return source.Load(path, device: null, OptionText.ParseAll(source.Name, source.Options, words));
        }
        catch (ArgumentException e)
        {
            throw new RequestException(DistillCommand.Message(e));
        }
    }
}
