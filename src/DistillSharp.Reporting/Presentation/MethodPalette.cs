using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Presentation;

/// <summary>Gives every method of a study its own colour; past eight methods, lines are dashed as well.</summary>
public sealed class MethodPalette
{
    // Hues after Okabe and Ito (colour-blind safe), darkened or lightened to be seen on white and on near-black.
    private static readonly string[] Colours =
        ["#1f7fc4", "#d55e00", "#009a70", "#c8669f", "#a97f0a", "#8268db", "#3098b0", "#a8623f"];

    private static readonly string[] Dashes = ["", "8 3", "3 2"];

    private readonly Dictionary<string, Method> methods = new(StringComparer.Ordinal);

    /// <summary>Gives colours in the order in which <paramref name="results"/> first names the methods.</summary>
    public MethodPalette(StudyResults results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var students = results.Models.Where(model => model.Role == "student").Select(model => model.Method);
        var drawn = results.Charts.SelectMany(chart => chart.Series).Where(series => series.Role is ChartSeries.Student or ChartSeries.CrossStudent).Select(series => series.Method);
        foreach (var name in results.Findings.Select(finding => finding.Method).Concat(students).Concat(drawn).Distinct(StringComparer.Ordinal))
        {
            var dash = Dashes[methods.Count / Colours.Length % Dashes.Length];
            methods.Add(name, new Method(name, Colours[methods.Count % Colours.Length], dash));
        }

        Methods = [.. methods.Values];
    }

    /// <summary>The distillation methods of the study.</summary>
    public IReadOnlyList<Method> Methods { get; }

    /// <summary>The look of a method that the study names.</summary>
    public Method Of(string method) => methods[method];

    /// <summary>The look of <paramref name="model"/>.</summary>
    public Method Of(ModelResult model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Of(model.Role, model.Method);
    }

    /// <summary>The look of the models of <paramref name="series"/>.</summary>
    public Method Of(ChartSeries series)
    {
        ArgumentNullException.ThrowIfNull(series);
        return Of(series.Role, series.Method);
    }

    private Method Of(string role, string method) => role switch
    {
        "teacher" => Method.Teacher,
        "other-teacher" => Method.OtherTeacher,
        "ancestor" => Method.Ancestor,
        "student" => methods[method],
        "cross-student" => methods[method] with { Name = Method.NameOf(role, method), Dash = Method.OtherTeacher.Dash },
        _ => Method.Independent,
    };
}
