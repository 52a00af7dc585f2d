using DistillSharp.Configuration;
using Spectre.Console;

namespace DistillSharp.Cli.Display;

/// <summary>Options as a table, and as an example of YAML.</summary>
internal static class OptionsView
{
    public static void Write(IAnsiConsole console, IReadOnlyList<OptionSpec> options)
    {
        if (options.Count == 0)
        {
            console.WriteLine("It has no options.");
            return;
        }

        Table table = new Table().Border(TableBorder.Simple).AddColumns("option", "default", "range", "meaning");
        foreach (OptionSpec option in options)
        {
            table.AddRow(new Text(option.Name), new Text(Default(option)), new Text(Range(option)), new Text(option.Description));
        }

        console.Write(table);
    }

    public static string Example(string name, IReadOnlyList<OptionSpec> options)
    {
        List<OptionSpec> shown = options.Where(o => o.Default is not null).ToList();
        return shown.Count == 0
            ? name
            : $"{name}: {{ {string.Join(", ", shown.Select(o => $"{o.Name}: {OptionValues.Format(o.Default)}"))} }}";
    }

    /// <summary>The defaults in one line, e.g. <c>temperature 4, weight 0.9</c>.</summary>
    public static string Defaults(IReadOnlyList<OptionSpec> options) =>
        string.Join(", ", options.Where(o => o.Default is not null).Select(o => $"{o.Name} {OptionValues.Format(o.Default)}"));

    public static string Default(OptionSpec option) => option.Required ? "(required)" : option.Default is null ? "chosen" : OptionValues.Format(option.Default);

    public static string Range(OptionSpec option) => (option.Choices, option.Minimum, option.Maximum) switch
    {
        ({ } choices, _, _) => string.Join(", ", choices),
        (_, { } low, { } high) => $"{OptionValues.Format(low)} to {OptionValues.Format(high)}",
        (_, { } low, null) => $"{OptionValues.Format(low)} or more",
        (_, null, { } high) => $"{OptionValues.Format(high)} or less",
        _ => "",
    };
}
