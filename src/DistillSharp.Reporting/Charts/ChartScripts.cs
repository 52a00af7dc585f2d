using System.Text.Json.Nodes;
using DistillSharp.Reporting.Html;

namespace DistillSharp.Reporting.Charts;

/// <summary>The packages that draw the charts, as they were embedded when this library was built.</summary>
internal static class ChartScripts
{
    private static readonly string[] Packages = ["vega", "vega-lite", "vega-embed"];

    /// <summary>The scripts, in the order in which they must run.</summary>
    public static IReadOnlyList<string> Read() => [.. Packages.Select(package => EmbeddedText.Read($"{package}.min.js"))];

    /// <summary>What their licence asks every copy to carry.</summary>
    public static string Notice()
    {
        var versions = JsonNode.Parse(EmbeddedText.Read("charts.package.json"))!["dependencies"]!;
        var names = Packages.Select(package => $"{package} {versions[package]}");
        return $"{string.Join(", ", names)}\n\n{EmbeddedText.Read("vega.LICENSE").Trim()}";
    }
}
