namespace DistillSharp.Statistics;

/// <summary>
/// A mean over seeds of means over images, where every seed is scored on the same images (seeds crossed with images, not nested).
/// It holds what an interval needs: the value of each seed, how far each image pulls the mean, and the variance's parts.
/// </summary>
/// <remarks>
/// With d[s,i] = mean + seed effect + image effect + rest, the variance of the mean is
/// <c>var(seed values) / S + covariance that seeds share through their images</c>.
/// The first part has S - 1 degrees of freedom and already holds the rest term; the second is known from many images.
/// The identity also holds where seeds exclude different images (docs/statistics.md).
/// </remarks>
public sealed class CrossedMean
{
    private CrossedMean(
        double[] perSeed, int[] imagesPerSeed, double[] influence, double deviationsSquared, IReadOnlyList<NullPair>? pairs)
    {
        PerSeed = perSeed;
        ImagesPerSeed = imagesPerSeed;
        Influence = influence;
        double sum = 0, images = 0;
        for (var seed = 0; seed < perSeed.Length; seed++)
        {
            if (!double.IsNaN(perSeed[seed]))
            {
                SeedsUsed++;
                sum += perSeed[seed];
                images += imagesPerSeed[seed];
            }
        }

        if (SeedsUsed == 0)
        {
            Mean = double.NaN;
            return;
        }

        Mean = sum / SeedsUsed;
        Images = images / SeedsUsed;

        double squaredInfluence = 0;
        for (var image = 0; image < influence.Length; image++)
        {
            influence[image] /= SeedsUsed;
            squaredInfluence += influence[image] * influence[image];
        }

        ResamplingVariance = squaredInfluence;

        // Deviations are taken from the sample's mean, which costs one degree of freedom.
        var unbiased = Images > 1 ? Images / (Images - 1) : 1;
        if (SeedsUsed == 1)
        {
            ImageVariance = unbiased * squaredInfluence;
            return;
        }

        double squares = 0;
        foreach (var value in perSeed)
        {
            if (!double.IsNaN(value))
            {
                squares += (value - Mean) * (value - Mean);
            }
        }

        var (sharing, degreesOfFreedom) = pairs is null ? (1, SeedsUsed - 1) : Sharing(pairs, perSeed);
        SeedDegreesOfFreedom = degreesOfFreedom;
        SeedVariance = sharing * squares / (SeedsUsed - 1) / SeedsUsed;

        // What is left of the squared influence without each seed's own squares are the covariances between seeds.
        var own = deviationsSquared / ((double)SeedsUsed * SeedsUsed);
        var shared = unbiased * (squaredInfluence - own) * SeedsUsed / (SeedsUsed - 1);

        // Few seeds can lie close together by chance. The mean is never surer than its images alone allow,
        // so what the seeds' spread leaves out of that is filled up.
        ImageVariance = Math.Max(Math.Max(shared, (unbiased * squaredInfluence) - SeedVariance), 0);
    }

    /// <summary>Mean over seeds that have a value; NaN where none has.</summary>
    public double Mean { get; }

    /// <summary>The mean over images of each seed, [S]; NaN for a seed with no image left.</summary>
    public IReadOnlyList<double> PerSeed { get; }

    /// <summary>How many images entered each seed, [S]; 0 for a seed with no image left.</summary>
    public IReadOnlyList<int> ImagesPerSeed { get; }

    /// <summary>How many images entered per seed, on average over the seeds that have a value.</summary>
    public double Images { get; }

    /// <summary>How many seeds have a value.</summary>
    public int SeedsUsed { get; }

    /// <summary>Squared standard error of the mean that the spread of the seeds' values shows; 0 with one seed.</summary>
    public double SeedVariance { get; }

    /// <summary>How surely <see cref="SeedVariance"/> is known: seeds - 1, 0 with one seed.</summary>
    public int SeedDegreesOfFreedom { get; }

    /// <summary>Squared standard error of the mean that comes through the choice of images, beyond <see cref="SeedVariance"/>.</summary>
    public double ImageVariance { get; }

    /// <summary>How far the mean moves when image i is drawn once more, [N]; sums to 0.</summary>
    internal double[] Influence { get; }

    /// <summary>Variance of the mean when only images are resampled.</summary>
    internal double ResamplingVariance { get; }

    /// <summary>The mean of a score.</summary>
    /// <param name="scores">[S][N]; NaN excludes an image for a seed.</param>
    /// <param name="pairedWith">[S][N]; where given, only images present in both count, so that levels match their difference.</param>
    public static CrossedMean OfScores(IReadOnlyList<double[]> scores, IReadOnlyList<double[]>? pairedWith = null) =>
        Build(new Term(scores, pairedWith, Subtract: false, Sign: 1), null);

    /// <summary>The mean of the paired differences first - second, over images present in both.</summary>
    /// <param name="first">[S][N]; NaN excludes an image for a seed.</param>
    /// <param name="second">[S][N]; NaN excludes an image for a seed.</param>
    /// <param name="sign">1, or -1 to turn the difference round.</param>
    public static CrossedMean OfDifferences(IReadOnlyList<double[]> first, IReadOnlyList<double[]> second, int sign = 1) =>
        Build(new Term(first, second, Subtract: true, sign), null);

    /// <summary>
    /// The mean of (first - second) minus the mean of (otherFirst - otherSecond).
    /// The two may rest on different images; those they share are still paired. A seed needs both to have a value.
    /// </summary>
    /// <param name="first">[S][N].</param>
    /// <param name="second">[S][N].</param>
    /// <param name="otherFirst">[S][N].</param>
    /// <param name="otherSecond">[S][N].</param>
    /// <param name="sign">1, or -1 to turn all differences round.</param>
    public static CrossedMean OfDifferenceOfDifferences(
        IReadOnlyList<double[]> first,
        IReadOnlyList<double[]> second,
        IReadOnlyList<double[]> otherFirst,
        IReadOnlyList<double[]> otherSecond,
        int sign = 1) =>
        Build(new Term(first, second, Subtract: true, sign), new Term(otherFirst, otherSecond, Subtract: true, -sign));

    /// <summary>
    /// The mean difference of pairs of independent students; each pair takes the place of a seed.
    /// Pairs that share a student are not independent, and the variance allows for it.
    /// </summary>
    /// <param name="pairs">P pairs over the same N images.</param>
    /// <param name="sign">1, or -1 to turn the differences round.</param>
    public static CrossedMean OfNullPairs(IReadOnlyList<NullPair> pairs, int sign = 1)
    {
        var first = new double[pairs.Count][];
        var second = new double[pairs.Count][];
        for (var pair = 0; pair < first.Length; pair++)
        {
            first[pair] = pairs[pair].Student;
            second[pair] = pairs[pair].Independent;
        }

        return Build(new Term(first, second, Subtract: true, sign), null, pairs);
    }

    /// <summary>
    /// How much larger the variance of the mean over pairs is than the pairs' spread suggests, and its degrees of freedom.
    /// A pair is a difference of two equally noisy students, so the mean over P pairs gives each student a weight c and has the
    /// variance |c|^2 of one student, while the pairs' spread divided by P expects (2 - |c|^2) / (P - 1).
    /// Pairs without a common student give 1; pairs in a ring cancel and give 0.
    /// </summary>
    private static (double Factor, int DegreesOfFreedom) Sharing(IReadOnlyList<NullPair> pairs, double[] perPair)
    {
        var weights = new Dictionary<int, double>();
        var used = 0;
        for (var pair = 0; pair < pairs.Count; pair++)
        {
            if (!double.IsNaN(perPair[pair]))
            {
                used++;
                weights[pairs[pair].StudentSeed] = weights.GetValueOrDefault(pairs[pair].StudentSeed) + 1;
                weights[pairs[pair].IndependentSeed] = weights.GetValueOrDefault(pairs[pair].IndependentSeed) - 1;
            }
        }

        double squares = 0;
        foreach (var weight in weights.Values)
        {
            squares += weight * weight / ((double)used * used);
        }

        // Twice the same pair leaves no spread to judge by.
        var expected = (2 - squares) / (used - 1);
        return (expected > 0 ? squares / expected : 1, Math.Min(used, weights.Count) - 1);
    }

    private static CrossedMean Build(Term term, Term? other, IReadOnlyList<NullPair>? pairs = null)
    {
        var seeds = term.Scores.Count;
        var images = seeds == 0 ? 0 : term.Scores[0].Length;
        term.Check(seeds, images);
        other?.Check(seeds, images);

        var perSeed = new double[seeds];
        var imagesPerSeed = new int[seeds];
        var influence = new double[images];
        var deviations = new double[images];
        double deviationsSquared = 0;
        for (var seed = 0; seed < seeds; seed++)
        {
            Array.Clear(deviations);
            var (value, count) = term.AddDeviations(seed, deviations);
            if (other is not null)
            {
                var (otherValue, otherCount) = other.AddDeviations(seed, deviations);
                value += otherValue;
                count = Math.Min(count, otherCount);
            }

            perSeed[seed] = value;
            if (double.IsNaN(value))
            {
                continue;
            }

            imagesPerSeed[seed] = count;
            for (var image = 0; image < images; image++)
            {
                influence[image] += deviations[image];
                deviationsSquared += deviations[image] * deviations[image];
            }
        }

        return new CrossedMean(perSeed, imagesPerSeed, influence, deviationsSquared, pairs);
    }

    /// <summary>One mean over images: of a score or of a paired difference, with a sign.</summary>
    private sealed record Term(IReadOnlyList<double[]> Scores, IReadOnlyList<double[]>? Mate, bool Subtract, int Sign)
    {
        public void Check(int seeds, int images)
        {
            foreach (var matrix in new[] { Scores, Mate })
            {
                if (matrix is null)
                {
                    continue;
                }

                if (matrix.Count != seeds)
                {
                    throw new ArgumentException($"Scores of {seeds} seeds were expected, found {matrix.Count}.");
                }

                for (var seed = 0; seed < seeds; seed++)
                {
                    if (matrix[seed].Length != images)
                    {
                        throw new ArgumentException(
                            $"Seed number {seed + 1} has {matrix[seed].Length} scores where {images} were expected: "
                            + "every seed is scored on the same images, with NaN for an excluded one.");
                    }

                    foreach (var score in matrix[seed])
                    {
                        if (double.IsInfinity(score))
                        {
                            throw new ArgumentException(
                                $"Seed number {seed + 1} has an infinite score; exclude such an image with NaN and say so in a note.");
                        }
                    }
                }
            }
        }

        /// <summary>Adds (d - mean) / n of each present image to <paramref name="deviations"/>; the mean is NaN with no image.</summary>
        public (double Mean, int Count) AddDeviations(int seed, double[] deviations)
        {
            var scores = Scores[seed];
            var mate = Mate?[seed];
            double sum = 0;
            var count = 0;
            for (var image = 0; image < scores.Length; image++)
            {
                var value = Value(scores, mate, image);
                if (!double.IsNaN(value))
                {
                    sum += value;
                    count++;
                }
            }

            if (count == 0)
            {
                return (double.NaN, 0);
            }

            var mean = sum / count;
            for (var image = 0; image < scores.Length; image++)
            {
                var value = Value(scores, mate, image);
                if (!double.IsNaN(value))
                {
                    deviations[image] += Sign * (value - mean) / count;
                }
            }

            return (Sign * mean, count);
        }

        private double Value(double[] scores, double[]? mate, int image)
        {
            if (mate is null)
            {
                return scores[image];
            }

            var difference = scores[image] - mate[image];
            return Subtract || double.IsNaN(difference) ? difference : scores[image];
        }
    }
}
