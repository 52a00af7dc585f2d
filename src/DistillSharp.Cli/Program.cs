using DistillSharp.Cli;
using Spectre.Console;

// Where output is not read on a terminal, neither colours nor redrawing nor the terminal's width have a meaning.
IAnsiConsole console = AnsiConsole.Console;
if (Console.IsOutputRedirected)
{
    console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.No,
        ColorSystem = ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(Console.Out),
    });
    console.Profile.Width = 120;
}

return DistillCommand.Run(args, console, Console.Error);
