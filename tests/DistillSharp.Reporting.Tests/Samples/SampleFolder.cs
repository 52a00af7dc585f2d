using System.Text.Json;
using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Tests.Samples;

/// <summary>Writes a results folder as a study does.</summary>
public static class SampleFolder
{
    public static void Write(string folder, StudyResults results, int epochs = 30)
    {
        WriteFindings(folder, results);
        SamplePictures.Write(folder);
        foreach (var model in results.Models)
        {
            var run = Directory.CreateDirectory(Path.Combine(folder, "runs", model.Run)).FullName;
            File.WriteAllText(Path.Combine(run, "metrics.csv"), SampleModels.Metrics(model, epochs));
        }
    }

    public static void WriteFindings(string folder, StudyResults results) =>
        File.WriteAllText(Path.Combine(folder, "findings.json"), JsonSerializer.Serialize(results, StudyResultsJson.Default.StudyResults));
}
