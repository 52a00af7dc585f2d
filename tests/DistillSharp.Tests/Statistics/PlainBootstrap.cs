namespace DistillSharp.Tests.Statistics;

/// <summary>
/// What <see cref="DistillSharp.Statistics.HierarchicalBootstrap"/> is measured against: seeds and images both redrawn,
/// percentiles taken as they come, with the seeds' deviations stretched by a factor (1 is the textbook form).
/// </summary>
internal static class PlainBootstrap
{
    public static (double Low, double High) Interval(double[][] values, double stretch, int resamples, Random random)
    {
        int seeds = values.Length, images = values[0].Length;
        var seedMeans = values.Select(row => row.Average()).ToArray();
        var mean = seedMeans.Average();
        var replicates = new double[resamples];
        var counts = new int[images];
        var resampled = new double[seeds];
        for (var resample = 0; resample < resamples; resample++)
        {
            Array.Clear(counts);
            for (var draw = 0; draw < images; draw++)
            {
                counts[random.Next(images)]++;
            }

            for (var seed = 0; seed < seeds; seed++)
            {
                double sum = 0;
                for (var image = 0; image < images; image++)
                {
                    sum += counts[image] * values[seed][image];
                }

                // The image part keeps its size; only the seed's own deviation is stretched.
                resampled[seed] = (sum / images) + ((stretch - 1) * (seedMeans[seed] - mean));
            }

            for (var draw = 0; draw < seeds; draw++)
            {
                replicates[resample] += resampled[random.Next(seeds)] / seeds;
            }
        }

        Array.Sort(replicates);
        return (replicates[(int)(0.025 * (resamples - 1))], replicates[(int)Math.Ceiling(0.975 * (resamples - 1))]);
    }
}
