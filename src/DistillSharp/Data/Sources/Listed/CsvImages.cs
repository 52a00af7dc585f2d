using DistillSharp.Configuration;

namespace DistillSharp.Data.Listed;

/// <summary>
/// Pictures that csv files list, one for training and one for testing, as FairFace comes: a column with the file, one with the class,
/// others with attributes.
/// </summary>
public sealed class CsvImages : ListedImageSource
{
    private const string TrainFile = "train-file";
    private const string TestFile = "test-file";
    private const string FileColumn = "file-column";
    private const string LabelColumn = "label-column";
    private const string AttributeColumns = "attribute-columns";

    private CsvImages()
        : base(
            "csv",
            "JPEG and PNG files listed in csv files with a column for the file, one for the class and others for attributes, as FairFace comes.",
            "Give the folder that holds the csv files as the path.",
            [
                new OptionSpec(TrainFile, OptionKind.Text, null, "The csv file that lists the training images", Required: true),
                new OptionSpec(TestFile, OptionKind.Text, null, "The csv file that lists the test images", Required: true),
                new OptionSpec(FileColumn, OptionKind.Text, "file", "The column with the image files, whose names start from the folder of the csv file"),
                new OptionSpec(LabelColumn, OptionKind.Text, null, "The column with the classes", Required: true),
                new OptionSpec(AttributeColumns, OptionKind.TextList, null, "Columns with attributes, by which analyses can select images"),
                BoxColumns.Spec,
            ])
    {
    }

    /// <summary>How to find and load them.</summary>
    public static CsvImages Source { get; } = new();

    private protected override string? Missing(string folder) => null;

    private protected override ImageListing List(string folder, OptionValues options)
    {
        string[] attributes = options.Has(AttributeColumns) ? [.. options.Texts(AttributeColumns)] : [];
        string[] boxes = BoxColumns.Names(options);
        string[] columns = [options.Text(FileColumn), options.Text(LabelColumn), .. attributes, .. boxes];
        ImageTable train = ImageTable.Read(folder, options.Text(TrainFile), columns);
        ImageTable test = ImageTable.Read(folder, options.Text(TestFile), columns);
        CheckFiles(train, test);
        List<string> classes = Values(train.Rows.Select(r => r.Cells[1]));
        CheckLabels(train, classes, columns[1]);
        CheckLabels(test, classes, columns[1]);
        ListedAttribute[] listed = [.. attributes.Select((name, i) => new ListedAttribute(name, Values(train.Rows.Concat(test.Rows).Select(r => r.Cells[i + 2]))))];
        return new ImageListing(folder, Images(train), Images(test), classes)
        {
            Attributes = listed,
            HasBoxes = boxes.Length > 0,
            Content = $"{train.Content}\n{test.Content}",
        };

        ListedImage[] Images(ImageTable table)
        {
            Dictionary<string, int> labels = Numbered(classes);
            Dictionary<string, int>[] values = [.. listed.Select(a => Numbered(a.ValueNames))];
            return [.. table.Rows.Select(r => new ListedImage(r.Cells[0], labels[r.Cells[1]], [.. values.Select((v, i) => v[r.Cells[i + 2]])])
            {
                Box = boxes.Length == 0 ? null : BoxColumns.Read(table.Path, r, 2 + attributes.Length, boxes),
            })];
        }
    }

    private static Dictionary<string, int> Numbered(IReadOnlyList<string> names) => names.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i, StringComparer.Ordinal);

    // Numbers in their own order, where all are numbers: 2 before 10.
    private static List<string> Values(IEnumerable<string> cells)
    {
        List<string> values = cells.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return values.All(v => long.TryParse(v, out _)) ? values.OrderBy(long.Parse).ToList() : values;
    }

    private static void CheckLabels(ImageTable table, List<string> classes, string column)
    {
        var known = classes.ToHashSet(StringComparer.Ordinal);
        foreach (ImageTableRow row in table.Rows)
        {
            if (row.Cells[1].Length == 0)
            {
                throw new DataFormatException(table.Path, $"line {row.Line}, column '{column}'", "a class", "an empty cell");
            }

            if (!known.Contains(row.Cells[1]))
            {
                throw new DataFormatException(table.Path, $"line {row.Line}, column '{column}'", "a class that a training image has", $"'{row.Cells[1]}'");
            }
        }
    }

    // A file in both lists would be tested on after it was trained on.
    private static void CheckFiles(ImageTable train, ImageTable test)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((ImageTable table, ImageTableRow row) in train.Rows.Select(r => (train, r)).Concat(test.Rows.Select(r => (test, r))))
        {
            if (!seen.TryAdd(row.Cells[0], $"{table.Path}, line {row.Line}"))
            {
                throw new DataFormatException(table.Path, $"line {row.Line}", "every file once, in one of the two lists", $"'{row.Cells[0]}', which is also in {seen[row.Cells[0]]}");
            }
        }
    }
}
