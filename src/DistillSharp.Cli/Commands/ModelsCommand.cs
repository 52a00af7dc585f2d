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
        var size = new Option<int>("--size") { Description = "Height and width of the images.", DefaultValueFactory = _ => 28 };
        var channels = new Option<int>("--channels") { Description = "Channels of the images.", DefaultValueFactory = _ => 1 };
        var classes = new Option<int>("--classes") { Description = "How many classes.", DefaultValueFactory = _ => 10 };
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

    private static void WriteOne(IAnsiConsole console, ModelFamily family, ImageTask task)
    {
        using ImageModel model = ModelZoo.Create(family.Name, task, seed: 0);
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
