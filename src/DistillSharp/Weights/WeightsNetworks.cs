using DistillSharp.Models;
using DistillSharp.Nn;

namespace DistillSharp.Weights;

/// <summary>Makes networks for the weights of a file, with channels and classes as the weights' shapes say; finds out which network they are of.</summary>
public static class WeightsNetworks
{
    private const int UsualChannels = 3;
    private const int UsualClasses = 10;
    private const int MostChannels = 1024;
    private const int MostClasses = 100_000;

    // Tried in order where the size of the images is not known: some networks take only some sizes.
    private static readonly int[] Sizes = [32, 28, 64, 224, 299];

    /// <summary>Makes a network and copies the weights of a file into it.</summary>
    /// <param name="name">The network's name in <see cref="ModelZoo"/>.</param>
    /// <param name="file">The weights.</param>
    /// <param name="hint">What is known of images and classes.</param>
    /// <param name="mapping">New names for the file's, where they differ.</param>
    /// <returns>The network, in training mode as every new one; the caller disposes it.</returns>
    /// <exception cref="WeightsMismatchException">Names or shapes do not fit; the message says what fits what.</exception>
    /// <exception cref="ArgumentException">There is no such network, or none for such images.</exception>
    public static ImageModel Load(string name, WeightsFile file, ImageTaskHint? hint = null, WeightsMapping? mapping = null)
    {
        (ImageModel model, _) = Create(name, file.Entries, hint, mapping);
        try
        {
            file.LoadInto(model, mapping);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Compares a network of the zoo with weights.</summary>
    /// <param name="name">The network's name in <see cref="ModelZoo"/>.</param>
    /// <param name="entries">What a file holds.</param>
    /// <param name="hint">What is known of images and classes.</param>
    /// <param name="mapping">New names for the file's, where they differ.</param>
    /// <exception cref="ArgumentException">There is no such network, or none for such images; or the mapping gives two tensors one name.</exception>
    public static NetworkFit Compare(string name, IReadOnlyList<WeightsEntry> entries, ImageTaskHint? hint = null, WeightsMapping? mapping = null)
    {
        (ImageModel model, NetworkFit fit) = Create(name, entries, hint, mapping);
        model.Dispose();
        return fit;
    }

    /// <summary>The networks of the zoo, with their usual options, that weights fit exactly; each is made (without drawn weights) when the sequence reaches it.</summary>
    /// <param name="entries">What a file holds.</param>
    public static IEnumerable<NetworkFit> Find(IReadOnlyList<WeightsEntry> entries)
    {
        foreach (ModelFamily family in ModelZoo.All)
        {
            if (entries.Count > 0 && TryCompare(family.Name, entries, new ImageTaskHint()) is { } fit)
            {
                // Some networks have a layer whose size is the image's: every name fits then, and a shape does not.
                NetworkFit? fitting = fit.Match.Fits || fit.Match.Missing.Count + fit.Match.Unexpected.Count > 0
                    ? fit
                    : Sizes.Select(s => TryCompare(family.Name, entries, new ImageTaskHint(Height: s, Width: s))).FirstOrDefault(f => f?.Match.Fits == true);
                if (fitting?.Match.Fits == true)
                {
                    yield return fitting;
                }
            }
        }
    }

    private static NetworkFit? TryCompare(string name, IReadOnlyList<WeightsEntry> entries, ImageTaskHint hint)
    {
        try
        {
            return Compare(name, entries, hint);
        }
        catch (ArgumentException)
        {
            return null; // not for images of a usual size
        }
    }

    // The caller disposes the network. Its weights are undrawn.
    private static (ImageModel Model, NetworkFit Fit) Create(string name, IReadOnlyList<WeightsEntry> entries, ImageTaskHint? hint, WeightsMapping? mapping)
    {
        ImageTaskHint known = hint ?? new ImageTaskHint();
        (ImageModel model, ImageTask task) = Make(name, known, known.Channels ?? GuessChannels(entries), known.Classes ?? GuessClasses(entries));
        try
        {
            WeightsMatch match = WeightsMatch.Of(model, entries, mapping);
            ImageTask better = Correct(task, known, match);
            if (better != task)
            {
                model.Dispose();
                (model, task) = Make(name, known, better.Channels, better.Classes);
                match = WeightsMatch.Of(model, entries, mapping);
            }

            return (model, new NetworkFit(name, task, match));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static (ImageModel Model, ImageTask Task) Make(string name, ImageTaskHint hint, int channels, int classes)
    {
        using IDisposable skip = Initialization.Skip();
        ArgumentException? first = null;
        foreach (int size in hint.Height is { } height ? [height] : Sizes)
        {
            var task = new ImageTask(channels, size, hint.Width ?? size, classes);
            try
            {
                return (ModelZoo.Create(name, task, seed: 0), task);
            }
            catch (ArgumentException e) when (e.ParamName != "name")
            {
                first ??= e;
            }
        }

        throw first!;
    }

    // The first convolution of the file; the linear layer whose outputs enter no other.
    private static int GuessChannels(IReadOnlyList<WeightsEntry> entries) =>
        entries.FirstOrDefault(e => e.Shape.Count == 4) is { } first && first.Shape[1] is >= 1 and <= MostChannels ? (int)first.Shape[1] : UsualChannels;

    private static int GuessClasses(IReadOnlyList<WeightsEntry> entries)
    {
        List<WeightsEntry> linear = [.. entries.Where(e => e.Shape.Count == 2)];
        HashSet<long> inputs = [.. linear.Select(e => e.Shape[1])];
        return linear.LastOrDefault(e => !inputs.Contains(e.Shape[0])) is { } last && last.Shape[0] is >= 2 and <= MostClasses ? (int)last.Shape[0] : UsualClasses;
    }

    // Where the guess was wrong, the network's own first and last layers have other shapes than the file's, in one dimension.
    private static ImageTask Correct(ImageTask task, ImageTaskHint hint, WeightsMatch match)
    {
        foreach (MisshapenWeights weights in match.Misshapen)
        {
            IReadOnlyList<long> expected = weights.Entry.Shape, found = weights.Found;
            if (expected.Count != found.Count || Enumerable.Range(0, found.Count).Count(i => expected[i] != found[i]) != 1)
            {
                continue;
            }

            if (hint.Channels is null && found.Count == 4 && expected[1] == task.Channels && found[1] != expected[1] && found[1] is >= 1 and <= MostChannels)
            {
                task = task with { Channels = (int)found[1] };
            }
            else if (hint.Classes is null && expected[0] == task.Classes && found[0] != expected[0] && found[0] is >= 2 and <= MostClasses)
            {
                task = task with { Classes = (int)found[0] };
            }
        }

        return task;
    }
}
