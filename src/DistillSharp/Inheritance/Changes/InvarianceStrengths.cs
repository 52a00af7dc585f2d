using System.Globalization;
using DistillSharp.Configuration;

namespace DistillSharp.Inheritance;

/// <summary>Which change in which strengths the options ask for.</summary>
internal sealed class InvarianceStrengths
{
    private const string NoStrength = "The option 'strengths' needs at least one strength, found none; leave it out for the usual ones.";

    /// <summary>Reads the options <c>change</c>, <c>strengths</c> and <c>strength</c>.</summary>
    /// <exception cref="ArgumentException">The list of strengths is empty.</exception>
    public InvarianceStrengths(OptionValues options)
    {
        Change = ImageChange.Get(options.Text("change"));
        double[] listed = [.. (options.Has("strengths") ? options.Numbers("strengths") : Change.Strengths).Distinct()];
        if (listed.Length == 0)
        {
            throw new ArgumentException(NoStrength, nameof(options));
        }

        Main = options.Has("strength") ? options.Number("strength") : listed.Contains(Change.Main) ? Change.Main : listed[^1];
        All = listed.Contains(Main) ? listed : [.. listed, Main];
    }

    /// <summary>What is done to images.</summary>
    public ImageChange Change { get; }

    /// <summary>Every strength that is measured, each once.</summary>
    public IReadOnlyList<double> All { get; }

    /// <summary>Every strength from weak to strong.</summary>
    public IEnumerable<double> Rising => Change.Strengths[0] < Change.Strengths[^1] ? All.Order() : All.OrderDescending();

    /// <summary>The strength that the finding is about.</summary>
    public double Main { get; }

    /// <summary>What of the options is not possible for images.</summary>
    public static IEnumerable<OptionProblem> Check(OptionValues options, AnalysisSetting setting)
    {
        if (options.Has("strengths") && options.Numbers("strengths").Count == 0)
        {
            yield return new OptionProblem("strengths", NoStrength);
            yield break;
        }

        var asked = new InvarianceStrengths(options);
        foreach (double strength in asked.All)
        {
            if (asked.Change.Problem(strength, setting.Channels, setting.Height, setting.Width) is { } problem)
            {
                yield return new OptionProblem(options.Has("strength") && strength == asked.Main ? "strength" : "strengths", problem);
            }
        }
    }

    /// <summary>The columns' measure for a strength, e.g. <c>kept-0.4</c>.</summary>
    public static string Measure(double strength) => "kept-" + Text(strength);

    /// <summary>The facts' measure for a strength, e.g. <c>rate-0.4</c>.</summary>
    public static string RateOf(double strength) => $"{InvarianceAnalysis.Rate}-{Text(strength)}";

    /// <summary>A strength as it is written.</summary>
    public static string Text(double strength) => strength.ToString("R", CultureInfo.InvariantCulture);
}
