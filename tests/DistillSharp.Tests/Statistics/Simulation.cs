namespace DistillSharp.Tests.Statistics;

/// <summary>Made-up scores with known truth: mean + seed effect + image effect + rest, all normal.</summary>
internal sealed class Simulation(int seed)
{
    private readonly Random _random = new(seed);

    public double Normal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble()));
        return radius * Math.Cos(2 * Math.PI * _random.NextDouble());
    }

    public double Uniform() => _random.NextDouble();

    /// <summary>Scores [seeds][images] with the given mean and standard deviations.</summary>
    public double[][] Crossed(int seeds, int images, double mean, double bySeed, double byImage, double rest)
    {
        var imageEffects = new double[images];
        for (var image = 0; image < images; image++)
        {
            imageEffects[image] = byImage * Normal();
        }

        var scores = new double[seeds][];
        for (var index = 0; index < seeds; index++)
        {
            var seedEffect = bySeed * Normal();
            scores[index] = new double[images];
            for (var image = 0; image < images; image++)
            {
                scores[index][image] = mean + seedEffect + imageEffects[image] + (rest * Normal());
            }
        }

        return scores;
    }

    /// <summary>
    /// 1 or 0 for each seed and image. Each image has its own ease, shared by all matrices made with the same <paramref name="ease"/>;
    /// each seed has its own skill.
    /// </summary>
    public double[][] Hits(int seeds, double[] ease, double skill, double skillSpread)
    {
        var scores = new double[seeds][];
        for (var index = 0; index < seeds; index++)
        {
            var seedSkill = skill + (skillSpread * Normal());
            scores[index] = new double[ease.Length];
            for (var image = 0; image < ease.Length; image++)
            {
                scores[index][image] = seedSkill + ease[image] + Normal() > 0 ? 1 : 0;
            }
        }

        return scores;
    }

    public double[] Ease(int images, double spread)
    {
        var ease = new double[images];
        for (var image = 0; image < images; image++)
        {
            ease[image] = spread * Normal();
        }

        return ease;
    }

    public static double[][] Constant(int seeds, int images, double value)
    {
        var scores = new double[seeds][];
        for (var index = 0; index < seeds; index++)
        {
            scores[index] = new double[images];
            Array.Fill(scores[index], value);
        }

        return scores;
    }
}
