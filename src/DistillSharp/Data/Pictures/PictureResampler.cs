namespace DistillSharp.Data.Pictures;

/// <summary>Brings pictures to one size and into planes. One a thread: it keeps its buffer and its weights.</summary>
internal sealed class PictureResampler
{
    private const int LargestKeptBuffer = 1 << 24;

    private (int From, int To, int First, int Count) _columnsFor, _rowsFor;
    private ResamplingAxis? _columns, _rows;
    private byte[] _lines = [];

    /// <summary>Writes planes [C, size, size].</summary>
    /// <param name="pixels">Row by row, interleaved.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">C.</param>
    /// <param name="size">The side of the result.</param>
    /// <param name="stretch">True to change the proportions; false to scale the shorter side to size and cut the middle out of the longer.</param>
    /// <param name="planes">Takes the result.</param>
    public void Fit(ReadOnlySpan<byte> pixels, int width, int height, int channels, int size, bool stretch, Span<byte> planes)
    {
        int wide = stretch || width <= height ? size : (int)((long)size * width / height);
        int high = stretch || height <= width ? size : (int)((long)size * height / width);
        ResamplingAxis columns = Axis(ref _columns, ref _columnsFor, (width, wide, (wide - size) / 2, size));
        ResamplingAxis rows = Axis(ref _rows, ref _rowsFor, (height, high, (high - size) / 2, size));
        int line = size * channels;
        int needed = (rows.End - rows.Begin) * line;
        if (_lines.Length < needed)
        {
            _lines = new byte[needed];
        }

        for (int y = rows.Begin; y < rows.End; y++)
        {
            ShrinkLine(pixels.Slice(y * width * channels, width * channels), columns, channels, _lines.AsSpan((y - rows.Begin) * line, line));
        }

        for (int y = 0; y < size; y++)
        {
            int[] weights = rows.Weights[y];
            int start = (rows.Starts[y] - rows.Begin) * line;
            for (int x = 0; x < size; x++)
            {
                for (int channel = 0; channel < channels; channel++)
                {
                    int sum = 0, at = start + (x * channels) + channel;
                    foreach (int weight in weights)
                    {
                        sum += _lines[at] * weight;
                        at += line;
                    }

                    planes[(((channel * size) + y) * size) + x] = ResamplingAxis.ToByte(sum);
                }
            }
        }

        if (_lines.Length > LargestKeptBuffer)
        {
            _lines = [];
        }
    }

    /// <summary>Writes planes [C, height, width] of the same size.</summary>
    public static void Separate(ReadOnlySpan<byte> pixels, int channels, Span<byte> planes)
    {
        int count = pixels.Length / channels;
        for (int channel = 0; channel < channels; channel++)
        {
            Span<byte> plane = planes.Slice(channel * count, count);
            for (int i = 0; i < plane.Length; i++)
            {
                plane[i] = pixels[(i * channels) + channel];
            }
        }
    }

    private static void ShrinkLine(ReadOnlySpan<byte> from, ResamplingAxis columns, int channels, Span<byte> to)
    {
        for (int x = 0; x < columns.Starts.Length; x++)
        {
            int[] weights = columns.Weights[x];
            for (int channel = 0; channel < channels; channel++)
            {
                int sum = 0, at = (columns.Starts[x] * channels) + channel;
                foreach (int weight in weights)
                {
                    sum += from[at] * weight;
                    at += channels;
                }

                to[(x * channels) + channel] = ResamplingAxis.ToByte(sum);
            }
        }
    }

    private static ResamplingAxis Axis(ref ResamplingAxis? axis, ref (int From, int To, int First, int Count) made, (int From, int To, int First, int Count) wanted)
    {
        if (axis is null || made != wanted)
        {
            axis = new ResamplingAxis(wanted.From, wanted.To, wanted.First, wanted.Count);
            made = wanted;
        }

        return axis;
    }
}
