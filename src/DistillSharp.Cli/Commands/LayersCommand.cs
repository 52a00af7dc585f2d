using System.CommandLine;
using DistillSharp.Cli.Display;
using DistillSharp.Weights;
using Spectre.Console;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill layers CHECKPOINT</c>.</summary>
internal static class LayersCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var checkpoint = new Argument<string>("checkpoint") { Description = "A file of weights: safetensors, .pth or .pt; the content decides, not the name." };
        Option<string?> key = ImportCommand.KeyOption();
        var format = new Option<string>("--format") { Description = "text or json.", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "json");
        var command = new Command("layers", "List the tensors of a file of weights, and the networks they fit.") { checkpoint, key, format };
        command.SetAction(parsed =>
        {
            using WeightsFile file = ImportCommand.Open(parsed.GetValue(checkpoint)!, parsed.GetValue(key));
            List<NetworkFit> networks = [.. WeightsNetworks.Find(file.Entries)];
            if (parsed.GetValue(format) == "json")
            {
                WeightsJson.Write(console.Profile.Out.Writer, file, networks);
            }
            else
            {
                WeightsView.WriteFile(console, file);
                WeightsView.WriteEntries(console, file);
                WeightsView.WriteNetworks(console, networks);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
