using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using DistillSharp.Data;
using DistillSharp.Export;
using DistillSharp.Weights;
using Spectre.Console;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill export RUN-OR-WEIGHTS --out FILE.onnx</c>.</summary>
internal static class ExportCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var source = new Argument<string>("run-or-weights") { Description = "The folder of a finished run (results/STUDY/runs/KEY), or a file of weights: safetensors, .pth or .pt." };
        var model = new Option<string?>("--model") { Description = "Of a file: the network; found by names and shapes where left out." };
        var classes = new Option<int?>("--classes") { Description = "Of a file: how many classes; read off the weights where left out.", CustomParser = ModelsCommand.ParseClasses };
        var input = new Option<(int Channels, int Height, int Width)?>("--input")
        {
            Description = "Of a file: the images as channels x height x width, e.g. 3x32x32; the group's usual size where left out.",
            CustomParser = ModelsCommand.ParseInput,
        };
        var mean = new Option<double[]?>("--mean") { Description = "Of a file: the mean of each channel, in [0, 1], e.g. 0.507,0.487,0.441.", CustomParser = r => Numbers(r, n => n is >= 0 and <= 1, "from 0 to 1") };
        var deviation = new Option<double[]?>("--std") { Description = "Of a file: the standard deviation of each channel, above 0, e.g. 0.267,0.256,0.276.", CustomParser = r => Numbers(r, n => n > 0, "above 0") };
        var normalized = new Option<bool>("--normalized-input") { Description = "The graph takes images that are normalised already, and not images in [0, 1]." };
        var output = new Option<string>("--out") { Description = "The ONNX file to write.", Required = true };
        var command = new Command("export", "Write a trained network as ONNX: from images to logits, for any size of the batch.") { source, model, classes, input, mean, deviation, normalized, output };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(source);
            bool inside = !parsed.GetValue(normalized);
            using ExportSource read = Directory.Exists(path)
                ? FromRun(path, [.. new Option[] { model, classes, input, mean, deviation }.Where(o => parsed.GetResult(o) is not null).Select(o => o.Name)])
                : FromFile(path, parsed.GetValue(model), Hint(parsed.GetValue(input), parsed.GetValue(classes)), Normalization(parsed.GetValue(mean), parsed.GetValue(deviation)), inside);
            string target = parsed.GetRequiredValue(output);
            OnnxExportSummary summary = OnnxExporter.Export(read.Network, read.Task, target, read.Options with { NormalizeInside = inside });
            console.WriteLine($"Network: {read.Options.Name}");
            console.WriteLine($"Input: {summary.Input}, {(inside ? "values in [0, 1]; the graph normalises them" : "normalised already")}");
            console.WriteLine($"Output: {summary.Output}");
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Written: {target} ({summary.Nodes} operators, {summary.Bytes:N0} bytes)"));
            return ExitCodes.Done;
        });
        return command;
    }

    private static ExportSource FromRun(string folder, string[] given) => given.Length == 0
        ? ExportSource.FromRun(folder)
        : throw new RequestException($"{string.Join(", ", given)} {(given.Length == 1 ? "goes" : "go")} with a file of weights; of a run the study says it.");

    private static ExportSource FromFile(string path, string? model, ImageTaskHint hint, Normalization? normalization, bool inside)
    {
        if (inside && normalization is null)
        {
            throw new RequestException("A file of weights does not say what its network normalises by. Give --mean and --std, or --normalized-input for a graph that takes normalised images.");
        }

        try
        {
            return ExportSource.FromWeights(path, model, hint, normalization);
        }
        catch (ArgumentException e)
        {
            throw new RequestException(DistillCommand.Message(e));
        }
    }

    private static ImageTaskHint Hint((int Channels, int Height, int Width)? input, int? classes) => new(input?.Channels, input?.Height, input?.Width, classes);

    private static Normalization? Normalization(double[]? mean, double[]? deviation) => (mean, deviation) switch
    {
        // An option that is left out is an empty list.
        (null or [], null or []) => null,
        ({ Length: > 0 } m, { Length: > 0 } d) => new Normalization(m, d),
        _ => throw new RequestException("--mean and --std go together."),
    };

    private static double[]? Numbers(ArgumentResult result, Func<double, bool> isValid, string range)
    {
        string given = result.Tokens[0].Value;
        double[] numbers = Array.ConvertAll(given.Split(','), t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out double n) ? n : double.NaN);
        if (Array.TrueForAll(numbers, n => double.IsFinite(n) && isValid(n)))
        {
            return numbers;
        }

        result.AddError($"{((OptionResult)result.Parent!).Option.Name} takes numbers {range} with commas between them, one for each channel, found '{given}'.");
        return null;
    }
}
