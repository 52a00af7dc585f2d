using System.Globalization;
using DistillSharp.Studies.Results;

namespace DistillSharp.Statistics;

/// <summary>
/// The finding where no student was trained without a teacher: levels with their intervals, and nothing that rests on the missing floor.
/// There is no effect, no own minus other and no verdict, whatever the levels are.
/// </summary>
public static class LevelsOnly
{
    /// <summary>How every reason ends where the floor is missing.</summary>
    public const string Missing =
        "There are no independent students, so there is no floor: students of this network that never met the teacher may reach as much, and nothing follows about inheritance.";

    internal static Finding Build(FindingTexts texts, FindingScores scores, HierarchicalBootstrap bootstrap)
    {
        var notes = new List<string>(texts.Notes);
        var student = CrossedMean.OfScores(scores.StudentOwn);
        Note(notes, scores, student);
        if (student.SeedsUsed > 0 && student.SeedsUsed < scores.Seeds.Count)
        {
            int[] left = [.. Enumerable.Range(0, scores.Seeds.Count).Where(at => student.ImagesPerSeed[at] > 0)];
            scores = scores with
            {
                Seeds = [.. left.Select(at => scores.Seeds[at])],
                StudentOwn = [.. left.Select(at => scores.StudentOwn[at])],
                StudentOther = scores.StudentOther is { } all ? [.. left.Select(at => all[at])] : null,
            };
            student = CrossedMean.OfScores(scores.StudentOwn);
        }

        var own = Estimate(student, texts.Unit, bootstrap);
        var other = scores.StudentOther is { } against ? Estimate(CrossedMean.OfScores(against), texts.Unit, bootstrap) : null;
        if (student.SeedsUsed == 1)
        {
            notes.Add("One student: its interval allows for other images, not for other seeds.");
        }

        return new Finding(
            texts.Analysis, texts.Measure, texts.Title, texts.Question, texts.Unit, scores.HigherIsCloser, texts.Method,
            scores.Seeds, double.IsNaN(student.Mean) ? 0 : student.Images, scores.Teacher,
            Independent: null,
            Null: null,
            Student: own,
            OtherTeacher: other,
            Effect: null,
            OwnMinusOther: null,
            Verdict.NotApplicable,
            Preliminary: false,
            scores.NotApplicableReason ?? (own is null ? $"Too few images are left for a level with an interval. {Missing}" : Reason(texts, scores, own, other)),
            notes);
    }

    private static string Reason(FindingTexts texts, FindingScores scores, Estimate own, Estimate? other)
    {
        var format = new UnitFormat(texts.Unit);
        string Level(Estimate estimate) => $"{format.Level(estimate.Mean)} (95 % interval {format.Interval(estimate.Low, estimate.High)})";
        var teacher = scores.Teacher is { } property && double.IsFinite(property) && property is not (0 or 1) ? $"; the teacher: {format.Level(property)}" : "";
        var against = other is null ? "" : $"; with respect to the other teacher: {Level(other)}";
        return $"{texts.Title}: {Level(own)}{teacher}{against}. {Missing}";
    }

    private static void Note(List<string> notes, FindingScores scores, CrossedMean student)
    {
        var total = scores.StudentOwn[0].Length;
        if (student.SeedsUsed < scores.Seeds.Count)
        {
            var lost = scores.Seeds.Where((_, at) => student.ImagesPerSeed[at] == 0).Select(seed => seed.ToString(CultureInfo.InvariantCulture));
            notes.Add($"Without any image left, and so not in this level: seed {string.Join(", ", lost)}.");
        }

        if (student.SeedsUsed > 0 && student.Images < total)
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture, $"{total - student.Images:0.#} of {total} images a seed are excluded, {student.Images:0.#} remain."));
        }

        if (student.SeedsUsed > 0 && student.Images < VerdictRules.FewImages)
        {
            notes.Add(string.Create(
                CultureInfo.InvariantCulture, $"Only {student.Images:0.#} images a seed: intervals from so few tend to be too narrow."));
        }
    }

    /// <summary>The level with its interval; null with fewer images than an interval needs. A share lies in [0, 1], so its interval does too; a difference of shares does not.</summary>
    private static Estimate? Estimate(CrossedMean mean, string unit, HierarchicalBootstrap bootstrap)
    {
        if (!(mean.Images >= VerdictRules.MinimumImages))
        {
            return null;
        }

        var level = bootstrap.Estimate(mean);
        return FindingBuilder.Bounded(level, unit);
    }
}
