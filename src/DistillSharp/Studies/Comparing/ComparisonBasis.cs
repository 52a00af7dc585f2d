namespace DistillSharp.Studies;

/// <summary>What the interval of a difference of two effects rests on.</summary>
public enum ComparisonBasis
{
    /// <summary>Paired by seed and by image: it allows for other seeds and for other images (docs/statistics.md).</summary>
    SeedsAndImages,

    /// <summary>Paired by seed, each seed's effect one number: Student's t. It allows for other seeds on these images.</summary>
    Seeds,

    /// <summary>Different seeds, so independent samples of each seed's effect: Welch's t. It allows for other seeds on these images.</summary>
    IndependentSeeds,
}
