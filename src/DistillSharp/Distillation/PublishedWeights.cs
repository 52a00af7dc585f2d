using System.Globalization;

namespace DistillSharp.Distillation;

/// <summary>A weight that authors chose for each pair of networks: what a method uses where its option is left out.</summary>
/// <param name="Source">Where the weights were published.</param>
/// <param name="Otherwise">The weight of pairs that are not listed.</param>
/// <param name="Pairs">The pairs by their names in the zoo.</param>
public sealed record PublishedWeights(string Source, double Otherwise, IReadOnlyList<PublishedWeight> Pairs)
{
    /// <summary>The weight of a pair; names are compared without regard to case, and '-' is '_'.</summary>
    /// <param name="teacher">The teacher's name in the zoo; empty where it has none.</param>
    /// <param name="student">The student's, likewise.</param>
    public double For(string teacher, string student) =>
        Pairs.FirstOrDefault(p => Same(p.Teacher, teacher) && Same(p.Student, student))?.Value ?? Otherwise;

    /// <summary>One sentence for a help text: which pair has which weight, the rest, and the source.</summary>
    public string ToText()
    {
        IEnumerable<string> groups = Pairs.GroupBy(p => p.Value).Select(g =>
            $"{Number(g.Key)} for {string.Join(", ", g.Select(p => $"{p.Teacher} to {p.Student}"))}");
        return $"{string.Join("; ", groups)}; {Number(Otherwise)} for all others ({Source})";
    }

    private static bool Same(string a, string b) => string.Equals(a.Replace('-', '_'), b.Replace('-', '_'), StringComparison.OrdinalIgnoreCase);

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
