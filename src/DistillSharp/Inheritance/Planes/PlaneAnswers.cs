using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>What models answer on the grid of a plane.</summary>
internal static class PlaneAnswers
{
    /// <summary>At most so many values of points are in memory at a time.</summary>
    private const int MostValues = 8_000_000;

    /// <summary>The class of each point, [resolution²]; -1 where a logit is not finite.</summary>
    public static int[] Of(ImageClassifier model, ImagePlane plane, AnalysisSubject subject)
    {
        int points = plane.Resolution * plane.Resolution;
        int values = (int)(subject.Test.Images.ElementCount / subject.Test.Count);
        int step = Math.Max(subject.Slice, MostValues / values);
        var answers = new int[points];
        for (int start = 0; start < points; start += step)
        {
            using var scope = new TensorScope();
            Tensor part = plane.Points(start, Math.Min(points, start + step)).To(subject.Test.Images.Device);
            ClassificationMetrics.FinitePredictions(model.Evaluate(part, subject.Slice)).CopyTo(answers, start);
        }

        return answers;
    }

    /// <summary>The share of points with the same class, 0 to 1, of those where both have one; NaN where there is none.</summary>
    public static double Agreement(int[] first, int[] second) =>
        Scores.Mean(first.Zip(second, (a, b) => a < 0 || b < 0 ? double.NaN : a == b ? 1 : 0));
}
