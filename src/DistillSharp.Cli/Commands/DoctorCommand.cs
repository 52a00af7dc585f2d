using System.CommandLine;
using DistillSharp.Data;
using DistillSharp.Studies;
using DistillSharp.Studies.Results;
using Spectre.Console;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill doctor</c>: what the machine is, and what makes it slow.</summary>
internal static class DoctorCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var command = new Command("doctor", "Show libtorch, BLAS, threads, CUDA and the data sets found; warn of what makes it slow.");
        command.SetAction(_ =>
        {
            Grid grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
            foreach (EnvironmentEntry entry in EnvironmentProbe.Probe().Entries)
            {
                grid.AddRow(new Text(entry.Name), new Text(entry.Value));
            }

            foreach (IDatasetSource source in DatasetCatalog.Sources.Where(s => s.HasUsualPlace))
            {
                DatasetLocation location = source.Find();
                grid.AddRow(new Text(source.Name), new Text(location.IsFound ? location.Folder! : "not found. " + location.Explanation));
            }

            console.Write(grid);
            IReadOnlyList<string> warnings = EnvironmentProbe.Warnings();
            foreach (string warning in warnings)
            {
                console.MarkupLineInterpolated($"[yellow]slow:[/] {warning}");
            }

            if (warnings.Count == 0)
            {
                console.WriteLine("Nothing was found that makes libtorch slow.");
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
