using System.Globalization;
using DistillSharp.Studies.Results;

namespace DistillSharp.Statistics;

/// <summary>
/// Turns scores into a <see cref="Finding"/>: levels, effect, controls, verdict and the reason in words.
/// Equal scores give an equal finding on one machine.
/// </summary>
/// <param name="bootstrap">Draws the intervals.</param>
public sealed class FindingBuilder(HierarchicalBootstrap bootstrap)
{
    /// <summary>A builder with 2,000 resamples.</summary>
    public FindingBuilder()
        : this(new HierarchicalBootstrap())
    {
    }

    /// <summary>Told what each finding is built from, before seeds without images are taken out; null for nobody.</summary>
    public Action<FindingTexts, FindingScores>? Building { get; init; }

    /// <summary>
    /// Builds the finding. Seeds without an image left are taken out of it and named in the notes;
    /// a seed that lacks only the other-teacher scores stays, with NaN in those columns.
    /// Without independent students the finding has levels and no verdict: <see cref="LevelsOnly"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The scores do not fit together; the message says which.</exception>
    public Finding Build(FindingTexts texts, FindingScores scores)
    {
        Check(scores);
        Building?.Invoke(texts, scores);
        if (!scores.HasFloor)
        {
            return LevelsOnly.Build(texts, scores, bootstrap);
        }

        var notes = new List<string>(texts.Notes);
        var all = CrossedMean.OfDifferences(scores.StudentOwn, scores.IndependentOwn);
        var measured = Measured(all);
        NoteExclusions(notes, scores, all);
        var seeds = scores.Seeds.Count;
        if (measured.Count < seeds)
        {
            scores = Keep(scores, measured);
        }

        if (measured.Count == 0)
        {
            var empty = scores.NotApplicableReason ?? "No image is left that both students were scored on, for any seed.";
            return NotApplicable(texts, scores, notes, empty, images: 0, independent: null, student: null);
        }

        var sign = scores.HigherIsCloser ? 1 : -1;
        var student = CrossedMean.OfScores(scores.StudentOwn, scores.IndependentOwn);
        var independent = CrossedMean.OfScores(scores.IndependentOwn, scores.StudentOwn);
        var reason = scores.NotApplicableReason;
        if (reason is null && student.Images < VerdictRules.MinimumImages)
        {
            reason = $"Only {student.Images.ToString("0.#", CultureInfo.InvariantCulture)} image a seed is left, too few for an interval.";
        }

        if (reason is not null)
        {
            var levels = bootstrap.Estimate([student, independent]);
            return NotApplicable(
                texts, scores, notes, reason, student.Images, Bounded(levels[1], texts.Unit), Bounded(levels[0], texts.Unit));
        }

        return Measure(texts, scores, seeds, notes, sign, student, independent);
    }

    /// <summary>
    /// Levels by themselves, without a comparison: the mean over seeds of the mean over images, with its interval over both. NaN leaves an image
    /// out for a seed.
    /// </summary>
    /// <param name="scores">For each level the scores of its models, [S][N], over the same N images; S at least 1.</param>
    /// <param name="unit">The levels' unit; intervals of shares lie from 0 to 1.</param>
    public IReadOnlyList<Estimate> Levels(IReadOnlyList<IReadOnlyList<double[]>> scores, string unit) =>
        [.. bootstrap.Estimate([.. scores.Select(s => CrossedMean.OfScores(s))]).Select(level => Bounded(level, unit))];

    private Finding Measure(
        FindingTexts texts, FindingScores scores, int seeds, List<string> notes, int sign, CrossedMean student, CrossedMean independent)
    {
        var means = new List<CrossedMean>
        {
            student, independent, CrossedMean.OfDifferences(scores.StudentOwn, scores.IndependentOwn, sign),
        };
        var otherAt = AddOtherTeacher(means, scores, notes, sign);
        var nullAt = AddNull(means, scores, notes, sign);

        var estimates = bootstrap.Estimate(means);
        var effect = estimates[2];
        var other = otherAt is { } at ? estimates[at] : null;
        var ownMinusOther = otherAt is { } next ? estimates[next + 1] : null;
        var nullEffect = nullAt is { } last ? estimates[last] : null;

        var verdict = VerdictRules.Judge(effect, ownMinusOther);
        var preliminary = VerdictRules.WhyPreliminary(verdict, seeds, effect, ownMinusOther, nullEffect);
        notes.AddRange(preliminary);
        NoteLittleRoom(notes, scores, estimates[1], sign, texts.Unit);
        NoteDegenerate(notes, means[2], effect, scores, nullEffect, verdict, texts.Unit);
        var reason = ReasonWriter.Write(
            texts, scores.HigherIsCloser, verdict, estimates[0], estimates[1], effect,
            otherAt is null ? null : OtherEffect(scores, sign), ownMinusOther, nullEffect);

        return new Finding(
            texts.Analysis, texts.Measure, texts.Title, texts.Question, texts.Unit, scores.HigherIsCloser, texts.Method,
            scores.Seeds, student.Images, scores.Teacher,
            Independent: Bounded(estimates[1], texts.Unit),
            Null: nullEffect,
            Student: Bounded(estimates[0], texts.Unit),
            OtherTeacher: other is null ? null : Bounded(other, texts.Unit),
            Effect: effect,
            OwnMinusOther: ownMinusOther,
            verdict,
            preliminary.Count > 0,
            reason,
            notes)
        {
            OtherIsStudent = scores.OtherIsStudent && ownMinusOther is not null,
        };
    }

    /// <summary>Adds the level against the other teacher and own minus other; the place of the first, or null without that control.</summary>
    private static int? AddOtherTeacher(List<CrossedMean> means, FindingScores scores, List<string> notes, int sign)
    {
        if (scores.StudentOther is null || scores.IndependentOther is null)
        {
            return null;
        }

        var level = CrossedMean.OfScores(scores.StudentOther, scores.IndependentOther);
        if (level.SeedsUsed == 0)
        {
            notes.Add("The other-teacher control has no image left and is not used.");
            return null;
        }

        var missing = SeedNames(scores.Seeds, level);
        if (missing.Length > 0)
        {
            notes.Add($"The other-teacher control has no image left for seed {missing}.");
        }

        if (level.Images < VerdictRules.MinimumImages)
        {
            notes.Add("The other-teacher control has fewer than two images a seed and is not used.");
            return null;
        }

        means.Add(level);
        means.Add(CrossedMean.OfDifferenceOfDifferences(
            scores.StudentOwn, scores.IndependentOwn, scores.StudentOther, scores.IndependentOther, sign));
        return means.Count - 2;
    }

    /// <summary>Adds the effect of independent students against each other; its place, or null without pairs.</summary>
    private static int? AddNull(List<CrossedMean> means, FindingScores scores, List<string> notes, int sign)
    {
        if (scores.NullPairs.Count == 0)
        {
            return null;
        }

        var mean = CrossedMean.OfNullPairs(scores.NullPairs, sign);
        if (mean.SeedsUsed == 0)
        {
            notes.Add("No pair of independent students has an image left, so there is no null.");
            return null;
        }

        means.Add(mean);
        return means.Count - 1;
    }

    /// <summary>The mean effect with the other teacher, over the seeds that own minus other rests on.</summary>
    private static double OtherEffect(FindingScores scores, int sign) =>
        CrossedMean.OfDifferences(scores.StudentOther!, scores.IndependentOther!, sign).Mean;

    private static void NoteExclusions(List<string> notes, FindingScores scores, CrossedMean all)
    {
        var missing = SeedNames(scores.Seeds, all);
        if (missing.Length > 0)
        {
            notes.Add($"Without any image left, and so not in this finding: seed {missing}.");
        }

        var total = scores.StudentOwn.Count == 0 ? 0 : scores.StudentOwn[0].Length;
        if (all.SeedsUsed > 0 && all.Images < total)
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture, $"{total - all.Images:0.#} of {total} images a seed are excluded, {all.Images:0.#} remain."));
        }

        if (all.SeedsUsed > 0 && all.Images < VerdictRules.FewImages)
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture, $"Only {all.Images:0.#} images a seed: intervals from so few tend to be too narrow."));
        }
    }

    private static void NoteLittleRoom(List<string> notes, FindingScores scores, Estimate independent, int sign, string unit)
    {
        var format = new UnitFormat(unit);
        if (FindingUnit.IsOfShares(unit) && scores.Teacher is { } ceiling && sign * (ceiling - independent.Mean) <= VerdictRules.LittleRoom)
        {
            notes.Add(
                $"Independent students ({format.Level(independent.Mean)}) are almost at the ceiling ({format.Level(ceiling)}): "
                + "even a true copy of the teacher could hardly be told from them.");
        }
    }

    private static void NoteDegenerate(
        List<string> notes, CrossedMean difference, Estimate effect, FindingScores scores, Estimate? nullEffect, Verdict verdict, string unit)
    {
        if (difference.SeedVariance == 0 && difference.ImageVariance == 0)
        {
            notes.Add("Every paired difference is the same, so the interval of the effect has no width.");
        }

        if (nullEffect is null)
        {
            return;
        }

        // The mean of several pairs can hide one large difference, since pairs point both ways.
        if (!VerdictRules.Claims(verdict))
        {
            return;
        }

        var format = new UnitFormat(unit);
        if (VerdictRules.NullIsAsLarge(verdict, effect, nullEffect))
        {
            notes.Add(
                $"Independent students differ among themselves by {format.Change(nullEffect.Mean)} on average, as much as the effect. "
                + "They are compared across seeds, the effect within seeds, so this alone is no failure of the control.");
        }

        for (var pair = 0; pair < nullEffect.PerSeed.Count; pair++)
        {
            if (Math.Abs(nullEffect.PerSeed[pair]) >= Math.Abs(effect.Mean))
            {
                var seeds = scores.NullPairs[pair];
                notes.Add(
                    $"The independent students of seeds {seeds.StudentSeed} and {seeds.IndependentSeed} differ by "
                    + $"{format.Change(nullEffect.PerSeed[pair])}, as much as the effect.");
            }
        }
    }

    private static Finding NotApplicable(
        FindingTexts texts, FindingScores scores, List<string> notes, string reason, double images, Estimate? independent, Estimate? student) =>
        new(
            texts.Analysis, texts.Measure, texts.Title, texts.Question, texts.Unit, scores.HigherIsCloser, texts.Method,
            scores.Seeds, images, scores.Teacher,
            Independent: independent,
            Null: null,
            Student: student,
            OtherTeacher: null,
            Effect: null,
            OwnMinusOther: null,
            Verdict.NotApplicable,
            Preliminary: false,
            reason,
            notes);

    /// <summary>A share lies in [0, 1], so its interval does too; a difference of shares does not.</summary>
    internal static Estimate Bounded(Estimate level, string unit) =>
        unit == FindingUnit.Share ? level with { Low = Math.Max(level.Low, 0), High = Math.Min(level.High, 1) } : level;

    private static List<int> Measured(CrossedMean mean)
    {
        var seeds = new List<int>();
        for (var seed = 0; seed < mean.PerSeed.Count; seed++)
        {
            if (mean.ImagesPerSeed[seed] > 0)
            {
                seeds.Add(seed);
            }
        }

        return seeds;
    }

    private static string SeedNames(IReadOnlyList<int> seeds, CrossedMean mean)
    {
        var names = new List<string>();
        for (var seed = 0; seed < mean.PerSeed.Count; seed++)
        {
            if (mean.ImagesPerSeed[seed] == 0)
            {
                names.Add(seeds[seed].ToString(CultureInfo.InvariantCulture));
            }
        }

        return string.Join(", ", names);
    }

    private static FindingScores Keep(FindingScores scores, List<int> seeds) => scores with
    {
        Seeds = [.. seeds.Select(seed => scores.Seeds[seed])],
        StudentOwn = [.. seeds.Select(seed => scores.StudentOwn[seed])],
        IndependentOwn = [.. seeds.Select(seed => scores.IndependentOwn[seed])],
        StudentOther = scores.StudentOther is { } student ? [.. seeds.Select(seed => student[seed])] : null,
        IndependentOther = scores.IndependentOther is { } independent ? [.. seeds.Select(seed => independent[seed])] : null,
    };

    private static void Check(FindingScores scores)
    {
        if (scores.HasFloor && (scores.StudentOther is null) != (scores.IndependentOther is null))
        {
            throw new ArgumentException("The other-teacher control needs the scores of both the student and the independent student.");
        }

        CheckMatrix("StudentOwn", scores.StudentOwn, scores);
        CheckMatrix("StudentOther", scores.StudentOther, scores);
        if (scores.HasFloor)
        {
            CheckMatrix("IndependentOwn", scores.IndependentOwn, scores);
            CheckMatrix("IndependentOther", scores.IndependentOther, scores);
        }

        foreach (var pair in scores.NullPairs)
        {
            var name = $"Null pair of seeds {pair.StudentSeed} and {pair.IndependentSeed}";
            CheckLength(name, pair.Student, scores);
            CheckLength(name, pair.Independent, scores);
        }
    }

    private static void CheckMatrix(string name, IReadOnlyList<double[]>? matrix, FindingScores scores)
    {
        if (matrix is null)
        {
            return;
        }

        if (matrix.Count != scores.Seeds.Count)
        {
            throw new ArgumentException($"{name}: scores of {scores.Seeds.Count} seeds were expected, found {matrix.Count}.");
        }

        for (var seed = 0; seed < matrix.Count; seed++)
        {
            CheckLength($"{name}, seed {scores.Seeds[seed]}", matrix[seed], scores);
        }
    }

    private static void CheckLength(string name, double[] row, FindingScores scores)
    {
        if (scores.StudentOwn.Count > 0 && row.Length != scores.StudentOwn[0].Length)
        {
            throw new ArgumentException(
                $"{name}: {scores.StudentOwn[0].Length} scores were expected, found {row.Length}; "
                + "all score the same images, with NaN for an excluded one.");
        }
    }
}
