using System.Globalization;
using DistillSharp.Tables;

namespace DistillSharp.Inheritance;

/// <summary>Measurements per image: one row an image, one column a model and measure; NaN where nothing could be measured.</summary>
public sealed class MeasurementTable
{
    private readonly List<MeasurementKey> _keys = [];
    private readonly Dictionary<MeasurementKey, double[]> _columns = [];

    /// <summary>A table without columns.</summary>
    /// <param name="name">The table's name, e.g. <c>test</c>; part of a file's name.</param>
    /// <param name="images">The index in the data set of each image, [N].</param>
    /// <param name="labels">The true class of each image, [N].</param>
    public MeasurementTable(string name, IReadOnlyList<int> images, IReadOnlyList<int> labels)
    {
        if (images.Count != labels.Count)
        {
            throw new ArgumentException($"As many labels as images were expected ({images.Count}), found {labels.Count}.", nameof(labels));
        }

        Name = name;
        Images = images;
        Labels = labels;
    }

    /// <summary>The table's name.</summary>
    public string Name { get; }

    /// <summary>The index in the data set of each image, [N].</summary>
    public IReadOnlyList<int> Images { get; }

    /// <summary>The true class of each image, [N].</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>The columns, in the order they were added.</summary>
    public IReadOnlyList<MeasurementKey> Keys => _keys;

    /// <summary>A column's values, [N].</summary>
    /// <exception cref="ArgumentException">There is no such column.</exception>
    public double[] this[MeasurementKey key] =>
        Find(key) ?? throw new ArgumentException($"The table '{Name}' has no column '{key}'.", nameof(key));

    /// <summary>A column's values, [N]; null where there is no such column.</summary>
    public double[]? Find(MeasurementKey key) => _columns.GetValueOrDefault(key);

    /// <summary>Adds a column.</summary>
    /// <exception cref="ArgumentException">The number of values is not that of the images, or the column exists.</exception>
    public void Add(MeasurementKey key, double[] values)
    {
        if (values.Length != Images.Count)
        {
            throw new ArgumentException($"The column '{key}' of table '{Name}' needs {Images.Count} values, found {values.Length}.", nameof(values));
        }

        if (!_columns.TryAdd(key, values))
        {
            throw new ArgumentException($"The table '{Name}' has a column '{key}' already.", nameof(key));
        }

        _keys.Add(key);
    }

    /// <summary>Writes the table: a heading, then a row an image; numbers with all digits that they need, NaN as <c>NaN</c>.</summary>
    public void WriteCsv(TextWriter writer)
    {
        Csv.WriteRecord(writer, ["image", "label", .. _keys.Select(k => k.ToString())]);
        double[][] columns = [.. _keys.Select(k => _columns[k])];
        for (int row = 0; row < Images.Count; row++)
        {
            writer.Write(Images[row].ToString(CultureInfo.InvariantCulture));
            writer.Write(',');
            writer.Write(Labels[row].ToString(CultureInfo.InvariantCulture));
            foreach (double[] column in columns)
            {
                writer.Write(',');
                writer.Write(column[row].ToString("R", CultureInfo.InvariantCulture));
            }

            writer.Write('\n');
        }
    }

    /// <summary>Reads what <see cref="WriteCsv"/> wrote.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">The table's name.</param>
    /// <exception cref="InvalidDataException">The text is no such table; the message says in which row, what was expected and what found.</exception>
    public static MeasurementTable ReadCsv(TextReader reader, string name)
    {
        string[] heading = Csv.ReadRecord(reader) ?? throw new InvalidDataException($"Table '{name}': a heading was expected, found an empty file.");
        if (heading.Length < 2 || heading[0] != "image" || heading[1] != "label")
        {
            throw new InvalidDataException($"Table '{name}', heading: 'image,label,...' was expected, found '{string.Join(',', heading.Take(2))}'.");
        }

        MeasurementKey[] keys = ParseHeading(heading, name);
        var images = new List<int>();
        var labels = new List<int>();
        var columns = Array.ConvertAll(keys, _ => new List<double>());
        for (int row = 2; Csv.ReadRecord(reader) is { } cells; row++)
        {
            if (cells.Length != heading.Length)
            {
                throw new InvalidDataException($"Table '{name}', row {row}: {heading.Length} cells were expected, found {cells.Length}.");
            }

            images.Add((int)Csv.ParseNumber(cells[0], name, row, "image", whole: true));
            labels.Add((int)Csv.ParseNumber(cells[1], name, row, "label", whole: true));
            for (int i = 0; i < columns.Length; i++)
            {
                columns[i].Add(Csv.ParseNumber(cells[i + 2], name, row, heading[i + 2], whole: false));
            }
        }

        var table = new MeasurementTable(name, images, labels);
        for (int i = 0; i < keys.Length; i++)
        {
            table.Add(keys[i], [.. columns[i]]);
        }

        return table;
    }

    private static MeasurementKey[] ParseHeading(string[] heading, string name)
    {
        var keys = new MeasurementKey[heading.Length - 2];
        for (int i = 0; i < keys.Length; i++)
        {
            try
            {
                keys[i] = MeasurementKey.Parse(heading[i + 2]);
            }
            catch (FormatException e)
            {
                throw new InvalidDataException($"Table '{name}', column {i + 3}: {e.Message}.", e);
            }
        }

        if (keys.Distinct().Count() < keys.Length)
        {
            throw new InvalidDataException($"Table '{name}': the column '{keys.GroupBy(k => k).First(g => g.Count() > 1).Key}' occurs twice.");
        }

        return keys;
    }
}
