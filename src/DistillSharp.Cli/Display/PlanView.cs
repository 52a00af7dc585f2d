using DistillSharp.Studies;
using Spectre.Console;

namespace DistillSharp.Cli.Display;

/// <summary>What a study would do, and what of it is finished.</summary>
internal static class PlanView
{
    public static void Write(IAnsiConsole console, StudyPlan plan, string folder)
    {
        Table runs = new Table().Border(TableBorder.Simple).AddColumns("group", "run", "network", "epochs", "state");
        foreach (RunGroup group in plan.Groups)
        {
            foreach (PlannedRun run in group.Runs)
            {
                runs.AddRow(
                    new Text(group.Name),
                    new Text(run.Key.ToString()),
                    new Text(RunRecord.ArchitectureOf(run)),
                    new Text(run.IsTrained ? $"{run.Epochs}" : run.Weights is null ? "joined" : "read"),
                    new Text(State(Path.Combine(folder, "runs", run.Key.ToString()))));
            }
        }

        console.Write(runs);
        foreach (int seed in plan.Runs.Select(r => r.StartSeed).OfType<int>().Distinct())
        {
            console.WriteLine($"Students begin with the first teacher's initial weights (seed {seed}).");
        }

        Table analyses = new Table().Border(TableBorder.Simple).AddColumns("analysis", "state");
        foreach (PlannedAnalysis analysis in plan.Analyses)
        {
            bool done = File.Exists(Path.Combine(folder, "measurements", analysis.Key, "complete"));
            analyses.AddRow(new Text(analysis.Key), new Text(done ? "measured" : "to do"));
        }

        console.Write(analyses);
        console.WriteLine($"Results: {Path.GetFullPath(folder)}");
    }

    private static string State(string folder) =>
        File.Exists(Path.Combine(folder, RunRecord.FileName)) ? "finished"
        : File.Exists(Path.Combine(folder, "checkpoint.safetensors")) ? "begun"
        : "to do";
}
