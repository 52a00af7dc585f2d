using DistillSharp.Conformance.Reading;
using DistillSharp.Configuration;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Conformance.Checks;

/// <summary>The networks of fixtures by name, and the formulas that give them weights and images.</summary>
internal static class FixtureNetworks
{
    /// <summary>The group of networks for small images: the one that trajectories and analyses take theirs from.</summary>
    public const string SmallImages = "cifar";

    private const string Photographs = "imagenet";
    private const int MostInputElements = 1 << 20;

    /// <summary>Every network that the format knows, by group.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Groups { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        [SmallImages] =
        [
            "resnet8", "resnet14", "resnet20", "resnet32", "resnet44", "resnet56", "resnet110", "resnet8x4", "resnet32x4",
            "ResNet50", "wrn_16_1", "wrn_16_2", "wrn_40_1", "wrn_40_2", "vgg8", "vgg11", "vgg13", "vgg16", "vgg19",
            "MobileNetV2", "ShuffleV1", "ShuffleV2",
        ],
        [Photographs] = ["resnet18", "resnet34", "resnet50", "vgg11", "vgg19", "mobilenet_v2", "vit_b_32", "swin_t"],
    };

    /// <summary>What a fixture's network is called in the zoo: names that stand in both groups mean different networks.</summary>
    public static string ZooName(string group, string name) => (group, name) switch
    {
        (Photographs, "vit_b_32" or "swin_t") => name,
        (Photographs, _) => "imagenet-" + name,
        _ => name,
    };

    /// <summary>Whether this version has a network.</summary>
    /// <exception cref="FixtureException">The format knows no such network.</exception>
    public static bool IsImplemented(string group, string name, string path)
    {
        // Fixtures for small images may use any network for small images of this library, also one that the format does not list.
        ModelGroup kind = group == SmallImages ? ModelGroup.SmallImages : ModelGroup.ImageNet;
        if (ModelZoo.All.Any(f => f.Group == kind && f.Name == ZooName(group, name)))
        {
            return true;
        }

        return Groups[group].Contains(name)
            ? false
            : throw new FixtureException(path, NearestName.Explain("network", name, Groups[group]));
    }

    /// <summary>Makes a network in Float64 and fills it.</summary>
    /// <param name="name">Its name in the zoo; see <see cref="ZooName"/>.</param>
    /// <param name="task">Image and classes.</param>
    /// <param name="fill">The formula of its weights.</param>
    public static ImageModel Create(string name, ImageTask task, FillParameters fill)
    {
        ImageModel model = ModelZoo.Create(name, task, seed: 0);
        try
        {
            model.To(DType.Float64);
            Fill(model, fill);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Gives every entry of the state dict its formula: v = sin(a·i + phase·k), k the entry's position among all entries, i the
    /// flat index; then scaled by what kind of tensor it is.
    /// </summary>
    public static void Fill(Module model, FillParameters fill)
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        IReadOnlyList<KeyValuePair<string, Tensor>> state = model.StateDict();
        for (int k = 0; k < state.Count; k++)
        {
            using var scope = new TensorScope();
            (string name, Tensor target) = state[k];
            if (!target.DType.IsFloatingPoint())
            {
                target.ZeroInPlace();
                continue;
            }

            Tensor v = Wave(target.Shape, fill.A, fill.Phase * k);
            target.CopyInPlace(Last(name) switch
            {
                "running_mean" => v.MulInPlace(0.1),
                "running_var" => (v.Square() * 0.5) + 1,
                _ when target.Dimensions >= 2 => v.MulInPlace(Math.Sqrt(2.0 * target.Size(0) / target.ElementCount)).MulInPlace(fill.Gain),
                { } own when own.EndsWith("bias", StringComparison.Ordinal) => v.MulInPlace(0.1),
                _ => v.MulInPlace(0.1).AddInPlace(1),
            });
        }
    }

    /// <summary>sin(rate·i + shift) over the flat index of a shape, Float64.</summary>
    public static Tensor Wave(ReadOnlySpan<long> shape, double rate, double shift)
    {
        long count = 1;
        foreach (long size in shape)
        {
            count *= size;
        }

        return Operators.Arange(count, DType.Float64).MulInPlace(rate).AddInPlace(shift).Sin().View(shape);
    }

    /// <summary>Reads the shape of images.</summary>
    /// <returns><c>[N, C, H, W]</c>.</returns>
    public static long[] ImageShape(FixtureNode node)
    {
        long[] shape = node.Shape();
        return shape.Length == 4 && shape.All(s => s > 0) && shape.Aggregate(1L, (a, b) => a * b) <= MostInputElements
            ? shape
            : throw new FixtureException(node.Path, $"four sizes [N, C, H, W] above 0 with at most {MostInputElements} elements were expected, found {node.Describe()}.");
    }

    /// <summary>How many classes a network tells apart.</summary>
    public static int Classes(FixtureNode node) => node.Integer(least: 1, most: 1_000_000);

    private static string Last(string path) => path[(path.LastIndexOf('.') + 1)..];
}
