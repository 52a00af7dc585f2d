using DistillSharp.Studies.Results;
using Spectre.Console;

namespace DistillSharp.Cli.Display;

/// <summary>The controls of an audit: what was at hand, what was missing, and what that leaves open.</summary>
internal static class AuditView
{
    public static void Write(IAnsiConsole console, AuditSummary audit)
    {
        console.WriteLine();
        console.WriteLine("Controls:");
        Table controls = new Table().Border(TableBorder.Simple).AddColumn("control").AddColumn("at hand").AddColumn("what it leaves open");
        foreach (AuditControl control in audit.Controls)
        {
            controls.AddRow(
                new Text(control.Name),
                new Text(control.Found, control.AtHand ? Style.Plain : new Style(Color.Yellow)),
                new Text(control.LeavesOpen.Length == 0 ? "-" : control.LeavesOpen));
        }

        console.Write(controls);
        foreach (AuditOmission omission in audit.NotAsked)
        {
            console.WriteLine($"Not asked, {omission.Analysis}: {omission.Reason}");
        }
    }
}
