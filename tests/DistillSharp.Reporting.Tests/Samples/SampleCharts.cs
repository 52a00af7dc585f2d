using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Tests.Samples;

/// <summary>Charts of <see cref="SampleStudy"/>: a curve whose strengths fall, a few bars, a negative level, and many bars.</summary>
public static class SampleCharts
{
    public static IReadOnlyList<ResultChart> Create(IReadOnlyList<string> methods) =>
    [
        new(
            "fidelity", "Answers kept, by strength of the change 'crop'", "The share of the images on which a model gives the same class before and after the change.",
            ChartKind.Curve, "share of the area of a crop", "answers kept", "share", ["0.6", "0.5", "0.4", "0.3"],
            [.. Kinds(methods, cross: true).Select((kind, index) => Series(kind, index, 4, 0.93, 0.045, missing: index == 3 ? 3 : -1))]),
        new(
            "bias", "Gap of each group", "The mean accuracy of all other groups minus the group's.",
            ChartKind.Bars, "group", "gap", "points", ["photo", "sketch", "art painting"],
            [.. Kinds(methods, cross: false).Select((kind, index) => Series(kind, index, 3, 0.11, 0.08))]),
        new(
            "bias", "Right in each group", "The share of a group's test images that a model classifies right.",
            ChartKind.Bars, "group", "classified right", "share",
            ["left hand", "right hand", "a rather long name of a group", "indoors", "outdoors", "by night"],
            [.. Kinds(methods, cross: true).Select((kind, index) => Series(kind, index, 6, 0.9, 0.06))]) { Label = "hands" },
    ];

    private static IEnumerable<(string Role, string Method)> Kinds(IReadOnlyList<string> methods, bool cross) =>
    [
        (ChartSeries.Teacher, ChartSeries.NoMethod), (ChartSeries.OtherTeacher, ChartSeries.NoMethod), (ChartSeries.Independent, ChartSeries.NoMethod),
        .. methods.Select(method => (ChartSeries.Student, method)),
        .. cross ? methods.Select(method => (ChartSeries.CrossStudent, method)) : [],
    ];

    private static ChartSeries Series((string Role, string Method) kind, int index, int places, double first, double step, int missing = -1) => new(
        kind.Role,
        kind.Method,
        [
            .. Enumerable.Range(0, places).Select(place =>
            {
                var mean = first - (step * place * (1 + (0.22 * index))) - (0.008 * index);
                return place == missing ? new Estimate(double.NaN, double.NaN, double.NaN, []) : new Estimate(mean, mean - 0.02, mean + 0.018, [mean - 0.004, mean, mean + 0.004]);
            }),
        ]);
}
