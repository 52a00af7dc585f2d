using System.Globalization;
using DistillSharp.Configuration;
using DistillSharp.Statistics;

namespace DistillSharp.Inheritance;

/// <summary>What a reader needs beside a fooling rate: how strong the attacks were, and how easily independent students are fooled by each.</summary>
internal static class AdversarialNotes
{
    /// <summary>Half way from grey to black or white: beyond it little of an image is left.</summary>
    private const double LargeEpsilon = 0.25;

    /// <summary>A student counts as no more accurate than the independent one up to this difference.</summary>
    private const double AccuracyMargin = 0.005;

    /// <summary>How far the rate on all images may be from the target before a note says so.</summary>
    private const double RateTolerance = 0.05;

    public static IEnumerable<string> Write(Measurements measurements, MeasurementTable table, FindingScores levels, string method, OptionValues options)
    {
        foreach (string teacher in new[] { MeasurementKey.OwnTeacher, MeasurementKey.OtherTeacher })
        {
            if (Strength(measurements, teacher, table.Images.Count, options) is { } strength)
            {
                yield return strength;
            }
        }

        double own = Scores.Mean(levels.IndependentOwn);
        if (levels.IndependentOther is { } matched && !double.IsNaN(own))
        {
            yield return $"Independent students are fooled by {Percent(own)} of the teacher's images and {Percent(Scores.Mean(matched))} of the other teacher's; the strength of the second attack was chosen for this, and distilled students had no part in it.";
        }

        if (!ControlSearch.IsMatched(levels))
        {
            yield return $"These rates are more than {100 * ControlSearch.Tolerance:0} points apart, so the other teacher is not used as a control. More images for the search (search-images) may help.";
        }

        foreach (string note in NotFinite(measurements, levels.Seeds, method))
        {
            yield return note;
        }

        if (!levels.HasFloor)
        {
            double alone = Scores.Mean(levels.StudentOwn.Select((fooled, i) => AmongRight(table, fooled, method, levels.Seeds[i])));
            if (!double.IsNaN(alone))
            {
                yield return $"Among images that the student classifies right when unchanged: {Percent(alone)} fooled.";
            }

            yield break;
        }

        if (NoMoreAccurate(table, levels, method) is { } accuracy)
        {
            yield return accuracy;
        }

        double[][] right = [.. levels.Seeds.Select(seed => BothRight(table, method, seed))];
        double student = Scores.Mean(Among(levels.StudentOwn, right));
        double independent = Scores.Mean(Among(levels.IndependentOwn, right));
        if (!double.IsNaN(student) && !double.IsNaN(independent))
        {
            yield return $"Among images that the student and the independent student both classify right when unchanged: students {Percent(student)}, independent students {Percent(independent)} fooled.";
        }
    }

    private static IEnumerable<string> NotFinite(Measurements measurements, IReadOnlyList<int> seeds, string method)
    {
        foreach (string teacher in new[] { MeasurementKey.OwnTeacher, MeasurementKey.OtherTeacher })
        {
            string whose = teacher == MeasurementKey.OwnTeacher ? "the teacher" : "the other teacher";
            double Count(string model, int? seed) => measurements.Fact(new MeasurementKey(AdversarialAnalysis.NotFinite, model, seed, teacher))?.Value ?? 0;
            var counts = seeds.SelectMany(s => new[] { method, MeasurementKey.Independent }.Select(m => (Name: string.Create(CultureInfo.InvariantCulture, $"the {m} student of seed {s}"), Count: Count(m, s))));
            foreach ((string name, double count) in counts.Prepend((Name: whose, Count: Count(MeasurementKey.TeacherModel, null))).Where(c => c.Count > 0))
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"Images crafted against {whose}: {name} has logits that are not finite for {count} of them; they are left out.");
            }
        }
    }

    private static string? Strength(Measurements measurements, string teacher, int images, OptionValues options)
    {
        double? Number(string measure) => measurements.Fact(new MeasurementKey(measure, MeasurementKey.TeacherModel, null, teacher))?.Value;
        string whose = teacher == MeasurementKey.OwnTeacher ? "the teacher" : "the other teacher";
        if (Number(AdversarialAnalysis.Rate) is { } rate && Number(AdversarialAnalysis.Epsilon) is { } epsilon && Number(AdversarialAnalysis.SearchRate) is { } searched)
        {
            bool own = teacher == MeasurementKey.OwnTeacher, onlyRight = options.Text("target-of") == "right";
            double target = options.Number("target");
            double alpha = epsilon * options.Number("alpha-ratio");
            double reached = (onlyRight ? Number(AdversarialAnalysis.RateOfRight) : null) ?? rate;
            string counted = onlyRight ? " of those that are right" : "";
            string found = own
                ? $"{Percent(searched)} where epsilon was found, target {Percent(target)}{counted}"
                : $"epsilon was found on independent students, {Percent(searched)} of whose predictions its successful images changed there";
            string off = own && !(Math.Abs(reached - target) <= RateTolerance)
                ? $" On all images it changes {Percent(reached)}{counted}, more than {100 * RateTolerance:0} points from the target: the images of the search were too few (search-images)."
                : "";
            double scale = measurements.Fact(new MeasurementKey(AdversarialAnalysis.Scale))?.Value ?? 1;
            GradientAttack attack = GradientAttack.Get(options.Text("attack"));
            string size = attack.Norm == AttackNorm.L2
                ? string.Create(CultureInfo.InvariantCulture, $"L2 norm of the change; as much as {255 * epsilon / scale:0.##} of 255 in every value")
                : string.Create(CultureInfo.InvariantCulture, $"{epsilon * 255:0.##} of 255");
            string warning = epsilon <= LargeEpsilon * scale ? "" : onlyRight
                ? " Epsilon is so large that little of an image is left; ask for a smaller target."
                : " Epsilon is so large that little of an image is left; ask for a smaller target, or for a share of the right predictions only (target-of: right).";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Attack on {whose}: {attack.Title}, epsilon {epsilon:0.#####} ({size}), {options.Integer("steps")} steps of {alpha:0.#####}; changes {Percent(rate)} of its predictions on {images} images ({found}).{off}{warning}");
        }

        // The own teacher's problem is the finding's reason already.
        return teacher == MeasurementKey.OtherTeacher
            && measurements.Fact(new MeasurementKey(AdversarialAnalysis.Unreached, MeasurementKey.TeacherModel, null, teacher)) is { } problem
            ? $"The other teacher is not used as a control. {problem.Text}"
            : null;
    }

    /// <summary>1 where a student and the independent student of its seed are both right on the unchanged image, else NaN.</summary>
    private static double[] BothRight(MeasurementTable table, string method, int seed) =>
        [.. table[new MeasurementKey(AdversarialAnalysis.Correct, method, seed)]
            .Zip(table[new MeasurementKey(AdversarialAnalysis.Correct, MeasurementKey.Independent, seed)], (s, i) => s == 1 && i == 1 ? 1 : double.NaN)];

    private static double[] AmongRight(MeasurementTable table, double[] fooled, string method, int seed) =>
        [.. fooled.Zip(table[new MeasurementKey(AdversarialAnalysis.Correct, method, seed)], (f, right) => right == 1 ? f : double.NaN)];

    private static IEnumerable<double[]> Among(IReadOnlyList<double[]> fooled, double[][] right) =>
        fooled.Select((scores, seed) => scores.Zip(right[seed], (f, r) => f * r).ToArray());

    /// <summary>What is left where distillation did not make the student better: inheritance that is no side effect of accuracy (Ojha et al. 2023, supplement 11.1).</summary>
    private static string? NoMoreAccurate(MeasurementTable table, FindingScores levels, string method)
    {
        double Accuracy(string label, int seed) => Scores.Mean((IEnumerable<double>)table[new MeasurementKey(AdversarialAnalysis.Correct, label, seed)]);
        double[] gains = [.. levels.Seeds.Select(seed => Accuracy(method, seed) - Accuracy(MeasurementKey.Independent, seed))];
        int[] kept = [.. Enumerable.Range(0, gains.Length).Where(i => gains[i] <= AccuracyMargin)];
        double student = Scores.Mean(kept.Select(i => levels.StudentOwn[i])), independent = Scores.Mean(kept.Select(i => levels.IndependentOwn[i]));
        if (!double.IsNaN(student) && !double.IsNaN(independent))
        {
            string seeds = string.Join(", ", kept.Select(i => levels.Seeds[i].ToString(CultureInfo.InvariantCulture)));
            return $"Where the student is no more accurate than the independent student (seed {seeds}): students {Percent(student)}, independent students {Percent(independent)} fooled.";
        }

        return gains.All(double.IsNaN) ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"For every seed the student is more accurate than the independent student, by {100 * gains.Min():0.0} to {100 * gains.Max():0.0} points: whether it is fooled more without being better is not seen here.");
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
