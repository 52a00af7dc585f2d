using System.Globalization;
using DistillSharp.Configuration;
using DistillSharp.Models;
using DistillSharp.Studies;

namespace DistillSharp.Auditing;

/// <summary>Reads a network and its options from words: those of a command line, or those of a run's record.</summary>
internal static class NetworkWords
{
    /// <summary>A name, then options as <c>option=value</c>.</summary>
    /// <exception cref="ArgumentException">There is no such network or option, or a value does not fit.</exception>
    public static ModelDefinition Parse(IReadOnlyList<string> words)
    {
        ModelFamily family = ModelZoo.Get(words[0]);
        return new ModelDefinition(family.Name, OptionText.ParseAll(family.Name, family.Options, words.Skip(1)));
    }

    /// <summary>What <see cref="RunRecord.ArchitectureOf(PlannedRun)"/> writes, e.g. <c>3 x convnet 16-32-64</c>; null where it is no such text.</summary>
    public static (ModelDefinition Network, int Members)? ParseArchitecture(string text)
    {
        string[] words = text.Split(' ');
        int members = 0;
        if (words.Length > 2 && words[1] == "x" && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out members))
        {
            words = words[2..];
        }

        if (ModelZoo.All.FirstOrDefault(f => f.Name == words[0]) is not { } family)
        {
            return null;
        }

        var given = new List<string>();
        int at = 1;
        foreach (OptionSpec spec in family.Options.OrderBy(o => o.Name, StringComparer.Ordinal))
        {
            bool named = at + 1 < words.Length && words[at] == spec.Name;
            string? value = named ? words[at + 1] : at < words.Length ? words[at].Replace('-', ',') : null;
            if (value is null)
            {
                return null;
            }

            if (value != "null")
            {
                given.Add($"{spec.Name}={value}");
            }

            at += named ? 2 : 1;
        }

        try
        {
            return at == words.Length ? (new ModelDefinition(family.Name, OptionText.ParseAll(family.Name, family.Options, given)), members) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
