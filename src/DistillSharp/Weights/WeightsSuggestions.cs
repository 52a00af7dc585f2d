using DistillSharp.Configuration;

namespace DistillSharp.Weights;

/// <summary>Guesses which unexpected tensors are missing ones under other names.</summary>
internal static class WeightsSuggestions
{
    private const int MostCandidates = 3;
    private const int MostCompared = 200;
    private const int LongestCompared = 200;
    private const int MostRenames = 12;
    private const int MostPaired = 4000;

    /// <summary>Unexpected tensors of the same shape, those with the nearest names first.</summary>
    public static IReadOnlyList<string> Nearest(WeightsEntry missing, IReadOnlyList<WeightsEntry> unexpected)
    {
        List<string> same = [.. unexpected.Take(MostPaired).Where(u => u.Name.Length <= LongestCompared && u.Shape.SequenceEqual(missing.Shape)).Select(u => u.Name).Take(MostCompared)];
        IReadOnlyList<string> near = NearestName.Find(missing.Name, same, MostCandidates);

        // Names with the same end (conv1.weight) go before others, however different their beginnings.
        string end = missing.Name[(missing.Name.LastIndexOf('.') + 1)..];
        return near.Count > 0 ? near : [.. same.OrderByDescending(n => n.EndsWith(end, StringComparison.Ordinal)).Take(MostCandidates)];
    }

    /// <summary>
    /// Renames of beginnings, as lines of a mapping: what brings most tensors of equal shape together, then what does so with the rest. Longer
    /// beginnings come first, since the first line that fits a name counts. Two names pair by the longest end that they share at a dot:
    /// <c>linear.weight</c> and <c>fc.weight</c> give <c>linear.=fc.</c>
    /// </summary>
    public static IReadOnlyList<string> Renames(IReadOnlyList<WeightsEntry> missing, IReadOnlyList<WeightsEntry> unexpected)
    {
        var left = missing.Take(MostPaired).ToDictionary(m => m.Name);
        List<WeightsEntry> given = [.. unexpected.Take(MostPaired)];
        var renames = new List<(string Old, string New)>();
        while (renames.Count < MostRenames && Best(left, given) is { } best)
        {
            renames.Add(best);
            given.RemoveAll(g => g.Name.StartsWith(best.Old, StringComparison.Ordinal)
                && left.TryGetValue(best.New + g.Name[best.Old.Length..], out WeightsEntry? wanted)
                && wanted.Shape.SequenceEqual(g.Shape)
                && left.Remove(wanted.Name));
        }

        return [.. renames.OrderByDescending(r => r.Old.Length).Select(r => $"{r.Old}={r.New}")];
    }

    private static (string Old, string New)? Best(Dictionary<string, WeightsEntry> missing, List<WeightsEntry> unexpected)
    {
        ILookup<(string, string), WeightsEntry> byEnd = missing.Values.ToLookup(EndAndShape);
        var votes = new Dictionary<(string Old, string New), int>();
        int pairs = 0;
        foreach (WeightsEntry entry in unexpected)
        {
            foreach (WeightsEntry wanted in byEnd[EndAndShape(entry)])
            {
                if (++pairs > MostPaired * MostRenames)
                {
                    break;
                }

                (string, string) rename = Beginnings(entry.Name, wanted.Name);
                votes[rename] = votes.GetValueOrDefault(rename) + 1;
            }
        }

        if (votes.Count == 0)
        {
            return null;
        }

        // Several renames may bring the same number together; then names that are alike, then the order of the alphabet decide.
        int most = votes.Values.Max();
        return votes.Where(v => v.Value == most).Select(v => v.Key)
            .OrderBy(k => Math.Abs(k.Old.Count(c => c == '.') - k.New.Count(c => c == '.')))
            .ThenByDescending(k => SharedStart(k.Old, k.New))
            .ThenBy(k => k.Old, StringComparer.Ordinal).ThenBy(k => k.New, StringComparer.Ordinal)
            .First();
    }

    private static int SharedStart(string a, string b) => a.AsSpan().CommonPrefixLength(b);

    private static (string End, string Shape) EndAndShape(WeightsEntry entry) => (entry.Name[(entry.Name.LastIndexOf('.') + 1)..], entry.ShapeText);

    private static (string Old, string New) Beginnings(string old, string @new)
    {
        string[] a = old.Split('.'), b = @new.Split('.');
        int shared = 1;
        while (shared < Math.Min(a.Length, b.Length) && a[^(shared + 1)] == b[^(shared + 1)])
        {
            shared++;
        }

        return (Beginning(a, shared), Beginning(b, shared));
    }

    private static string Beginning(string[] parts, int shared) => string.Concat(parts[..^shared].Select(p => p + "."));
}
