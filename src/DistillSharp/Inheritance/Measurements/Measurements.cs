using System.Globalization;
using DistillSharp.Studies.Results;
using DistillSharp.Tables;

namespace DistillSharp.Inheritance;

/// <summary>Everything an analysis measured: per image, once for all images, and the example pictures. What findings are computed from.</summary>
public sealed class Measurements
{
    private const string TableMeasure = "table";
    private static readonly string[] FactHeading = ["key", "value", "text"];
    private static readonly string[] PictureHeading = ["title", "explanation", "row", "column", "path", "caption"];
    private readonly Dictionary<MeasurementKey, MeasurementFact> _facts;

    /// <summary>Takes what was measured.</summary>
    /// <param name="analysis">The analysis' name.</param>
    /// <param name="tables">Measurements per image.</param>
    /// <param name="facts">Measurements that are not per image.</param>
    /// <param name="pictures">Example pictures; every row has one cell for each column.</param>
    /// <exception cref="ArgumentException">Two facts have the same key.</exception>
    public Measurements(string analysis, IReadOnlyList<MeasurementTable> tables, IReadOnlyList<MeasurementFact> facts, IReadOnlyList<PictureTable> pictures)
    {
        Analysis = analysis;
        Tables = tables;
        Facts = facts;
        Pictures = pictures;
        _facts = facts.ToDictionary(f => f.Key);
    }

    /// <summary>The analysis' name.</summary>
    public string Analysis { get; }

    /// <summary>Measurements per image.</summary>
    public IReadOnlyList<MeasurementTable> Tables { get; }

    /// <summary>Measurements that are not per image.</summary>
    public IReadOnlyList<MeasurementFact> Facts { get; }

    /// <summary>Example pictures.</summary>
    public IReadOnlyList<PictureTable> Pictures { get; }

    /// <summary>The names of the files that hold these measurements, e.g. <c>fidelity.test.csv</c>.</summary>
    public IReadOnlyList<string> FileNames =>
        [FactsFile(Analysis), PicturesFile(Analysis), .. Tables.Select(t => TableFile(Analysis, t.Name))];

    /// <summary>A table by name; null where there is none.</summary>
    public MeasurementTable? FindTable(string name) => Tables.FirstOrDefault(t => t.Name == name);

    /// <summary>A table by name.</summary>
    /// <exception cref="ArgumentException">There is no such table.</exception>
    public MeasurementTable Table(string name) =>
        FindTable(name) ?? throw new ArgumentException($"The measurements of '{Analysis}' have no table '{name}'.", nameof(name));

    /// <summary>A fact by key; null where it was not recorded.</summary>
    public MeasurementFact? Fact(MeasurementKey key) => _facts.GetValueOrDefault(key);

    /// <summary>Writes one of the files of <see cref="FileNames"/>.</summary>
    /// <exception cref="ArgumentException">The name is not among them.</exception>
    public void WriteCsv(string fileName, TextWriter writer)
    {
        if (fileName == FactsFile(Analysis))
        {
            Csv.WriteRecord(writer, FactHeading);
            foreach (MeasurementFact fact in Tables.Select(t => new MeasurementFact(new(TableMeasure, t.Name), double.NaN)).Concat(Facts))
            {
                Csv.WriteRecord(writer, [fact.Key.ToString(), fact.Value.ToString("R", CultureInfo.InvariantCulture), fact.Text]);
            }
        }
        else if (fileName == PicturesFile(Analysis))
        {
            WritePictures(writer);
        }
        else
        {
            MeasurementTable table = Tables.FirstOrDefault(t => TableFile(Analysis, t.Name) == fileName)
                ?? throw new ArgumentException($"The measurements of '{Analysis}' have no file '{fileName}'; there are {string.Join(", ", FileNames)}.", nameof(fileName));
            table.WriteCsv(writer);
        }
    }

    /// <summary>Reads measurements back.</summary>
    /// <param name="analysis">The analysis' name.</param>
    /// <param name="open">Opens a file by its name; disposed after reading.</param>
    /// <exception cref="InvalidDataException">A file does not hold what it should; the message says where and what.</exception>
    public static Measurements ReadCsv(string analysis, Func<string, TextReader> open)
    {
        var facts = new List<MeasurementFact>();
        var tables = new List<MeasurementTable>();
        foreach (string[] cells in Records(FactsFile(analysis), open, FactHeading))
        {
            MeasurementFact fact;
            try
            {
                fact = new MeasurementFact(MeasurementKey.Parse(cells[0]), double.Parse(cells[1], NumberStyles.Float, CultureInfo.InvariantCulture), cells[2]);
            }
            catch (FormatException e)
            {
                throw new InvalidDataException($"{FactsFile(analysis)}, key '{cells[0]}': {e.Message}", e);
            }

            if (fact.Key.Measure == TableMeasure)
            {
                using TextReader reader = open(TableFile(analysis, fact.Key.Method));
                tables.Add(MeasurementTable.ReadCsv(reader, fact.Key.Method));
            }
            else
            {
                facts.Add(fact);
            }
        }

        if (facts.GroupBy(f => f.Key).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new InvalidDataException($"{FactsFile(analysis)}: the key '{twice.Key}' occurs {twice.Count()} times.");
        }

        return new Measurements(analysis, tables, facts, ReadPictures(analysis, Records(PicturesFile(analysis), open, PictureHeading)));
    }

    private static string FactsFile(string analysis) => analysis + ".facts.csv";

    private static string PicturesFile(string analysis) => analysis + ".pictures.csv";

    private static string TableFile(string analysis, string table) => $"{analysis}.{table}.csv";

    private static List<string[]> Records(string fileName, Func<string, TextReader> open, string[] heading)
    {
        using TextReader reader = open(fileName);
        var records = new List<string[]>();
        if (Csv.ReadRecord(reader) is not { } first || !first.SequenceEqual(heading))
        {
            throw new InvalidDataException($"{fileName}: the heading '{string.Join(',', heading)}' was expected.");
        }

        while (Csv.ReadRecord(reader) is { } cells)
        {
            if (cells.Length != heading.Length)
            {
                throw new InvalidDataException($"{fileName}, record {records.Count + 2}: {heading.Length} cells were expected, found {cells.Length}.");
            }

            records.Add(cells);
        }

        return records;
    }

    /// <summary>One record a cell: a picture's place is its row's label and its column's name, which are unique within a table.</summary>
    private void WritePictures(TextWriter writer)
    {
        Csv.WriteRecord(writer, PictureHeading);
        foreach (PictureTable table in Pictures)
        {
            foreach (PictureRow row in table.Rows)
            {
                for (int column = 0; column < table.Columns.Count; column++)
                {
                    Csv.WriteRecord(writer, [table.Title, table.Explanation, row.Label, table.Columns[column], row.Cells[column].Path, row.Cells[column].Caption]);
                }
            }
        }
    }

    private static List<PictureTable> ReadPictures(string analysis, List<string[]> records) =>
        [.. records.GroupBy(r => (Title: r[0], Explanation: r[1])).Select(table => new PictureTable(
            analysis,
            table.Key.Title,
            table.Key.Explanation,
            [.. table.Select(r => r[3]).Distinct()],
            [.. table.GroupBy(r => r[2]).Select(row => new PictureRow(row.Key, [.. row.Select(r => new PictureCell(r[4], r[5]))]))]))];
}
