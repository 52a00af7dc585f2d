namespace DistillSharp.Data.Derived;

/// <summary>The styles of planted groups: ways to change a grey picture of a light object on black that leave its class visible.</summary>
internal static class GroupStyles
{
    private const int StripePeriod = 4;
    private const double NoisyShare = 0.6;
    private const int FaintGrey = 90;
    private const int FaintPart = 4;

    /// <summary>The names, in the order of their numbers.</summary>
    public static string[] Names { get; } = ["plain", "turned", "inverted", "fourfold", "striped", "noisy", "faint"];

    /// <summary>Paints an image in a style.</summary>
    /// <param name="style">The style's number.</param>
    /// <param name="image">Bytes, row-major, as many rows as columns.</param>
    /// <param name="side">How many.</param>
    /// <param name="random">What is drawn comes from here.</param>
    /// <param name="made">To be filled, of the image's size.</param>
    public static void Paint(int style, ReadOnlySpan<byte> image, int side, SeededRandom random, Span<byte> made)
    {
        switch (Names[style])
        {
            case "turned":
                Turn(image, side, made);
                break;
            case "inverted":
                for (int at = 0; at < image.Length; at++)
                {
                    made[at] = (byte)(255 - image[at]);
                }

                break;
            case "fourfold":
                Repeat(image, side, made);
                break;
            case "striped":
                Stripe(image, side, random, made);
                break;
            case "noisy":
                for (int at = 0; at < image.Length; at++)
                {
                    byte noise = (byte)random.NextInt32(256);
                    made[at] = random.NextDouble() < NoisyShare ? noise : image[at];
                }

                break;
            case "faint":
                for (int at = 0; at < image.Length; at++)
                {
                    made[at] = (byte)(FaintGrey + (image[at] / FaintPart));
                }

                break;
            default:
                image.CopyTo(made);
                break;
        }
    }

    // A quarter turn, clockwise.
    private static void Turn(ReadOnlySpan<byte> image, int side, Span<byte> made)
    {
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                made[(y * side) + x] = image[((side - 1 - x) * side) + y];
            }
        }
    }

    // Four copies of half the size.
    private static void Repeat(ReadOnlySpan<byte> image, int side, Span<byte> made)
    {
        int half = side / 2;
        made.Clear();
        for (int y = 0; y < 2 * half; y++)
        {
            for (int x = 0; x < 2 * half; x++)
            {
                int at = (2 * (y % half) * side) + (2 * (x % half));
                made[(y * side) + x] = (byte)((image[at] + image[at + 1] + image[at + side] + image[at + side + 1] + 2) / 4);
            }
        }
    }

    // Inverted in slanting stripes.
    private static void Stripe(ReadOnlySpan<byte> image, int side, SeededRandom random, Span<byte> made)
    {
        int phase = random.NextInt32(StripePeriod);
        bool rising = random.NextInt32(2) == 0;
        for (int y = 0; y < side; y++)
        {
            for (int x = 0; x < side; x++)
            {
                int at = (y * side) + x;
                bool inverted = ((rising ? x + y : x + side - y) + phase) % StripePeriod < StripePeriod / 2;
                made[at] = inverted ? (byte)(255 - image[at]) : image[at];
            }
        }
    }
}
