using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Input;

/// <summary>Reads the parts of a results folder that a report shows.</summary>
internal static class ResultsFolder
{
    public static StudyRecord Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new ReportException(folder, "a results folder, as `distill study run` writes it", "no such folder");
        }

        var results = FindingsFile.Read(Path.Combine(folder, "findings.json"));
        return new StudyRecord(results, ReadCurves(folder, results), ReadPictures(folder, results));
    }

    private static List<LearningCurve> ReadCurves(string folder, StudyResults results)
    {
        var runs = Path.Combine(folder, "runs");
        var curves = new List<LearningCurve>();
        foreach (var model in results.Models)
        {
            var metrics = PathInside(runs, model.Run, "a run's folder name");
            metrics = Path.Combine(metrics, "metrics.csv");
            if (File.Exists(metrics))
            {
                curves.Add(new LearningCurve(model, MetricsCsv.Read(metrics)));
            }
        }

        return curves;
    }

    private static Dictionary<string, Picture> ReadPictures(string folder, StudyResults results)
    {
        var pictures = new Dictionary<string, Picture>(StringComparer.Ordinal);
        foreach (var cell in results.Pictures.SelectMany(table => table.Rows).SelectMany(row => row.Cells))
        {
            if (!pictures.ContainsKey(cell.Path))
            {
                pictures.Add(cell.Path, PngFile.Read(PathInside(folder, cell.Path, "the path of a picture")));
            }
        }

        return pictures;
    }

    /// <summary>Names in <c>findings.json</c> may lead to files of the results folder only.</summary>
    private static string PathInside(string folder, string relative, string what)
    {
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        var full = Path.GetFullPath(Path.Combine(root, relative));
        return relative.Length > 0 && full.StartsWith(root, StringComparison.Ordinal)
            ? full
            : throw new ReportException("findings.json", $"{what} inside {folder}", $"\"{relative}\"");
    }
}
