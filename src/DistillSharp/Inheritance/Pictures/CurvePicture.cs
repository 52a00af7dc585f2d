namespace DistillSharp.Inheritance;

/// <summary>Shares (0 to 1) over strengths as lines: a picture without words, which its caption gives.</summary>
internal static class CurvePicture
{
    /// <summary>The picture's width in pixels.</summary>
    public const int Width = 320;

    /// <summary>The picture's height in pixels.</summary>
    public const int Height = 200;

    private const double Border = 8, HalfLine = 1.2, HalfGrid = 0.5, Dash = 14;
    private const byte GridGrey = 220;

    /// <summary>The lowest tenth that all values lie at or above; the picture's bottom. Its top is 1.</summary>
    public static double Bottom(IEnumerable<Curve> curves) =>
        Math.Min(0.9, Math.Floor(10 * curves.SelectMany(c => c.Values).Where(v => !double.IsNaN(v)).DefaultIfEmpty(0).Min()) / 10);

    /// <summary>Draws.</summary>
    /// <param name="curves">The lines; a value that is not a number leaves a gap.</param>
    /// <returns>Row by row, red, green and blue of each pixel.</returns>
    public static byte[] Draw(IReadOnlyList<Curve> curves)
    {
        var pixels = new byte[3 * Width * Height];
        Array.Fill(pixels, byte.MaxValue);
        double bottom = Bottom(curves);
        double Row(double value) => Border + ((1 - value) / (1 - bottom) * (Height - (2 * Border)));
        int tenths = (int)Math.Round(10 * (1 - bottom));
        for (int line = 0; line <= tenths; line++)
        {
            double row = Row(1 - (line / 10.0));
            Segment(pixels, (Border, row), (Width - Border, row), HalfGrid, (GridGrey, GridGrey, GridGrey), dashed: false);
        }

        foreach (Curve curve in curves)
        {
            int last = curve.Values.Count - 1;
            double Column(int i) => last == 0 ? Width / 2.0 : Border + ((double)i / last * (Width - (2 * Border)));
            for (int i = 0; i <= last; i++)
            {
                // A dot for each value, so that one strength alone is seen too.
                if (!double.IsNaN(curve.Values[i]))
                {
                    Segment(pixels, (Column(i), Row(curve.Values[i])), (Column(i), Row(curve.Values[i])), 2 * HalfLine, curve.Colour, dashed: false);
                }

                if (i < last && !double.IsNaN(curve.Values[i] + curve.Values[i + 1]))
                {
                    Segment(pixels, (Column(i), Row(curve.Values[i])), (Column(i + 1), Row(curve.Values[i + 1])), HalfLine, curve.Colour, curve.Dashed);
                }
            }
        }

        return pixels;
    }

    private static void Segment(byte[] pixels, (double X, double Y) from, (double X, double Y) to, double half, (byte Red, byte Green, byte Blue) colour, bool dashed)
    {
        double reach = half + 1;
        (double across, double down) = (to.X - from.X, to.Y - from.Y);
        double length = (across * across) + (down * down);
        for (int y = Math.Max(0, (int)(Math.Min(from.Y, to.Y) - reach)); y <= Math.Min(Height - 1, (int)(Math.Max(from.Y, to.Y) + reach)); y++)
        {
            for (int x = Math.Max(0, (int)(Math.Min(from.X, to.X) - reach)); x <= Math.Min(Width - 1, (int)(Math.Max(from.X, to.X) + reach)); x++)
            {
                double along = length == 0 ? 0 : Math.Clamp((((x - from.X) * across) + ((y - from.Y) * down)) / length, 0, 1);
                double distance = Math.Sqrt(Math.Pow(x - from.X - (along * across), 2) + Math.Pow(y - from.Y - (along * down), 2));
                double cover = Math.Clamp(half + 0.5 - distance, 0, 1);
                if (cover > 0 && !(dashed && x % Dash >= Dash / 2))
                {
                    int at = 3 * ((y * Width) + x);
                    pixels[at] = Mix(pixels[at], colour.Red, cover);
                    pixels[at + 1] = Mix(pixels[at + 1], colour.Green, cover);
                    pixels[at + 2] = Mix(pixels[at + 2], colour.Blue, cover);
                }
            }
        }
    }

    private static byte Mix(byte under, byte over, double cover) => (byte)Math.Round(under + (cover * (over - under)));
}
