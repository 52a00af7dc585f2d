using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using DistillSharp.Cli.Display;
using DistillSharp.Models;
using Spectre.Console;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill models [NAME]</c>.</summary>
internal static class ModelsCommand
{
    private const int MostChannels = 1024;
    private const int MostSide = 1024;
    private const int MostClasses = 100_000;

    public static Command Create(IAnsiConsole console)
    {
        var name = new Argument<string?>("name") { Description = "One network, with its layers.", Arity = ArgumentArity.ZeroOrOne };
        var input = new Option<(int Channels, int Height, int Width)?>("--input")
        {
            Description = "The images as channels x height x width, e.g. 1x28x28; the group's usual ones where left out.",
            CustomParser = ParseInput,
        };
        var classes = new Option<int?>("--classes") { Description = "How many classes; the group's usual number where left out.", CustomParser = ParseClasses };
        var format = new Option<string>("--format") { Description = "text or json.", DefaultValueFactory = _ => "text", CustomParser = ParseFormat };
        var command = new Command("models", "List the networks; with a name, its layers with shapes, weights and multiply-adds.") { name, input, classes, format };
        command.SetAction(parsed =>
        {
            bool json = parsed.GetValue(format) == "json";
            if (parsed.GetValue(name) is { } wanted)
            {
                ModelFamily family = ModelZoo.Get(wanted);
                WriteOne(console, family, Task(family, parsed.GetValue(input), parsed.GetValue(classes)), json);
            }
            else if (parsed.GetValue(input) is not null || parsed.GetValue(classes) is not null)
            {
                throw new RequestException("--input and --classes go with the name of one network, e.g. distill models resnet20 --input 1x28x28 --classes 10.");
            }
            else if (json)
            {
                console.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(ModelZoo.All.Select(ModelEntry.Of).ToList(), ModelJson.Default.IReadOnlyListModelEntry));
            }
            else
            {
                ModelView.WriteAll(console, ModelZoo.All);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void WriteOne(IAnsiConsole console, ModelFamily family, ImageTask task, bool json)
    {
        using ImageModel model = Make(family, task);
        ModelSummary summary = ModelSummary.Of(model, task);
        if (json)
        {
            console.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(ModelDocument.Of(family, model, summary), ModelJson.Default.ModelDocument));
        }
        else
        {
            ModelView.WriteOne(console, family, model, summary);
        }
    }

    private static ImageModel Make(ModelFamily family, ImageTask task)
    {
        try
        {
            return ModelZoo.Create(family.Name, task, seed: 0);
        }
        catch (ArgumentException e)
        {
            throw new RequestException($"{family.Name} cannot be made with its usual options for such images: {DistillCommand.Message(e)}");
        }
    }

    private static ImageTask Task(ModelFamily family, (int Channels, int Height, int Width)? input, int? classes)
    {
        ImageTask usual = family.Group.UsualTask;
        (int channels, int height, int width) = input ?? (usual.Channels, usual.Height, usual.Width);
        return new ImageTask(channels, height, width, classes ?? usual.Classes);
    }

    internal static (int Channels, int Height, int Width)? ParseInput(ArgumentResult result)
    {
        string given = result.Tokens[0].Value;
        int[] sizes = Array.ConvertAll(given.Split('x'), Whole);
        if (sizes.Length == 3 && Array.TrueForAll(sizes, s => s > 0) && sizes[0] <= MostChannels && sizes[1] <= MostSide && sizes[2] <= MostSide)
        {
            return (sizes[0], sizes[1], sizes[2]);
        }

        result.AddError($"--input takes channels x height x width, at most {MostChannels}x{MostSide}x{MostSide}, e.g. 1x28x28, found '{given}'.");
        return null;
    }

    internal static int? ParseClasses(ArgumentResult result)
    {
        string given = result.Tokens[0].Value;
        if (Whole(given) is >= 2 and <= MostClasses and int classes)
        {
            return classes;
        }

        result.AddError($"--classes takes a whole number from 2 to {MostClasses}, found '{given}'.");
        return null;
    }

    private static string? ParseFormat(ArgumentResult result)
    {
        string given = result.Tokens[0].Value;
        if (given is "text" or "json")
        {
            return given;
        }

        result.AddError($"--format takes text or json, found '{given}'.");
        return null;
    }

    /// <summary>A whole number; 0 where the text is none.</summary>
    private static int Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;
}
