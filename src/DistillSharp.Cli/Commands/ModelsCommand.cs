using System.CommandLine;
using System.Globalization;
using DistillSharp.Cli.Display;
using DistillSharp.Models;
using DistillSharp.Nn;
using Spectre.Console;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill models [NAME]</c>.</summary>
internal static class ModelsCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var name = new Argument<string?>("name") { Description = "One network, with its layers.", Arity = ArgumentArity.ZeroOrOne };
        var size = Size("--size", "Height and width of the images.", usual: 28, least: 1, most: 4096);
        var channels = Size("--channels", "Channels of the images.", usual: 1, least: 1, most: 1024);
        var classes = Size("--classes", "How many classes.", usual: 10, least: 2, most: 100000);
        var command = new Command("models", "List the networks; with a name, its layers with shapes and weights.") { name, size, channels, classes };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(name) is { } wanted)
            {
                var task = new ImageTask(parsed.GetValue(channels), parsed.GetValue(size), parsed.GetValue(size), parsed.GetValue(classes));
                WriteOne(console, ModelZoo.Get(wanted), task);
            }
            else
            {
                Table table = new Table().Border(TableBorder.Simple).AddColumns("model", "what it is");
                foreach (ModelFamily family in ModelZoo.All)
                {
                    table.AddRow(new Text(family.Name), new Text(family.Description));
                }

                console.Write(table);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Option<int> Size(string name, string description, int usual, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            string? given = result.Tokens.SingleOrDefault()?.Value;
            if (given is not null && !(int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most))
            {
                result.AddError($"{name} takes a whole number from {least} to {most}, found '{given}'.");
            }
        });
        return option;
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

    private static void WriteOne(IAnsiConsole console, ModelFamily family, ImageTask task)
    {
        using ImageModel model = Make(family, task);
        console.WriteLine($"{family.Name}: {family.Description}");
        OptionsView.Write(console, family.Options);
        IReadOnlyDictionary<string, long[]> shapes = ModelZoo.LayerShapes(model, task);
        Table table = new Table().Border(TableBorder.Simple).AddColumn("layer").AddColumn("gives out").AddColumn(new TableColumn("weights").RightAligned());
        foreach ((string path, Module layer) in model.NamedModules().Where(m => m.Key.Length > 0))
        {
            string shape = shapes.TryGetValue(path, out long[]? sizes) ? string.Join(" x ", sizes) : "";
            table.AddRow(new Text(path), new Text(shape), new Text(layer.ParameterCount().ToString("N0", CultureInfo.InvariantCulture)));
        }

        console.Write(table);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model.ParameterCount():N0} weights for {task.Channels} x {task.Height} x {task.Width} pixels and {task.Classes} classes."));
    }
}
