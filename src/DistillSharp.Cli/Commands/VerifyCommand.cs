using System.CommandLine;
using Spectre.Console;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill verify DIR</c>.</summary>
internal static class VerifyCommand
{
    public static Command Create(IAnsiConsole console) => new("verify", "Recompute every fixture of a folder and compare.");
}
