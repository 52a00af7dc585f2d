using System.Globalization;

namespace DistillSharp.Training;

/// <summary>The figures of one epoch of one run.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="LearningRate">The rate of its last batch.</param>
/// <param name="Loss">The weighted loss, mean over the epoch's batches, in training mode.</param>
/// <param name="Terms">Each loss term before weighting, mean over the epoch's batches.</param>
/// <param name="TrainAccuracy">Share of the epoch's (augmented) labelled training images classified right, in training mode; NaN where none has a label.</param>
/// <param name="ValidationLoss">Cross-entropy on the validation images in evaluation mode; NaN where there are none.</param>
/// <param name="ValidationAccuracy">Share of the validation images classified right; NaN where there are none.</param>
public sealed record EpochMetrics(
    int Epoch,
    double LearningRate,
    double Loss,
    IReadOnlyList<double> Terms,
    double TrainAccuracy,
    double ValidationLoss,
    double ValidationAccuracy)
{
    /// <summary>The header of <c>metrics.csv</c>.</summary>
    public static string Header(IEnumerable<string> terms) =>
        string.Join(',', ["epoch", "learning_rate", "loss", .. terms.Select(t => "loss_" + t), "train_accuracy", "validation_loss", "validation_accuracy"]);

    /// <summary>The line of <c>metrics.csv</c>; numbers read back bit for bit.</summary>
    public string ToCsv() => string.Join(
        ',',
        new[] { Epoch.ToString(CultureInfo.InvariantCulture), Text(LearningRate), Text(Loss) }
            .Concat(Terms.Select(Text))
            .Concat([Text(TrainAccuracy), Text(ValidationLoss), Text(ValidationAccuracy)]));

    /// <summary>Reads a line that <see cref="ToCsv"/> wrote.</summary>
    /// <exception cref="FormatException">The line has too few fields, or a field is no number.</exception>
    public static EpochMetrics FromCsv(string line)
    {
        string[] fields = line.Split(',');
        if (fields.Length < 6)
        {
            throw new FormatException($"Expected at least 6 fields, found {fields.Length}: {line}");
        }

        double[] numbers = fields.Skip(1).Select(f => double.Parse(f, CultureInfo.InvariantCulture)).ToArray();
        return new EpochMetrics(int.Parse(fields[0], CultureInfo.InvariantCulture), numbers[0], numbers[1], numbers[2..^3], numbers[^3], numbers[^2], numbers[^1]);
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
