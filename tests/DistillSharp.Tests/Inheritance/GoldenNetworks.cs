using System.Text.Json;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

/// <summary>Networks and inputs of the golden files, whose values are formulas of their position.</summary>
internal static class GoldenNetworks
{
    /// <summary>A network of <c>analysis.json</c> in Float64.</summary>
    public static ImageModel Network(GoldenFile file, string role)
    {
        using var scope = new TensorScope();
        long[] shape = Longs(file.At("input_parameters", "shape"));
        var task = new ImageTask((int)shape[1], (int)shape[2], (int)shape[3], file.At("nets", "classes").GetInt32());
        ImageModel network = ModelZoo.Create(file.At("nets", role).GetString()!, task, seed: 0);
        network.To(DType.Float64);
        Fill(network, file.Number("fill_parameters", "a"), file.Number("fill_parameters", "phase"), file.Number("fill_parameters", role + "_gain"));
        return network;
    }

    /// <summary>The images <c>offset + amplitude * sin(b * i)</c>.</summary>
    public static Tensor Images(GoldenFile file)
    {
        long[] shape = Longs(file.At("input_parameters", "shape"));
        double b = file.Number("input_parameters", "b"), offset = file.Number("input_parameters", "offset"), amplitude = file.Number("input_parameters", "amplitude");
        double[] values = [.. Enumerable.Range(0, (int)shape.Aggregate((x, y) => x * y)).Select(i => offset + (amplitude * Math.Sin(b * i)))];
        return Tensor.From(values, shape);
    }

    /// <summary>Whole numbers in a plain list.</summary>
    public static long[] Longs(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetInt64())];

    /// <summary>Fills as the text <c>fill</c> of <c>models.json</c> says.</summary>
    private static void Fill(ImageModel network, double a, double phase, double gain)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        IReadOnlyList<KeyValuePair<string, Tensor>> state = network.StateDict();
        for (int k = 0; k < state.Count; k++)
        {
            (string name, Tensor target) = state[k];
            if (!target.DType.IsFloatingPoint())
            {
                target.ZeroInPlace();
                continue;
            }

            double perRow = target.Dimensions >= 2 ? target.ElementCount / target.Size(0) : 1;
            int position = k;
            double[] values = [.. Enumerable.Range(0, (int)target.ElementCount).Select(i => Math.Sin((a * i) + (phase * position))).Select(v =>
                name.EndsWith("running_mean", StringComparison.Ordinal) ? 0.1 * v
                : name.EndsWith("running_var", StringComparison.Ordinal) ? 1 + (0.5 * v * v)
                : target.Dimensions >= 2 ? v * Math.Sqrt(2 / perRow) * gain
                : name.EndsWith("bias", StringComparison.Ordinal) ? 0.1 * v
                : 1 + (0.1 * v))];
            target.CopyInPlace(Tensor.From(values, target.Shape));
        }
    }
}
