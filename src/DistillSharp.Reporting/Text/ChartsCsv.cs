using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Text;

/// <summary>One row a level of a chart. What was not measured is NaN.</summary>
internal static class ChartsCsv
{
    public static string Write(IReadOnlyList<ResultChart> charts)
    {
        var csv = new Csv("analysis", "label", "chart", "kind", "unit", "place_title", "place", "role", "method", "mean", "low", "high", "per_seed");
        foreach (var chart in charts)
        {
            foreach (var series in chart.Series)
            {
                foreach (var (place, level) in chart.Places.Zip(series.Levels))
                {
                    csv.Row(
                    [
                        chart.Analysis,
                        chart.Label ?? "",
                        chart.Title,
                        chart.Kind == ChartKind.Curve ? "curve" : "bars",
                        chart.Unit,
                        chart.PlaceTitle,
                        place,
                        series.Role,
                        series.Method,
                        Csv.Number(level.Mean),
                        Csv.Number(level.Low),
                        Csv.Number(level.High),
                        Csv.Numbers(level.PerSeed),
                    ]);
                }
            }
        }

        return csv.ToString();
    }
}
