using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Optimization;

/// <summary>Optimisers and schedules by name, with their options.</summary>
public static class Recipes
{
    private static readonly OptionSpec LearningRate = new("learning-rate", OptionKind.Number, 0.05, "Size of the steps", Minimum: 0, Maximum: 100);
    private static readonly OptionSpec WarmUp = new("warm-up", OptionKind.Integer, 0L, "Epochs over which the rate rises to its full value", Minimum: 0);

    /// <summary>The optimisers' names and options.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<OptionSpec>> Optimizers { get; } = new Dictionary<string, IReadOnlyList<OptionSpec>>
    {
        ["sgd"] =
        [
            LearningRate,
            new("momentum", OptionKind.Number, 0.9, "Share of the former step that is kept", Minimum: 0, Maximum: 1),
            new("weight-decay", OptionKind.Number, 5e-4, "How strongly weights shrink", Minimum: 0),
            new("nesterov", OptionKind.Boolean, false, "Whether the step looks ahead (needs momentum)"),
        ],
        ["adam"] = AdamOptions(0),
        ["adamw"] = AdamOptions(1e-2),
    };

    /// <summary>The schedules' names and options.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<OptionSpec>> Schedules { get; } = new Dictionary<string, IReadOnlyList<OptionSpec>>
    {
        ["constant"] = [WarmUp],
        ["step"] =
        [
            WarmUp,
            new("milestones", OptionKind.IntegerList, Array.Empty<long>(), "Epochs at which the rate falls", Minimum: 1),
            new("factor", OptionKind.Number, 0.1, "What the rate is multiplied by at each milestone", Minimum: 0, Maximum: 1),
        ],
        ["cosine"] = [WarmUp, new("minimum", OptionKind.Number, 0.0, "The rate that the cosine falls towards", Minimum: 0)],
    };

    /// <summary>Makes an optimiser.</summary>
    /// <exception cref="ArgumentException">There is no optimiser of that name.</exception>
    public static Optimizer CreateOptimizer(string name, OptionValues options, IEnumerable<Tensor> parameters) => name switch
    {
        "sgd" => new Sgd(parameters, options.Number("learning-rate"), options.Number("momentum"), options.Number("weight-decay"), options.Boolean("nesterov")),
        "adam" or "adamw" => new Adam(
            parameters,
            options.Number("learning-rate"),
            options.Number("beta1"),
            options.Number("beta2"),
            options.Number("epsilon"),
            options.Number("weight-decay"),
            decoupled: name == "adamw"),
        _ => throw new ArgumentException(NearestName.Explain("optimizer", name, Optimizers.Keys), nameof(name)),
    };

    /// <summary>Makes a schedule.</summary>
    /// <exception cref="ArgumentException">There is no schedule of that name.</exception>
    public static LearningRateSchedule CreateSchedule(string name, OptionValues options, double baseRate, int epochs) => name switch
    {
        "constant" => new ConstantSchedule(baseRate, epochs, options.Integer("warm-up")),
        "step" => new StepSchedule(baseRate, epochs, options.Integers("milestones"), options.Number("factor"), options.Integer("warm-up")),
        "cosine" => new CosineSchedule(baseRate, epochs, options.Number("minimum"), options.Integer("warm-up")),
        _ => throw new ArgumentException(NearestName.Explain("schedule", name, Schedules.Keys), nameof(name)),
    };

    private static IReadOnlyList<OptionSpec> AdamOptions(double weightDecay) =>
    [
        LearningRate with { Default = 1e-3 },
        new("beta1", OptionKind.Number, 0.9, "Decay of the gradient's running mean", Minimum: 0, Maximum: 1),
        new("beta2", OptionKind.Number, 0.999, "Decay of the squared gradient's running mean", Minimum: 0, Maximum: 1),
        new("epsilon", OptionKind.Number, 1e-8, "Added to the root of the second moment", Minimum: 0),
        new("weight-decay", OptionKind.Number, weightDecay, "How strongly weights shrink", Minimum: 0),
    ];
}
