namespace DistillSharp.Data.Derived;

/// <summary>
/// Patches that look somewhat like cut-outs of photographs: noise whose amplitude falls as 1/f, as that of natural images does (Field, 1987),
/// in colours that vary less than brightness, with an edge between two colours in every other patch.
/// </summary>
internal static class NaturalTextures
{
    /// <summary>How many octaves noise can have.</summary>
    public const int Octaves = 5;

    private static readonly int[] Cells = [16, 8, 4, 2, 1];

    /// <summary>Noise whose amplitude halves from one octave to the next finer one: about -1 to 1, mean about 0.</summary>
    /// <param name="random">What it is drawn from.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="coarsest">Index of the first octave in 16, 8, 4, 2, 1 pixels.</param>
    /// <param name="octaves">How many octaves.</param>
    /// <param name="field">To be filled, row-major [H, W].</param>
    public static void Noise(SeededRandom random, int height, int width, int coarsest, int octaves, Span<double> field)
    {
        field.Clear();
        double total = 0;
        for (int octave = coarsest; octave < coarsest + octaves; octave++)
        {
            total += Cells[octave];
        }

        for (int octave = coarsest; octave < coarsest + octaves; octave++)
        {
            AddOctave(random, height, width, Cells[octave], 2 * Cells[octave] / total, field);
        }
    }

    /// <summary>A patch in colour.</summary>
    /// <param name="random">What it is drawn from.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="patch">To be filled: bytes, row-major [3, H, W].</param>
    public static void Colours(SeededRandom random, int height, int width, Span<byte> patch)
    {
        int pixels = height * width;
        Span<double> light = stackalloc double[3 * pixels];
        Span<double> reds = light.Slice(pixels, pixels), blues = light.Slice(2 * pixels, pixels);
        light = light[..pixels];
        Noise(random, height, width, 0, Octaves, light);
        Noise(random, height, width, 0, 3, reds);
        Noise(random, height, width, 0, 3, blues);
        double contrast = random.NextDouble(0.2, 0.7), colourful = random.NextDouble(0, 0.3);
        (double Light, double Red, double Blue) first = Colour(random), second = random.NextInt32(2) == 0 ? first : Colour(random);
        double across = random.NextDouble(-1, 1), down = random.NextDouble(-1, 1);
        double row = random.NextDouble(0, height), column = random.NextDouble(0, width);
        for (int at = 0; at < pixels; at++)
        {
            bool beyond = (((at % width) - column) * across) + (((at / width) - row) * down) > 0;
            (double brightness, double red, double blue) = beyond ? second : first;
            brightness += contrast * light[at];
            red += colourful * reds[at];
            blue += colourful * blues[at];
            patch[at] = Byte(brightness + red - (0.5 * blue));
            patch[pixels + at] = Byte(brightness - (0.5 * red) - (0.25 * blue));
            patch[(2 * pixels) + at] = Byte(brightness + blue);
        }
    }

    /// <summary>A value from 0 to 1 as a byte; values beyond are cut.</summary>
    public static byte Byte(double value) => (byte)((Math.Clamp(value, 0, 1) * 255) + 0.5);

    private static (double Light, double Red, double Blue) Colour(SeededRandom random) =>
        (random.NextDouble(0.2, 0.8), random.NextDouble(-0.2, 0.2), random.NextDouble(-0.2, 0.2));

    // Random values at the corners of square cells, bilinear between them; the grid starts at a random place.
    private static void AddOctave(SeededRandom random, int height, int width, int cell, double amplitude, Span<double> field)
    {
        int across = ((width + cell - 2) / cell) + 2, down = ((height + cell - 2) / cell) + 2;
        Span<double> corners = stackalloc double[across * down];
        foreach (ref double corner in corners)
        {
            corner = random.NextDouble(-amplitude, amplitude);
        }

        int top = random.NextInt32(cell), left = random.NextInt32(cell);
        Span<double> line = stackalloc double[across];
        for (int y = 0; y < height; y++)
        {
            int above = (y + top) / cell;
            double part = (double)((y + top) % cell) / cell;
            ReadOnlySpan<double> upper = corners.Slice(above * across, across), lower = corners.Slice((above + 1) * across, across);
            for (int i = 0; i < across; i++)
            {
                line[i] = upper[i] + (part * (lower[i] - upper[i]));
            }

            Span<double> fieldRow = field.Slice(y * width, width);
            for (int x = 0; x < width; x++)
            {
                int before = (x + left) / cell;
                double share = (double)((x + left) % cell) / cell;
                fieldRow[x] += line[before] + (share * (line[before + 1] - line[before]));
            }
        }
    }
}
