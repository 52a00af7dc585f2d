using System.CommandLine;
using System.Globalization;
using DistillSharp.Cli.Display;
using DistillSharp.Configuration;
using DistillSharp.Models;
using DistillSharp.Torch;
using DistillSharp.Weights;
using Spectre.Console;

namespace DistillSharp.Cli.Commands;

/// <summary><c>distill import CHECKPOINT</c>.</summary>
internal static class ImportCommand
{
    private static readonly string[] Endings = [".safetensors", ".pth", ".pt"];

    public static Command Create(IAnsiConsole console, TextWriter errors)
    {
        var checkpoint = new Argument<string>("checkpoint") { Description = "A file of weights: safetensors, .pth or .pt; the content decides, not the name." };
        var model = new Option<string?>("--model") { Description = "The network; found by names and shapes where left out." };
        Option<int?> classes = Classes();
        var input = new Option<string?>("--input") { Description = "Channels, height and width of the images, e.g. 3x32x32; the channels are read off the weights where left out." };
        Option<string?> key = KeyOption();
        var output = new Option<string?>("--out") { Description = "Where to write the weights under the network's names: .safetensors, .pth or .pt." };
        var mapping = new Option<string[]>("--mapping")
        {
            Description = "A new name for an old one, old=new; a prefix with its dot on both sides renames all names that begin so. May be repeated.",
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("import", "Match the weights of a file with a network, and write them for it.") { checkpoint, model, classes, input, key, mapping, output };
        command.SetAction(parsed =>
        {
            string? target = parsed.GetValue(output);
            if (target is not null && !Endings.Contains(Path.GetExtension(target)))
            {
                throw new RequestException($"--out takes a file that ends in {string.Join(", ", Endings)}, found '{target}'.");
            }

            ImageTaskHint hint = Hint(parsed.GetValue(input)) with { Classes = parsed.GetValue(classes) };
            WeightsMapping names = Asked(() => WeightsMapping.Parse(parsed.GetValue(mapping) ?? []));
            using WeightsFile file = Open(parsed.GetValue(checkpoint)!, parsed.GetValue(key));
            WeightsView.WriteFile(console, file);
            NetworkFit? fit = parsed.GetValue(model) is { } name
                ? Asked(() => WeightsNetworks.Compare(ModelZoo.Get(name).Name, file.Entries, hint, names))
                : Found(file, hint, names);
            if (fit is null)
            {
                errors.WriteLine($"The weights of '{file.Path}' fit no network exactly. Name one with --model to see the differences; distill layers lists the tensors.");
                return ExitCodes.Mismatch;
            }

            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Network: {fit.Name} for {fit.Task.Channels} x {fit.Task.Height} x {fit.Task.Width} pixels and {fit.Task.Classes} classes."));
            if (!fit.Match.Fits)
            {
                throw new WeightsMismatchException(file.Path, fit.Match);
            }

            console.WriteLine(fit.Match.Explain());
            if (fit.Match.Defaulted.Count > 0)
            {
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fit.Match.Defaulted.Count} counters of batches are not in the file; they become 0, which changes no result."));
            }

            if (target is not null)
            {
                using var scope = new TensorScope();
                WeightsFile.Write(target, fit.Match.Arrange(file.Read()));
                console.WriteLine($"Written: {target}");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>The option that says which state dict of a file is meant.</summary>
    public static Option<string?> KeyOption() =>
        new("--key") { Description = "The key of the state dict in the file, e.g. ema or checkpoint/model; the usual ones are tried where left out." };

    /// <summary>Opens a file; what is wrong with the key is a wrong request.</summary>
    public static WeightsFile Open(string path, string? key) => Asked(() => WeightsFile.Open(path, key));

    private static T Asked<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (ArgumentException e)
        {
            throw new RequestException(DistillCommand.Message(e));
        }
    }

    private static NetworkFit? Found(WeightsFile file, ImageTaskHint hint, WeightsMapping names)
    {
        IReadOnlyList<WeightsEntry> renamed = [.. file.Entries.Select(e => e with { Name = names.Apply(e.Name) })];
        NetworkFit? found = WeightsNetworks.Find(renamed).FirstOrDefault();
        return found is null ? null : Asked(() => WeightsNetworks.Compare(found.Name, file.Entries, hint, names));
    }

    private static ImageTaskHint Hint(string? input)
    {
        if (input is null)
        {
            return new ImageTaskHint();
        }

        int[] sizes = [.. input.Split('x').Select(s => int.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : 0)];
        return sizes is [>= 1 and <= 1024, >= 1 and <= 4096, >= 1 and <= 4096]
            ? new ImageTaskHint(sizes[0], sizes[1], sizes[2])
            : throw new RequestException($"--input takes channels (1 to 1024), height and width (1 to 4096), e.g. 3x32x32, found '{input}'.");
    }

    private static Option<int?> Classes()
    {
        var option = new Option<int?>("--classes") { Description = "How many classes; read off the weights where left out." };
        option.Validators.Add(result =>
        {
            string? given = result.Tokens.SingleOrDefault()?.Value;
            if (given is not null && !(int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value is >= 2 and <= 100000))
            {
                result.AddError($"--classes takes a whole number from 2 to 100000, found '{given}'.");
            }
        });
        return option;
    }
}
