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
