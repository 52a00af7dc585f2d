namespace DistillSharp.Configuration;

/// <summary>Finds what a person probably meant by a name that does not exist.</summary>
public static class NearestName
{
    private const int MostListed = 24;

    /// <summary>The candidates nearest to <paramref name="name"/> by edit distance, nearest first; empty where none is near.</summary>
    public static IReadOnlyList<string> Find(string name, IEnumerable<string> candidates, int most = 3)
    {
        ArgumentNullException.ThrowIfNull(name);
        string wanted = name.ToLowerInvariant();
        return candidates
            .Distinct()
            .Select(c => (Name: c, Distance: Score(wanted, c.ToLowerInvariant())))
            .Where(c => c.Distance <= Math.Max(2, wanted.Length * 0.5))
            .OrderBy(c => c.Distance).ThenBy(c => Distance(wanted, c.Name.ToLowerInvariant())).ThenBy(c => c.Name, StringComparer.Ordinal)
            .Take(most)
            .Select(c => c.Name)
            .ToList();
    }

    /// <summary>A sentence: what was not found, the nearest names, and all names where they are few.</summary>
    public static string Explain(string kind, string name, IEnumerable<string> candidates)
    {
        List<string> all = candidates.ToList();
        IReadOnlyList<string> near = Find(name, all);
        string text = $"There is no {kind} '{name}'.";
        if (near.Count > 0)
        {
            text += $" Did you mean {string.Join(" or ", near.Select(n => $"'{n}'"))}?";
        }

        if (all.Count is > 0 and <= MostListed && near.Count < all.Count)
        {
            text += $" There are: {string.Join(", ", all)}.";
        }
        else if (near.Count == 0 && all.Count > 0)
        {
            string wanted = name.ToLowerInvariant();
            IEnumerable<string> least = all.Distinct().OrderBy(c => Distance(wanted, c.ToLowerInvariant())).ThenBy(c => c, StringComparer.Ordinal).Take(3);
            text += $" The nearest of {all.Count} are: {string.Join(", ", least)}.";
        }

        return text;
    }

    private static double Score(string wanted, string candidate) =>
        candidate.Contains(wanted, StringComparison.Ordinal) || (candidate.Length > 2 && wanted.Contains(candidate, StringComparison.Ordinal))
            ? Math.Min(1, Distance(wanted, candidate))
            : Distance(wanted, candidate);

    private static int Distance(string a, string b)
    {
        int[] previous = new int[b.Length + 1];
        int[] current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
