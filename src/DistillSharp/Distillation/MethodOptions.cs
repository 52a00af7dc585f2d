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
    public static string? CheckWeight(OptionValues options) => options.Number("weight") > 0
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
