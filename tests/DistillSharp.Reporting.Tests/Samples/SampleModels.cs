using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Tests.Samples;

/// <summary>Models and learning curves of <see cref="SampleStudy"/>.</summary>
public static class SampleModels
{
    public static IReadOnlyList<ModelResult> Create(IReadOnlyList<string> methods, IReadOnlyList<int> seeds)
    {
        var models = new List<ModelResult>
        {
            new("teacher-none-s0-1c0a", "teacher", "none", 0, "wrn-40-2", 2_243_546, 0.9412, 0.2011, 0.0183, 0.9987, 4_211),
            new("other-teacher-none-s0-77b2", "other-teacher", "none", 0, "resnet-32x4", 7_433_860, 0.9389, 0.2154, 0.0201, 0.9979, 5_030),
        };
        models.AddRange(seeds.Select(seed => Student("independent", "none", seed, 0.9122)));
        for (var index = 0; index < methods.Count; index++)
        {
            var accuracy = 0.9231 - (0.004 * index);
            models.AddRange(seeds.Select(seed => Student("student", methods[index], seed, accuracy)));
        }

        return models;
    }

    /// <summary>A metrics.csv as a run writes it.</summary>
    public static string Metrics(ModelResult model, int epochs)
    {
        var random = new Random(model.Run.Sum(letter => letter));
        var lines = new List<string> { "epoch,learning_rate,loss,cross_entropy,train_accuracy,validation_loss,validation_accuracy" };
        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            var left = Math.Exp(-epoch / 6.0);
            var accuracy = model.TestAccuracy - (0.32 * left) + ((random.NextDouble() - 0.5) * 0.012);
            var loss = model.TestNll + (0.9 * left) + ((random.NextDouble() - 0.5) * 0.03);
            lines.Add(FormattableString.Invariant($"{epoch},0.05,{loss * 0.8:R},{loss * 0.8:R},{accuracy + 0.01:R},{loss:R},{accuracy:R}"));
        }

        return string.Join('\n', lines) + "\n";
    }

    private static ModelResult Student(string role, string method, int seed, double accuracy) => new(
        $"{role}-{method}-s{seed}-9e{seed}f", role, method, seed, "wrn-16-2", 703_284,
        accuracy + (0.0013 * (seed - 1)), 0.262 + (0.004 * seed), 0.031 - (0.002 * seed), 0.981 + (0.001 * seed), 1_312.4 + (7 * seed));
}
