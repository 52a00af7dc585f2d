using DistillSharp.Configuration;

namespace DistillSharp.Distillation;

/// <summary>A method that can be asked for by name: what it is, what it needs, its options, and how to make it.</summary>
/// <param name="Name">The name in a study, kebab-case.</param>
/// <param name="Title">The name that people know.</param>
/// <param name="Paper">Authors, title, venue.</param>
/// <param name="Year">Year of publication; 0 where there is no paper.</param>
/// <param name="Needs">What it needs, in words, e.g. "teacher logits".</param>
/// <param name="Formula">The loss, in words and symbols, one or two lines.</param>
/// <param name="NeedsTeacher">True where a teacher is needed.</param>
/// <param name="Options">Its options with defaults, as published.</param>
/// <param name="Create">Makes the method.</param>
/// <param name="Check">
/// Says what is wrong with options for given layer shapes (student's, teacher's; by path, without the batch dimension), or null.
/// </param>
public sealed record MethodDescription(
    string Name,
    string Title,
    string Paper,
    int Year,
    string Needs,
    string Formula,
    bool NeedsTeacher,
    IReadOnlyList<OptionSpec> Options,
    Func<OptionValues, LayerDefaults, DistillationMethod> Create,
    Func<OptionValues, LayerDefaults, IReadOnlyDictionary<string, long[]>, IReadOnlyDictionary<string, long[]>, string?>? Check = null)
{
    /// <summary>True where the method's own term needs the label of every image, so that it cannot learn from images without labels.</summary>
    public bool NeedsLabels { get; init; }

    /// <summary>The same where it depends on the options; null where it does not.</summary>
    public Func<OptionValues, bool>? NeedsLabelsWhere { get; init; }

    /// <summary>Whether the method's own term needs the label of every image with these options.</summary>
    public bool NeedsLabelsWith(OptionValues options) => NeedsLabels || NeedsLabelsWhere?.Invoke(options) == true;
}
