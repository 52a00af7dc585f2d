namespace DistillSharp.Weights;

/// <summary>New names for old ones. An old name that ends in a dot stands for every name that begins so; the first line that applies counts.</summary>
public sealed class WeightsMapping
{
    private readonly List<(string Old, string New)> _lines = [];

    /// <summary>Makes a mapping.</summary>
    /// <param name="lines">Old and new names; see <see cref="Parse"/>.</param>
    public WeightsMapping(params IEnumerable<(string Old, string New)> lines) => _lines.AddRange(lines);

    /// <summary>The lines, in order.</summary>
    public IReadOnlyList<(string Old, string New)> Lines => _lines;

    /// <summary>Reads lines such as <c>linear.weight=fc.weight</c>, <c>backbone.=</c> (takes the prefix off) or <c>=net.</c> (puts one before every name).</summary>
    /// <exception cref="ArgumentException">A line has no equals sign, or maps names to single ones.</exception>
    public static WeightsMapping Parse(IEnumerable<string> lines)
    {
        var mapping = new WeightsMapping();
        foreach (string line in lines)
        {
            string[] parts = line.Split('=');
            if (parts.Length != 2 || (IsPrefix(parts[0]) != IsPrefix(parts[1])))
            {
                throw new ArgumentException($"A mapping is old=new, a whole name or a prefix with its dot on both sides (layers.=features., backbone.=), found '{line}'.", nameof(lines));
            }

            mapping._lines.Add((parts[0], parts[1]));
        }

        return mapping;
    }

    /// <summary>The new name of a name; the same where no line applies.</summary>
    public string Apply(string name)
    {
        foreach ((string old, string @new) in _lines)
        {
            if (IsPrefix(old) ? name.StartsWith(old, StringComparison.Ordinal) : name == old)
            {
                return @new + name[old.Length..];
            }
        }

        return name;
    }

    private static bool IsPrefix(string name) => name.Length == 0 || name[^1] == '.';
}
