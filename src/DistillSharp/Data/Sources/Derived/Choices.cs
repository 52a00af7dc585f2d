using DistillSharp.Configuration;

namespace DistillSharp.Data.Derived;

/// <summary>Reads options that name some of a list.</summary>
internal static class Choices
{
    /// <summary>The positions of the names that are chosen, ascending.</summary>
    /// <param name="option">The option, for messages.</param>
    /// <param name="what">What is named, for messages.</param>
    /// <param name="chosen">The names that are chosen.</param>
    /// <param name="all">The names that there are.</param>
    /// <exception cref="ArgumentException">There is no such name, or none is chosen, or one twice.</exception>
    public static IReadOnlyList<int> Of(string option, string what, IReadOnlyList<string> chosen, IReadOnlyList<string> all)
    {
        foreach (string name in chosen.Where(c => !all.Contains(c)))
        {
            throw new ArgumentException(NearestName.Explain(what, name, all));
        }

        return chosen.Count > 0 && chosen.Distinct().Count() == chosen.Count
            ? [.. Enumerable.Range(0, all.Count).Where(i => chosen.Contains(all[i]))]
            : throw new ArgumentException($"The option '{option}' names at least one of {string.Join(", ", all)}, each once, found [{string.Join(", ", chosen)}].");
    }
}
