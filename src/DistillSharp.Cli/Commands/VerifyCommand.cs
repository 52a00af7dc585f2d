using System.CommandLine;
using System.Globalization;
using DistillSharp.Cli.Display;
using DistillSharp.Conformance;
using Spectre.Console;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill verify DIR</c>.</summary>
internal static class VerifyCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var folder = new Argument<string>("dir") { Description = "A folder of fixtures; they are found in it and below, by their content." };
        var all = new Option<bool>("--all") { Description = "Count fixtures that are not implemented yet as failed." };
        var tolerance = new Option<double>("--tolerance")
        {
            Description = "The largest relative error allowed.",
            DefaultValueFactory = _ => ConformanceRunner.DefaultTolerance,
            CustomParser = result =>
            {
                if (double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && value >= 0)
                {
                    return value;
                }

                result.AddError($"--tolerance takes a finite number, 0 or more, e.g. 1e-9, not '{result.Tokens[0].Value}'.");
                return default;
            },
        };
        var command = new Command("verify", "Recompute every fixture of a folder and compare.") { folder, all, tolerance };
        command.SetAction(parsed =>
        {
            var view = new ConformanceView(console, parsed.GetValue(all));
            ConformanceReport report = view.Run(done => ConformanceRunner.Run(parsed.GetValue(folder)!, done, parsed.GetValue(tolerance)));
            view.WriteSummary(report);
            return report.Conforms(parsed.GetValue(all)) ? ExitCodes.Done : ExitCodes.NotConforming;
        });
        return command;
    }
}
