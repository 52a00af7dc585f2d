using System.Globalization;
using DistillSharp.Configuration;
using DistillSharp.Data;
using Spectre.Console;

namespace DistillSharp.Cli.Display;

/// <summary>Shows data sets.</summary>
internal static class DataView
{
    private const int MostRows = 200;

    public static void WriteAll(IAnsiConsole console, IReadOnlyList<IDatasetSource> sources)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("data set").NoWrap()).AddColumn("what it is").AddColumn("options");
        foreach (IDatasetSource source in sources)
        {
            table.AddRow(new Text(source.Name), new Text(source.Description), new Text(string.Join(", ", source.Options.Select(Describe))));
        }

        console.Write(table);
    }

    public static void WriteOne(IAnsiConsole console, TrainTestData data)
    {
        ImageDataset train = data.Train;
        Grid grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        Row("data set", train.Name);
        Row("images", string.Create(CultureInfo.InvariantCulture, $"{train.Count:N0} to train on, {data.Test.Count:N0} to test on"));
        Row("size", $"{train.Channels} x {train.Height} x {train.Width}");
        Row("mean", Numbers(data.Normalization.Mean));
        Row("deviation", Numbers(data.Normalization.StandardDeviation));
        Row("fingerprint", data.Fingerprint);
        if (train.Boxes.Count > 0)
        {
            Row("boxes", string.Create(CultureInfo.InvariantCulture, $"{Boxes(train).Count:N0} of the training images, {Boxes(data.Test).Count:N0} of the test images; {100 * CoveredByBox(data):0.#} % of an image on average"));
        }

        console.Write(grid);
        WriteCounts(console, "class", train.ClassNames, c => (Count(train.HostLabels, c), Count(data.Test.HostLabels, c)));
        foreach ((ImageAttribute first, ImageAttribute second) in train.Attributes.Zip(data.Test.Attributes))
        {
            WriteCounts(console, first.Name, first.ValueNames, v => (first.Values.Count(x => x == v), second.Values.Count(x => x == v)));
        }

        foreach (string note in data.Notes)
        {
            console.MarkupLineInterpolated($"[yellow]note:[/] {note}");
        }

        void Row(string name, string value) => grid.AddRow(new Text(name), new Text(value));
    }

    private static void WriteCounts(IAnsiConsole console, string name, IReadOnlyList<string> values, Func<int, (int Train, int Test)> count)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn(name).NoWrap()).AddColumn(new TableColumn("train").RightAligned()).AddColumn(new TableColumn("test").RightAligned());
        for (int i = 0; i < Math.Min(values.Count, MostRows); i++)
        {
            (int train, int test) = count(i);
            table.AddRow(new Text(values[i]), Number(train), Number(test));
        }

        console.Write(table);
        if (values.Count > MostRows)
        {
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"and {values.Count - MostRows} more"));
        }
    }

    private static List<ImageBox> Boxes(ImageDataset images) => [.. images.Boxes.OfType<ImageBox>()];

    private static double CoveredByBox(TrainTestData data) =>
        Boxes(data.Train).Concat(Boxes(data.Test)).Select(b => b.Area).DefaultIfEmpty(double.NaN).Average() / (data.Train.Height * data.Train.Width);

    private static int Count(ReadOnlySpan<long> labels, long label)
    {
        int count = 0;
        foreach (long one in labels)
        {
            count += one == label ? 1 : 0;
        }

        return count;
    }

    private static Text Number(int value) => new(value.ToString("N0", CultureInfo.InvariantCulture));

    private static string Numbers(IEnumerable<double> values) => string.Join(", ", values.Select(v => v.ToString("F4", CultureInfo.InvariantCulture)));

    private static string Describe(OptionSpec option) => option.Required
        ? $"{option.Name} (required)"
        : option.Default is null ? option.Name : $"{option.Name} ({OptionValues.Format(option.Default)})";
}
