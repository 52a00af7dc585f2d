using System.Globalization;

namespace DistillSharp.Reporting.Input;

/// <summary>Reads the validation columns of a run's <c>metrics.csv</c>; the other columns differ from method to method.</summary>
internal static class MetricsCsv
{
    public static IReadOnlyList<EpochPoint> Read(string path)
    {
        var lines = File.ReadAllLines(path);
        var header = lines.Length == 0 ? [] : lines[0].Split(',');
        var epoch = Column("epoch");
        var loss = Column("validation_loss");
        var accuracy = Column("validation_accuracy");

        var points = new List<EpochPoint>(lines.Length);
        for (var line = 1; line < lines.Length; line++)
        {
            var cells = lines[line].Split(',');
            if (cells.Length != header.Length)
            {
                throw new ReportException($"{path}, line {line + 1}", $"{header.Length} values, as the header has", $"{cells.Length}");
            }

            points.Add(new EpochPoint(Value(cells, epoch, line), Value(cells, loss, line), Value(cells, accuracy, line)));
        }

        return points;

        int Column(string name)
        {
            var index = Array.IndexOf(header, name);
            return index >= 0 ? index : throw new ReportException($"{path}, line 1", $"a column {name}", string.Join(',', header));
        }

        double Value(string[] cells, int column, int line)
        {
            var text = cells[column];
            if (text.Length == 0)
            {
                return double.NaN;
            }

            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new ReportException($"{path}, line {line + 1}, column {header[column]}", "a number", $"\"{text}\"");
        }
    }
}
