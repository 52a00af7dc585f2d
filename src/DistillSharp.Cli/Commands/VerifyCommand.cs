using System.CommandLine;
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
        var tolerance = new Option<double>("--tolerance") { Description = "The largest relative error allowed.", DefaultValueFactory = _ => ConformanceRunner.DefaultTolerance };
        tolerance.Validators.Add(result =>
        {
            if (result.Errors.Any() || !double.IsFinite(result.GetValueOrDefault<double>()) || result.GetValueOrDefault<double>() < 0)
            {
                result.AddError("--tolerance takes a finite number, 0 or more, e.g. 1e-9.");
            }
        });
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
