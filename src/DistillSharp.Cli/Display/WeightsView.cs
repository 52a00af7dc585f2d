using System.Globalization;
using DistillSharp.Weights;
using Spectre.Console;

namespace DistillSharp.Cli.Display;

/// <summary>What a file of weights holds, for reading.</summary>
internal static class WeightsView
{
    private const int MostIgnored = 20;

    /// <summary>The kind of file, and what was decided in reading it.</summary>
    public static void WriteFile(IAnsiConsole console, WeightsFile file)
    {
        console.WriteLine($"{file.Path}: {NameOf(file.Format)}");
        if (file.Key.Length > 0)
        {
            console.WriteLine($"State dict: under the key {WeightsEntry.Printable(file.Key)}");
        }

        if (file.OtherKeys.Count > 0)
        {
            console.WriteLine($"Other state dicts, for --key: {string.Join(", ", file.OtherKeys.Take(MostIgnored).Select(WeightsEntry.Printable))}");
        }

        if (file.Prefix.Length > 0)
        {
            console.WriteLine($"Prefix taken off every name: {file.Prefix}");
        }

        if (file.Ignored.Count > 0)
        {
            string more = file.Ignored.Count > MostIgnored ? string.Create(CultureInfo.InvariantCulture, $" and {file.Ignored.Count - MostIgnored} more") : "";
            console.WriteLine($"Ignored: {string.Join(", ", file.Ignored.Take(MostIgnored).Select(i => $"{i.Name} ({i.Kind})"))}{more}");
        }
    }

    /// <summary>A line for each tensor, and the sums.</summary>
    public static void WriteEntries(IAnsiConsole console, WeightsFile file)
    {
        Table table = new Table().Border(TableBorder.Simple)
            .AddColumn("tensor").AddColumn("shape").AddColumn("type")
            .AddColumn(new TableColumn("elements").RightAligned()).AddColumn(new TableColumn("bytes").RightAligned());
        foreach (WeightsEntry entry in file.Entries)
        {
            table.AddRow(new Text(WeightsEntry.Printable(entry.Name)), new Text(entry.ShapeText), new Text(entry.DType.ToString()), Number(entry.ElementCount), Number(entry.Bytes));
        }

        console.Write(table);
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{file.Entries.Count} tensors, {Sum(file, e => e.ElementCount):N0} elements, {Sum(file, e => e.Bytes):N0} bytes."));
    }

    /// <summary>The networks that the names and shapes fit.</summary>
    public static void WriteNetworks(IAnsiConsole console, IReadOnlyList<NetworkFit> networks) => console.WriteLine(networks.Count == 0
        ? "No network has exactly these names and shapes; distill import with --model shows what differs from one."
        : "Fits: " + string.Join(", ", networks.Select(n => string.Create(CultureInfo.InvariantCulture, $"{n.Name} ({n.Task.Channels} channels, {n.Task.Classes} classes)"))));

    /// <summary>The name of a format.</summary>
    public static string NameOf(WeightsFormat format) => format switch
    {
        WeightsFormat.SafeTensors => "safetensors",
        WeightsFormat.PyTorch => "PyTorch (zip archive)",
        _ => "PyTorch (before 1.6)",
    };

    /// <summary>A sum over the tensors, as a number that no file can overflow.</summary>
    public static decimal Sum(WeightsFile file, Func<WeightsEntry, long> value) => file.Entries.Sum(e => (decimal)value(e));

    private static Text Number(long value) => new(value.ToString("N0", CultureInfo.InvariantCulture));
}
