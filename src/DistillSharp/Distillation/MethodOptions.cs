using DistillSharp.Configuration;

namespace DistillSharp.Distillation;

/// <summary>Options that most methods share, and what is wrong with them where something is.</summary>
internal static class MethodOptions
{
    /// <summary>What the method's own term counts in the loss.</summary>
    public static OptionSpec Weight(double fallback) =>
        new("weight", OptionKind.Number, fallback, "What the method's term counts in the loss; above 0", Minimum: 0, Maximum: 1e6);

    /// <summary>What the cross-entropy with the labels counts in the loss.</summary>
    public static OptionSpec LabelWeight(double fallback) =>
        new("label-weight", OptionKind.Number, fallback, "What the cross-entropy with the labels counts in the loss; 0 learns from the teacher alone", Minimum: 0, Maximum: 1e6);

    /// <summary>What softens both networks' distributions.</summary>
    public static OptionSpec Temperature(double fallback) =>
        new("temperature", OptionKind.Number, fallback, "T, which softens both distributions; 1 leaves them as they are", Minimum: 0.01, Maximum: 1000);

    /// <summary>Whether the term is multiplied by T².</summary>
    public static OptionSpec ScaleByTemperature(bool fallback) => new(
        "scale-by-temperature",
        OptionKind.Boolean,
        fallback,
        "Whether the method's term is multiplied by T² as in Hinton et al. (2015), so that its gradient keeps its size at other temperatures; where not, the weight counts 1/T² as much");

    /// <summary>How much of the run an initial stage takes.</summary>
    public static OptionSpec InitialShare(double fallback) =>
        new("initial-share", OptionKind.Number, fallback, "How much of all steps the initial stage takes; it is part of the run's epochs, so that budgets stay equal", Minimum: 0, Maximum: 0.9);

    /// <summary>Whether the method's term goes on after the initial stage.</summary>
    public static OptionSpec Keep() =>
        new("keep", OptionKind.Boolean, true, "Whether the term goes on, beside the labels, after the initial stage; public implementations leave it out then");

    /// <summary>Says that without an initial stage, and without the term after it, the teacher would not count, or null.</summary>
    public static string? CheckKeep(OptionValues options) => options.Boolean("keep") || options.Number("initial-share") > 0
        ? null
        : "The option 'initial-share' is 0 and 'keep' is false, so the teacher would not count. Give the initial stage a share, or keep the term.";

    /// <summary>Over how many epochs the method's term grows to its weight.</summary>
    public static OptionSpec WarmUp(long fallback) =>
        new("warm-up", OptionKind.Integer, fallback, "Over how many epochs the term's weight grows evenly to its full size; 0 for none", Minimum: 0, Maximum: 100_000);

    /// <summary>What an epoch of the warm-up counts: (epoch + 1) / warm-up, at most 1.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="warmUp">Over how many epochs.</param>
    public static double WarmUpFactor(int epoch, int warmUp) => warmUp <= 0 ? 1 : Math.Min(1, (epoch + 1.0) / warmUp);

    /// <summary>Where the student is looked at.</summary>
    public static OptionSpec StudentLayer(string fallback) =>
        new("student-layer", OptionKind.StudentLayer, null, $"The student's layer; where left out, {fallback}");

    /// <summary>Where the teacher is looked at.</summary>
    public static OptionSpec TeacherLayer(string fallback) =>
        new("teacher-layer", OptionKind.TeacherLayer, null, $"The teacher's layer; where left out, {fallback}");

    /// <summary>The layer that an option names, or the default.</summary>
    public static string Layer(OptionValues options, string name, string fallback) => options.Has(name) ? options.Text(name) : fallback;

    /// <summary>
    /// Says that the method's weight is 0, or null. Then the teacher would not count, and what is trained beside the student would get no gradient.
    /// </summary>
    public static string? CheckWeight(OptionValues options) => CheckWeight(options.Number("weight"));

    /// <inheritdoc cref="CheckWeight(OptionValues)"/>
    public static string? CheckWeight(double weight) => weight > 0
        ? null
        : "The option 'weight' is 0, so the teacher would not count. Give it a value above 0, or use the method 'independent'.";

    /// <summary>
    /// Says that with a label weight of 0 nothing would train what stands behind a layer, or null. Nothing but the method's own term gives
    /// gradients then, and they go from its layer backwards.
    /// </summary>
    public static string? CheckLabelWeight(OptionValues options, string studentLayer, IReadOnlyDictionary<string, long[]> studentShapes) =>
        options.Number("label-weight") > 0 || studentLayer == studentShapes.Keys.Last()
            ? null
            : $"The option 'label-weight' is 0, so nothing would train the student behind its layer '{studentLayer}'. Give it a value above 0.";

    /// <summary>Says that a layer gives nothing out, with the nearest names, or null.</summary>
    public static string? CheckLayer(string network, string path, IReadOnlyDictionary<string, long[]> shapes) =>
        shapes.ContainsKey(path) ? null : NearestName.Explain($"layer with an output in the {network} at", path, shapes.Keys);

    /// <summary>Throws what a check says.</summary>
    /// <exception cref="ArgumentException">The check says something.</exception>
    public static void Require(string? problem)
    {
        if (problem is not null)
        {
            throw new ArgumentException(problem);
        }
    }
}
