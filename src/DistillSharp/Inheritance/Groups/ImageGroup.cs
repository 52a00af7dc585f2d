using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>The images of a set that have one value of an attribute.</summary>
/// <param name="Value">The value, as the data set names it.</param>
/// <param name="Key">The value as tables and measures name it: lower-case letters, digits and hyphens.</param>
/// <param name="Rows">The rows of the set that have it, ascending; at least one.</param>
internal sealed record ImageGroup(string Value, string Key, int[] Rows)
{
    /// <summary>The option of an analysis that asks its question of each group apart.</summary>
    /// <param name="meaning">What is done with the groups.</param>
    public static OptionSpec Option(string meaning) => new("attribute", OptionKind.Text, null, meaning);

    /// <summary>The attribute of that name.</summary>
    /// <param name="attributes">What is known of the test images.</param>
    /// <param name="name">The name that was asked for.</param>
    /// <exception cref="ArgumentException">There is none; the message gives the nearest names.</exception>
    public static ImageAttribute Find(IReadOnlyList<ImageAttribute> attributes, string name) =>
        Problem([.. attributes.Select(a => a.Name)], name) is { } problem ? throw new ArgumentException(problem, nameof(name)) : attributes.First(a => a.Name == name);

    /// <summary>Why there is no attribute of that name; null where there is one.</summary>
    /// <param name="attributes">The names of the attributes that there are.</param>
    /// <param name="name">The name that was asked for.</param>
    public static string? Problem(IReadOnlyList<string> attributes, string name) =>
        attributes.Contains(name) ? null
        : attributes.Count == 0 ? $"There is no attribute '{name}': the test images have none."
        : NearestName.Explain("attribute of the test images", name, attributes);

    /// <summary>What is wrong with the option that <see cref="Option"/> makes, where a study has it.</summary>
    public static IEnumerable<OptionProblem> Check(OptionValues options, AnalysisSetting setting) =>
        options.Has("attribute") && Problem([.. setting.Attributes.Select(a => a.Name)], options.Text("attribute")) is { } problem ? [new OptionProblem("attribute", problem)] : [];

    /// <summary>A group for each value that some image has, in the order of the values.</summary>
    /// <exception cref="ArgumentException">Two values have the same key.</exception>
    public static IReadOnlyList<ImageGroup> Of(ImageAttribute attribute)
    {
        ILookup<int, int> rows = Enumerable.Range(0, attribute.Values.Count).ToLookup(i => attribute.Values[i]);
        ImageGroup[] groups =
        [
            .. attribute.ValueNames.Select((name, code) => (name, code)).Where(v => rows.Contains(v.code)).Select(v => new ImageGroup(v.name, KeyOf(v.name), [.. rows[v.code]])),
        ];
        return groups.GroupBy(g => g.Key).FirstOrDefault(g => g.Count() > 1) is { } same
            ? throw new ArgumentException(
                $"The values of '{attribute.Name}' need names that differ in letters (without case) and digits; found {string.Join(" and ", same.Select(g => $"'{g.Value}'"))}.", nameof(attribute))
            : groups;
    }

    /// <summary>The group's images as a set of their own; its tensors are on the caller's scope.</summary>
    public ImageSet From(ImageSet set)
    {
        using var scope = new TensorScope();
        Tensor rows = Tensor.From(Array.ConvertAll(Rows, r => (long)r));
        Tensor images = set.Images.IndexSelect(0, rows.To(set.Images.Device)), labels = set.Labels.IndexSelect(0, rows.To(set.Labels.Device));
        return new ImageSet(scope.Keep(images), scope.Keep(labels), Array.ConvertAll(Rows, r => set.Indices[r]));
    }

    /// <summary>A value as tables and measures name it.</summary>
    public static string KeyOf(string value) =>
        string.Join('-', string.Concat(value.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
