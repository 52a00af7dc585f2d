using System.Globalization;

namespace DistillSharp.Configuration;

/// <summary>Reads the value of an option from a word, as a command line gives it.</summary>
public static class OptionText
{
    /// <summary>The value; items of lists are separated by commas, and an empty word is a list of texts with no item.</summary>
    /// <exception cref="ArgumentException">The word is not of the option's kind, or out of its range.</exception>
    public static object Parse(OptionSpec spec, string text)
    {
        object? value = spec.Kind switch
        {
            OptionKind.Integer => Integer(spec, text),
            OptionKind.Number => Number(spec, text),
            OptionKind.Boolean => text == "true" ? true : text == "false" ? false : null,
            OptionKind.Text => spec.Choices is null || spec.Choices.Contains(text) ? text : null,
            OptionKind.IntegerList => List(text, t => Integer(spec, t))?.Cast<long>().ToArray(),
            OptionKind.NumberList => List(text, t => Number(spec, t))?.Cast<double>().ToArray(),
            OptionKind.TextList or OptionKind.StudentLayers or OptionKind.TeacherLayers => text.Length == 0 ? [] : text.Split(','),
            _ => text,
        };
        return value ?? throw new ArgumentException($"The option '{spec.Name}' takes {Expected(spec)}, found '{text}'.");
    }

    /// <summary>The values of a set of options, from words <c>option=value</c>; what is not given has its default.</summary>
    /// <param name="owner">Whose options they are, for messages, e.g. <c>image-folder</c>.</param>
    /// <param name="specs">The options that exist.</param>
    /// <param name="words">The words.</param>
    /// <exception cref="ArgumentException">A word is no option with a value, names no option or one a second time, or its value does not fit.</exception>
    public static OptionValues ParseAll(string owner, IReadOnlyList<OptionSpec> specs, IEnumerable<string> words)
    {
        Dictionary<string, object?> given = [];
        foreach (string word in words)
        {
            string[] parts = word.Split('=', 2);
            OptionSpec spec = specs.FirstOrDefault(o => o.Name == parts[0])
                ?? throw new ArgumentException(NearestName.Explain($"option of {owner}", parts[0], specs.Select(o => o.Name)));
            if (parts.Length < 2 || !given.TryAdd(spec.Name, Parse(spec, parts[1])))
            {
                throw new ArgumentException($"Expected '{spec.Name}=VALUE', once, found '{word}'{(parts.Length < 2 ? "" : " again")}.");
            }
        }

        return new OptionValues(specs, given);
    }

    private static object? Integer(OptionSpec spec, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && InRange(spec, value) ? (long)value : null;

    private static object? Number(OptionSpec spec, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && InRange(spec, value) ? value : null;

    private static bool InRange(OptionSpec spec, double value) =>
        value >= (spec.Minimum ?? double.MinValue) && value <= (spec.Maximum ?? double.MaxValue);

    private static object[]? List(string text, Func<string, object?> parse)
    {
        object?[] items = Array.ConvertAll(text.Split(','), t => parse(t));
        return Array.IndexOf(items, null) >= 0 ? null : items.OfType<object>().ToArray();
    }

    private static string Expected(OptionSpec spec)
    {
        string range = (spec.Minimum, spec.Maximum) switch
        {
            (null, null) => "",
            ({ } low, null) => string.Create(CultureInfo.InvariantCulture, $" of at least {low}"),
            (null, { } high) => string.Create(CultureInfo.InvariantCulture, $" of at most {high}"),
            ({ } low, { } high) => string.Create(CultureInfo.InvariantCulture, $" from {low} to {high}"),
        };
        return spec.Kind switch
        {
            OptionKind.Integer => $"a whole number{range}",
            OptionKind.Number => $"a number{range}",
            OptionKind.IntegerList => $"whole numbers{range}, separated by commas",
            OptionKind.NumberList => $"numbers{range}, separated by commas",
            OptionKind.Boolean => "true or false",
            _ => spec.Choices is null ? "a text" : $"one of {string.Join(", ", spec.Choices)}",
        };
    }
}
