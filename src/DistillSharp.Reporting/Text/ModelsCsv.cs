using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Text;

/// <summary>One row a trained model.</summary>
internal static class ModelsCsv
{
    public static string Write(IReadOnlyList<ModelResult> models)
    {
        var csv = new Csv(
            "run", "role", "method", "seed", "architecture", "parameters",
            "test_accuracy", "test_nll", "test_ece", "train_accuracy", "train_seconds");
        foreach (var model in models)
        {
            csv.Row(
            [
                model.Run,
                model.Role,
                model.Method,
                Csv.Number(model.Seed),
                model.Architecture,
                Csv.Number(model.Parameters),
                Csv.Number(model.TestAccuracy),
                Csv.Number(model.TestNll),
                Csv.Number(model.TestEce),
                Csv.Number(model.TrainAccuracy),
                Csv.Number(model.TrainSeconds),
            ]);
        }

        return csv.ToString();
    }
}
