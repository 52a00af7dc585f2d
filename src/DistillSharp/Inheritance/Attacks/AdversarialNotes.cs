using System.Globalization;
using DistillSharp.Configuration;
using DistillSharp.Statistics;

namespace DistillSharp.Inheritance;

/// <summary>What a reader needs beside a fooling rate: how strong the attacks were, and how easily independent students are fooled by each.</summary>
internal static class AdversarialNotes
{
    /// <summary>Half way from grey to black or white: beyond it little of an image is left.</summary>
    private const double LargeEpsilon = 0.25;

    public static IEnumerable<string> Write(Measurements measurements, MeasurementTable table, FindingScores levels, string method, OptionValues options)
    {
        foreach (string teacher in new[] { MeasurementKey.OwnTeacher, MeasurementKey.OtherTeacher })
        {
            if (Strength(measurements, teacher, table.Images.Count, options) is { } strength)
            {
                yield return strength;
            }
        }

        double own = Mean(levels.IndependentOwn);
        if (levels.IndependentOther is { } other && !double.IsNaN(own))
        {
            yield return $"Independent students are fooled by {Percent(own)} of the teacher's images and {Percent(Mean(other))} of the other teacher's.";
        }

        double student = Mean(AmongCorrect(table, levels.StudentOwn, method, levels.Seeds));
        double independent = Mean(AmongCorrect(table, levels.IndependentOwn, MeasurementKey.Independent, levels.Seeds));
        if (!double.IsNaN(student) && !double.IsNaN(independent))
        {
            yield return $"Among images that each model classifies right when unchanged: students {Percent(student)}, independent students {Percent(independent)} fooled.";
        }
    }

    private static string? Strength(Measurements measurements, string teacher, int images, OptionValues options)
    {
        double? Number(string measure) => measurements.Fact(new MeasurementKey(measure, MeasurementKey.TeacherModel, null, teacher))?.Value;
        string whose = teacher == MeasurementKey.OwnTeacher ? "the teacher" : "the other teacher";
        if (Number(AdversarialAnalysis.Rate) is { } rate && Number(AdversarialAnalysis.Epsilon) is { } epsilon && Number(AdversarialAnalysis.SearchRate) is { } searched)
        {
            double alpha = epsilon * options.Number("alpha-ratio");
            string counted = options.Text("target-of") == "right" ? " of those that are right" : "";
            string warning = epsilon <= LargeEpsilon ? "" : options.Text("target-of") == "right"
                ? " Epsilon is so large that little of an image is left; ask for a smaller target."
                : " Epsilon is so large that little of an image is left; ask for a smaller target, or for a share of the right predictions only (target-of: right).";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Attack on {whose}: epsilon {epsilon:0.#####} ({epsilon * 255:0.##} of 255), {options.Integer("steps")} steps of {alpha:0.#####}; changes {Percent(rate)} of its predictions on {images} images ({Percent(searched)} where epsilon was found, target {Percent(options.Number("target"))}{counted}).{warning}");
        }

        // The own teacher's problem is the finding's reason already.
        return teacher == MeasurementKey.OtherTeacher
            && measurements.Fact(new MeasurementKey(AdversarialAnalysis.Unreached, MeasurementKey.TeacherModel, null, teacher)) is { } problem
            ? $"The other teacher cannot be attacked as asked and is not used as a control. {problem.Text}"
            : null;
    }

    private static IEnumerable<double[]> AmongCorrect(MeasurementTable table, IReadOnlyList<double[]> fooled, string method, IReadOnlyList<int> seeds) =>
        seeds.Select((seed, i) => fooled[i].Zip(table[new MeasurementKey(AdversarialAnalysis.Correct, method, seed)], (f, c) => c == 1 ? f : double.NaN).ToArray());

    /// <summary>The mean over seeds of the mean over images; NaN where there is nothing.</summary>
    private static double Mean(IEnumerable<double[]> scores)
    {
        double[] seeds = [.. scores.Select(s => s.Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).Average()).Where(m => !double.IsNaN(m))];
        return seeds.Length == 0 ? double.NaN : seeds.Average();
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
