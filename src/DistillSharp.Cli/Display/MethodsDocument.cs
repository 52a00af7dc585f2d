using System.Globalization;
using System.Text;
using DistillSharp.Configuration;
using DistillSharp.Distillation;

namespace DistillSharp.Cli.Display;

/// <summary>Every method in Markdown: <c>docs/methods.md</c>.</summary>
internal static class MethodsDocument
{
    public static string Write()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Distillation methods

            Written by `distill methods --format markdown` from the methods themselves; do not edit it.

            {MethodRegistry.All.Count} methods. What a weight is without another word is what the method's authors published. The cross-entropy with the
            labels is one term of the loss and counts `label-weight`. Methods can be combined: [`combine`](writing-a-study.md#students).
            What each costs a step: [method cost](results/method-cost.md).


            """);
        foreach ((string title, IReadOnlyList<MethodDescription> methods) in MethodRegistry.Groups)
        {
            text.Append(CultureInfo.InvariantCulture, $"## {title}\n\n| method | | paper | needs |\n|---|---|---|---|\n");
            foreach (MethodDescription method in methods)
            {
                text.Append(CultureInfo.InvariantCulture, $"| [`{method.Name}`](#{method.Name}) | {Cell(method.Title)} | {Cell(Paper(method))} | {Cell(method.Needs)} |\n");
            }

            text.Append('\n');
            foreach (MethodDescription method in methods)
            {
                Append(text, method);
            }
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>The paper with its year.</summary>
    public static string Paper(MethodDescription method) => method.Year == 0 ? method.Paper : $"{method.Paper} ({method.Year})";

    /// <summary>Who wrote the paper and when, e.g. <c>Hinton et al. 2015</c>; empty where there is none.</summary>
    public static string ShortPaper(MethodDescription method)
    {
        if (method.Year == 0)
        {
            return "";
        }

        string[] authors = method.Paper.Split(':')[0].Split(", ");
        string who = authors.Length switch { 1 => authors[0], 2 => $"{authors[0]}, {authors[1]}", _ => $"{authors[0]} et al." };
        return string.Create(CultureInfo.InvariantCulture, $"{who} {method.Year}");
    }

    private static void Append(StringBuilder text, MethodDescription method)
    {
        text.Append(CultureInfo.InvariantCulture, $"### {method.Name}\n\n{method.Title}. {Paper(method)}.\n\n```text\n{method.Formula}\n```\n\n");
        if (method.NeedsLabels)
        {
            text.Append("It needs the label of every image.\n\n");
        }

        if (method.Options.Count > 0)
        {
            text.Append("| option | default | range | meaning |\n|---|---|---|---|\n");
            foreach (OptionSpec option in method.Options)
            {
                text.Append(CultureInfo.InvariantCulture, $"| `{option.Name}` | {Cell(OptionsView.Default(option))} | {Cell(OptionsView.Range(option))} | {Cell(option.Description)} |\n");
            }

            text.Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"```yaml\nmethods:\n  - {OptionsView.Example(method.Name, method.Options)}\n```\n\n");
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal);
}
