using DistillSharp.Cli;
using Spectre.Console;

return DistillCommand.Run(args, AnsiConsole.Console, Console.Error);
