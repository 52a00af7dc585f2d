using System.Globalization;
using DistillSharp.Conformance.Reading;
using DistillSharp.Inheritance;
using DistillSharp.Torch;

namespace DistillSharp.Conformance.Checks;

/// <summary>Measures of a student's and a teacher's stated logits. A quantity's name says whose it is, and of ECE how many bins.</summary>
internal static class PredictionFixture
{
    public static void Check(FixtureNode section, Comparison comparison)
    {
        FixtureTensor stated = section.Get("student_logits").Tensor();
        if (stated.Shape.Length != 2 || stated.Data.Length == 0)
        {
            throw new FixtureException(stated.Path, $"[N, classes] was expected, found the shape [{string.Join(", ", stated.Shape)}].");
        }

        Tensor student = stated.ToTensor();
        Tensor teacher = section.Get("teacher_logits").Tensor().WithShape("as the student's", stated.Shape).ToTensor();
        Tensor labels = section.Get("labels").Tensor().WithShape("one for each row", stated.Shape[0]).ToIndices(stated.Shape[1], "classes");
        foreach ((string quantity, FixtureNode expected) in section.Properties().Where(p => p.Key is not ("student_logits" or "teacher_logits" or "labels")))
        {
            if (quantity == "ensemble_of_both_first_row")
            {
                FixtureTensor row = expected.Tensor();
                comparison.Check(quantity, row, ClassificationMetrics.EnsembleLogits(student, teacher).Rows(0, 1).View([-1]));
            }
            else if (Value(quantity, student, teacher, labels) is { } value)
            {
                comparison.Check(quantity, expected, value);
            }
            else if (!expected.IsText)
            {
                throw new FixtureException(expected.Path, "the format has no such quantity.");
            }
        }
    }

    private static double? Value(string quantity, Tensor student, Tensor teacher, Tensor labels)
    {
        switch (quantity)
        {
            case "agreement":
                return ClassificationMetrics.Agreement(student, teacher);
            case "kl_teacher_student":
                return ClassificationMetrics.KullbackLeibler(teacher, student);
            case "kl_student_teacher":
                return ClassificationMetrics.KullbackLeibler(student, teacher);
        }

        string[] parts = quantity.Split('_', 2);
        Tensor? logits = parts[0] switch { "student" => student, "teacher" => teacher, _ => null };
        const string calibration = "ece_";
        return (logits, parts[^1]) switch
        {
            (null, _) => null,
            (_, "accuracy") => ClassificationMetrics.Accuracy(logits, labels),
            (_, "nll") => ClassificationMetrics.NegativeLogLikelihood(logits, labels),
            (_, "brier") => ClassificationMetrics.Brier(logits, labels),
            (_, "entropy") => ClassificationMetrics.PredictiveEntropy(logits),
            (_, var measure) when measure.StartsWith(calibration, StringComparison.Ordinal)
                && int.TryParse(measure.AsSpan(calibration.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int bins)
                && bins is >= 1 and <= 1_000_000 => ClassificationMetrics.ExpectedCalibrationError(logits, labels, bins),
            _ => null,
        };
    }
}
