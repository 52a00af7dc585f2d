using DistillSharp.Statistics;

namespace DistillSharp.Inheritance;

/// <summary>Triplets of images of three different classes; the same ones for the same classes.</summary>
internal static class ImageTriplets
{
    private const ulong Seed = 4;

    /// <summary>Draws triplets: three classes, each as likely as any other, then an image of each. Images may occur in several triplets.</summary>
    /// <param name="classes">The class of each image.</param>
    /// <param name="count">How many triplets.</param>
    /// <returns>Positions of images, three a triplet; none where there are fewer than three classes.</returns>
    public static IReadOnlyList<int[]> Draw(IReadOnlyList<int> classes, int count)
    {
        int[][] byClass = [.. Enumerable.Range(0, classes.Count).GroupBy(i => classes[i]).OrderBy(g => g.Key).Select(g => g.ToArray())];
        if (byClass.Length < 3)
        {
            return [];
        }

        var random = new Xoshiro256(Seed);
        var triplets = new List<int[]>();
        for (int t = 0; t < count; t++)
        {
            for (int i = 0; i < 3; i++)
            {
                int other = i + random.NextIndex(byClass.Length - i);
                (byClass[i], byClass[other]) = (byClass[other], byClass[i]);
            }

            triplets.Add([.. byClass.Take(3).Select(images => images[random.NextIndex(images.Length)])]);
        }

        return triplets;
    }
}
