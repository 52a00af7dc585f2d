using System.Globalization;
using DistillSharp.Models;
using Spectre.Console;

namespace DistillSharp.Cli.Display;

/// <summary>Networks as tables.</summary>
internal static class ModelView
{
    public static void WriteAll(IAnsiConsole console, IReadOnlyList<ModelFamily> families)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("model", "group").AddColumn(Numbers("weights")).AddColumn("what it is");
        foreach (ModelFamily family in families)
        {
            table.AddRow(new Text(family.Name), new Text(family.Group.Name), new Text(Number(family.Parameters)), new Text(family.Description));
        }

        console.Write(table);
        foreach (ModelGroup group in families.Select(f => f.Group).Distinct())
        {
            console.WriteLine($"{group.Name}: weights for {Words(group.UsualTask)}.");
        }
    }

    public static void WriteOne(IAnsiConsole console, ModelFamily family, ImageModel model, ModelSummary summary)
    {
        console.WriteLine($"{family.Name}: {family.Description}");
        OptionsView.Write(console, family.Options);
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumns("layer", "kind", "gives out")
            .AddColumn(Numbers("weights"))
            .AddColumn(Numbers("multiply-adds"));
        foreach (LayerSummary layer in summary.Layers)
        {
            table.AddRow(
                new Text(layer.Path),
                new Text(layer.Kind),
                new Text(layer.Shape is { } shape ? string.Join(" x ", shape) : ""),
                new Text(Number(layer.Parameters)),
                new Text(Number(layer.MultiplyAdds)));
        }

        console.Write(table);
        console.WriteLine("A layer's figures include those of the layers below it.");
        console.WriteLine($"Features: {string.Join(", ", model.FeatureLayers)}");
        console.WriteLine($"Before their last ReLU: {string.Join(", ", model.PreactivationLayers)}");
        console.WriteLine($"Classifier: {model.ClassifierLayer}");
        console.WriteLine($"{Number(summary.Parameters)} weights and {Number(summary.MultiplyAdds)} multiply-adds an image, for {Words(summary.Task)}.");
    }

    private static TableColumn Numbers(string title) => new TableColumn(title).RightAligned().NoWrap();

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Words(ImageTask task) => $"{task.Channels} x {task.Height} x {task.Width} images and {task.Classes} classes";
}
