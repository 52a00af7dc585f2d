using System.Globalization;
using System.Text.RegularExpressions;

namespace DistillSharp.Studies;

/// <summary>
/// What a scalar means by the core schema of YAML 1.2: 012 is twelve, yes is a word, 1_000 is no number.
/// </summary>
internal static partial class CoreSchema
{
    private const int ShownLength = 60;

    private static readonly HashSet<string> BooleanWordsOfOldYaml = new(StringComparer.OrdinalIgnoreCase) { "yes", "no", "on", "off", "y", "n" };

    public static bool IsNull(SourceNode node) =>
        node is { Kind: SourceKind.Scalar, IsPlain: true, Text: "" or "~" or "null" or "Null" or "NULL" };

    public static bool TryBoolean(SourceNode node, out bool value)
    {
        value = node.Text is "true" or "True" or "TRUE";
        return IsPlainScalar(node) && (value || node.Text is "false" or "False" or "FALSE");
    }

    public static bool TryInteger(SourceNode node, out long value)
    {
        value = 0;
        if (!IsPlainScalar(node))
        {
            return false;
        }

        string text = node.Text;
        if (DecimalInteger().IsMatch(text))
        {
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        }

        if (HexadecimalInteger().IsMatch(text))
        {
            return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && value >= 0;
        }

        return OctalInteger().IsMatch(text) && TryOctal(text.AsSpan(2), out value);
    }

    /// <summary>A finite number. Infinity and NaN are valid YAML, but no option can take them.</summary>
    public static bool TryNumber(SourceNode node, out double value)
    {
        if (TryInteger(node, out long integer))
        {
            value = integer;
            return true;
        }

        value = 0;
        return IsPlainScalar(node)
            && Real().IsMatch(node.Text)
            && double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    /// <summary>What stands there, for "expected ..., found ...", with a hint where the mistake is a common one.</summary>
    public static string Describe(SourceNode node)
    {
        switch (node.Kind)
        {
            case SourceKind.Sequence:
                return node.Items.Count == 1 ? "a list of 1 item" : $"a list of {node.Items.Count.ToString(CultureInfo.InvariantCulture)} items";
            case SourceKind.Mapping:
                return node.Entries.Count == 0 ? "an empty mapping" : $"a mapping that begins with the key '{Shorten(node.Entries[0].Key)}'";
            default:
                return IsNull(node) ? "nothing" : $"'{Shorten(node.Text)}'{Hint(node)}";
        }
    }

    /// <summary>A text cut to a length that fits a message, with line breaks and control characters made visible.</summary>
    public static string Shorten(string text)
    {
        string start = text.Length <= ShownLength ? text : text[..ShownLength] + "...";
        return string.Concat(start.Select(c => char.IsControl(c) || char.IsSurrogate(c) && text.Length > ShownLength ? '?' : c));
    }

    private static string Hint(SourceNode node)
    {
        if (!node.IsPlain)
        {
            return " in quotes, which is a text";
        }

        if (BooleanWordsOfOldYaml.Contains(node.Text))
        {
            return " (a plain word in YAML 1.2; write true or false)";
        }

        string withoutSeparators = node.Text.Replace("_", "", StringComparison.Ordinal);
        return withoutSeparators.Length is > 0 and < ShownLength && withoutSeparators != node.Text && Real().IsMatch(withoutSeparators)
            ? $" (numbers have no underscores; write {withoutSeparators})"
            : "";
    }

    private static bool IsPlainScalar(SourceNode node) => node is { Kind: SourceKind.Scalar, IsPlain: true };

    private static bool TryOctal(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        foreach (char digit in digits)
        {
            if (value > long.MaxValue >> 3)
            {
                return false;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }

    [GeneratedRegex(@"\A[-+]?[0-9]+\z")]
    private static partial Regex DecimalInteger();

    [GeneratedRegex(@"\A0x[0-9a-fA-F]+\z")]
    private static partial Regex HexadecimalInteger();

    [GeneratedRegex(@"\A0o[0-7]+\z")]
    private static partial Regex OctalInteger();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Real();
}
