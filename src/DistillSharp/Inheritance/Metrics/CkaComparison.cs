using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>CKA of every layer of a student with every layer of a teacher, and of matched layers batch by batch.</summary>
internal sealed class CkaComparison
{
    /// <summary>Compares the features of the same images.</summary>
    public CkaComparison(LayerFeatures student, LayerFeatures teacher, bool unbiased)
    {
        StudentLayers = student.Layers;
        TeacherLayers = teacher.Layers;
        Values = new double[StudentLayers.Count, TeacherLayers.Count];
        int batches = (int)student.Grams.Size(0);
        MatchedPerBatch = new double[batches];
        if (batches == 0)
        {
            return;
        }

        using var scope = new TensorScope();
        double[] both = MinibatchCka.Hsic(student.Grams, teacher.Grams, unbiased).Permute([1, 2, 0]).Contiguous().ToArray<double>();
        double[] ofStudent = MinibatchCka.OwnHsic(student.Grams, unbiased).T().Contiguous().ToArray<double>();
        double[] ofTeacher = MinibatchCka.OwnHsic(teacher.Grams, unbiased).T().Contiguous().ToArray<double>();
        for (int i = 0; i < StudentLayers.Count; i++)
        {
            for (int j = 0; j < TeacherLayers.Count; j++)
            {
                (double cka, double[] perBatch) = MinibatchCka.Combine(
                    both.AsSpan(((i * TeacherLayers.Count) + j) * batches, batches), ofStudent.AsSpan(i * batches, batches), ofTeacher.AsSpan(j * batches, batches));
                Values[i, j] = cka;
                for (int b = 0; j == Match(i) && b < batches; b++)
                {
                    MatchedPerBatch[b] += perBatch[b] / StudentLayers.Count;
                }
            }
        }
    }

    /// <summary>The student's layers.</summary>
    public IReadOnlyList<string> StudentLayers { get; }

    /// <summary>The teacher's layers.</summary>
    public IReadOnlyList<string> TeacherLayers { get; }

    /// <summary>CKA, [student layers, teacher layers]; NaN where a layer gives the same for all images.</summary>
    public double[,] Values { get; }

    /// <summary>What each batch says of the mean CKA of matched layers, [batches]; see <see cref="MinibatchCka.Combine"/>.</summary>
    public double[] MatchedPerBatch { get; }

    /// <summary>The mean CKA of matched layers.</summary>
    public double MatchedMean => Enumerable.Range(0, StudentLayers.Count).Average(i => Values[i, Match(i)]);

    /// <summary>The matched layers in words.</summary>
    public string MatchedText => string.Join(", ", StudentLayers.Select((layer, i) => $"{layer} with {TeacherLayers[Match(i)]}"));

    /// <summary>The teacher's layer at the same relative depth among its layers; the one of the same place where both have as many.</summary>
    public int Match(int studentLayer) => StudentLayers.Count == 1
        ? TeacherLayers.Count - 1
        : (int)Math.Round((double)studentLayer * (TeacherLayers.Count - 1) / (StudentLayers.Count - 1), MidpointRounding.AwayFromZero);

    /// <summary>The CKA of every pair of layers.</summary>
    /// <param name="measure">The measure's name, which the pairs' names start with.</param>
    /// <param name="key">The student and the teacher.</param>
    public IEnumerable<MeasurementFact> Facts(string measure, MeasurementKey key)
    {
        for (int i = 0; i < StudentLayers.Count; i++)
        {
            for (int j = 0; j < TeacherLayers.Count; j++)
            {
                yield return new MeasurementFact(key with { Measure = $"{measure}:{StudentLayers[i]}:{TeacherLayers[j]}" }, Values[i, j]);
            }
        }
    }
}
