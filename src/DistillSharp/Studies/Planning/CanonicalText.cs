using System.Security.Cryptography;
using System.Text;
using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>
/// Text that is the same for the same values and differs for different ones: what run keys are hashed from and definitions compared by.
/// </summary>
internal static class CanonicalText
{
    private const int HashLength = 12;

    /// <summary>A value of an option. Texts are quoted, so that the word null and the absence of a value differ.</summary>
    public static string Of(object? value) => value switch
    {
        string text => $"\"{Escape(text)}\"",
        string[] texts => $"[{string.Join(", ", texts.Select(t => Of(t)))}]",
        _ => OptionValues.Format(value),
    };

    /// <summary>All values of a set of options.</summary>
    public static string Of(OptionValues options) => Of(options.Entries.Select(e => (e.Key, Of(e.Value))));

    /// <summary>Named values, one a line, in ordinal order of the names.</summary>
    /// <exception cref="ArgumentException">Two values have the same name.</exception>
    public static string Of(IEnumerable<(string Name, string Value)> values)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in values)
        {
            if (!sorted.TryAdd(name, value))
            {
                throw new ArgumentException($"The name '{name}' is given twice.", nameof(values));
            }
        }

        var text = new StringBuilder();
        foreach ((string name, string value) in sorted)
        {
            text.Append(Escape(name)).Append('=').Append(Escape(value)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>True where both hold the same names with the same values.</summary>
    public static bool Same(OptionValues a, OptionValues b) => ReferenceEquals(a, b) || Of(a) == Of(b);

    /// <summary>The first 12 hexadecimal digits of the SHA-256 of named values, in lower case.</summary>
    public static string Hash(IEnumerable<(string Name, string Value)> values) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Of(values))))[..HashLength];

    private static string Escape(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\"", "\\q", StringComparison.Ordinal)
        .Replace("=", "\\e", StringComparison.Ordinal);
}
