using DistillSharp.Data;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// How much of a map lies in a box, and whether its maximum does. The share of the map's sum is the energy-based pointing game of Wang et al.
/// (Score-CAM, 2020, section 4.3), the maximum the pointing game of Zhang et al. (Top-down neural attention by excitation backprop, 2018).
/// </summary>
/// <param name="Energy">The share of each map's sum that lies in its box, 0 to 1, <c>[n]</c>; NaN where the map is zero throughout. A pixel that is partly in the box counts by that part.</param>
/// <param name="Pointing">1 where the map's maximum lies in the box, else 0, <c>[n]</c>; NaN where the map is zero throughout. Of equal maxima each counts alike: the score is the share of them that lies in the box. A pixel is where its centre is.</param>
internal sealed record BoxScores(double[] Energy, double[] Pointing)
{
    /// <summary>Scores maps after bilinear interpolation to the size of the images.</summary>
    /// <param name="maps">Maps <c>[n, h, w]</c> at or above 0.</param>
    /// <param name="boxes">The box of each image, in pixels of the image, <c>[n]</c>.</param>
    /// <param name="height">The images' rows.</param>
    /// <param name="width">The images' columns.</param>
    /// <param name="slice">How many maps at a time.</param>
    public static BoxScores Of(Tensor maps, IReadOnlyList<ImageBox> boxes, int height, int width, int slice = 64)
    {
        var energy = new double[boxes.Count];
        var pointing = new double[boxes.Count];
        for (int start = 0; start < boxes.Count; start += slice)
        {
            using var scope = new TensorScope();
            int count = Math.Min(slice, boxes.Count - start);
            Tensor full = GradCam.Resize(maps.Rows(start, start + count), height, width).To(DType.Float64);
            ImageBox[] part = [.. boxes.Skip(start).Take(count)];
            Tensor rows = Along(part, height, (box, row) => Covered(box.Y, box.Bottom, row)).Unsqueeze(1);
            Tensor columns = Along(part, width, (box, column) => Covered(box.X, box.Right, column)).Unsqueeze(2);
            Tensor largest = full.Amax([1, 2], keepdim: true);
            Tensor maxima = full.Eq(largest).To(DType.Float64);
            Tensor rowCentres = Along(part, height, (box, row) => row + 0.5 >= box.Y && row + 0.5 < box.Bottom ? 1 : 0).Unsqueeze(1);
            Tensor columnCentres = Along(part, width, (box, column) => column + 0.5 >= box.X && column + 0.5 < box.Right ? 1 : 0).Unsqueeze(2);
            double[] within = rows.Bmm(full).Bmm(columns).Flatten().ToArray<double>();
            double[] all = full.Sum([1, 2]).ToArray<double>();
            double[] pointed = rowCentres.Bmm(maxima).Bmm(columnCentres).Flatten().ToArray<double>();
            double[] peaks = maxima.Sum([1, 2]).ToArray<double>();
            double[] peak = largest.Flatten().ToArray<double>();
            for (int i = 0; i < count; i++)
            {
                bool some = peak[i] > 0;
                energy[start + i] = some ? within[i] / all[i] : double.NaN;
                pointing[start + i] = some ? pointed[i] / peaks[i] : double.NaN;
            }
        }

        return new BoxScores(energy, pointing);
    }

    /// <summary>How much of the pixel from <paramref name="at"/> to one further lies between two edges, 0 to 1.</summary>
    private static double Covered(double low, double high, int at) => Math.Clamp(Math.Min(high, at + 1) - Math.Max(low, at), 0, 1);

    private static Tensor Along(ImageBox[] boxes, int length, Func<ImageBox, int, double> value)
    {
        var values = new double[boxes.Length * length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = value(boxes[i / length], i % length);
        }

        return Tensor.From(values, boxes.Length, length);
    }
}
