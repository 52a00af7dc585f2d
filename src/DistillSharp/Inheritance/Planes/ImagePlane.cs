using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// The plane through three images, with a grid over the images' bounding box widened by a tenth on each side (Somepalli et al. 2022). Its first
/// axis goes from the first image to the second. Points outside of the triangle may have values outside of [0, 1]; they are not clamped,
/// since a clamped plane is none.
/// </summary>
internal sealed class ImagePlane
{
    private const double Margin = 0.1;
    private readonly float[] _origin;
    private readonly float[] _across;
    private readonly float[] _along;
    private readonly long[] _shape;
    private readonly double[] _columns;
    private readonly double[] _rows;

    private ImagePlane(float[] origin, double[] across, double[] along, long[] shape, (double X, double Y)[] corners, int resolution)
    {
        _origin = origin;
        _across = Array.ConvertAll(across, v => (float)v);
        _along = Array.ConvertAll(along, v => (float)v);
        _shape = shape;
        Corners = corners;
        Resolution = resolution;
        _columns = Axis(corners.Select(c => c.X), resolution);
        _rows = Axis(corners.Select(c => c.Y), resolution);
    }

    /// <summary>Points a side of the grid.</summary>
    public int Resolution { get; }

    /// <summary>The images' coordinates in the plane, in pixels' Euclidean distance: the first is (0, 0), the second (distance, 0).</summary>
    public IReadOnlyList<(double X, double Y)> Corners { get; }

    /// <summary>The images' places on the grid, in steps of it from its first point.</summary>
    public IReadOnlyList<(double X, double Y)> Places =>
        [.. Corners.Select(c => ((c.X - _columns[0]) / (_columns[1] - _columns[0]), (c.Y - _rows[0]) / (_rows[1] - _rows[0])))];

    /// <summary>The plane through three images; null where they lie on one line.</summary>
    /// <param name="images">UInt8 or floating-point in [0, 1], <c>[3, C, H, W]</c>.</param>
    /// <param name="resolution">Points a side, 2 or more.</param>
    public static ImagePlane? Through(Tensor images, int resolution)
    {
        using var scope = new TensorScope();
        float[] values = ImageClassifier.ToUnitRange(images).To(DType.Float32, Device.Cpu).ToArray<float>();
        int size = values.Length / 3;
        float[] origin = values[..size];
        double[] across = Difference(values, size, 1), along = Difference(values, size, 2);
        double length = Norm(across);
        if (!(length > 0))
        {
            return null;
        }

        across = Array.ConvertAll(across, v => v / length);
        double shadow = across.Zip(along, (a, b) => a * b).Sum(), whole = Norm(along);
        for (int i = 0; i < size; i++)
        {
            along[i] -= shadow * across[i];
        }

        double height = Norm(along);
        return height > 1e-6 * whole
            ? new ImagePlane(origin, across, Array.ConvertAll(along, v => v / height), [.. images.Shape.Skip(1)], [(0, 0), (length, 0), (shadow, height)], resolution)
            : null;
    }

    /// <summary>Points of the grid as images, Float32 <c>[end - start, C, H, W]</c>: row by row, the first row at the least second coordinate.</summary>
    /// <param name="start">The first point's number, from 0.</param>
    /// <param name="end">The number after the last one's, at most the square of the resolution.</param>
    public Tensor Points(int start, int end)
    {
        using var scope = new TensorScope();
        Tensor x = Tensor.From([.. Enumerable.Range(start, end - start).Select(p => (float)_columns[p % Resolution])], end - start, 1);
        Tensor y = Tensor.From([.. Enumerable.Range(start, end - start).Select(p => (float)_rows[p / Resolution])], end - start, 1);
        Tensor flat = Tensor.From(_origin, 1, _origin.Length) + (x * Tensor.From(_across, 1, _across.Length)) + (y * Tensor.From(_along, 1, _along.Length));
        return scope.Keep(flat.Reshape([end - start, .. _shape]));
    }

    private static double[] Difference(float[] values, int size, int image)
    {
        var difference = new double[size];
        for (int i = 0; i < size; i++)
        {
            difference[i] = (double)values[(image * size) + i] - values[i];
        }

        return difference;
    }

    private static double Norm(double[] vector) => Math.Sqrt(vector.Sum(v => v * v));

    private static double[] Axis(IEnumerable<double> coordinates, int resolution)
    {
        double[] all = [.. coordinates];
        double wide = all.Max() - all.Min(), from = all.Min() - (Margin * wide), step = (1 + (2 * Margin)) * wide / (resolution - 1);
        return [.. Enumerable.Range(0, resolution).Select(i => from + (i * step))];
    }
}
