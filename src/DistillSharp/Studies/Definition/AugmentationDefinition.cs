using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>How training images are changed at random. Teacher and students see the same changed image.</summary>
/// <param name="Options">A value for every option that the catalogue declares.</param>
public sealed record AugmentationDefinition(OptionValues Options)
{
    /// <summary>True where the values of all options are equal.</summary>
    public bool Equals(AugmentationDefinition? other) => other is not null && CanonicalText.Same(Options, other.Options);

    /// <inheritdoc/>
    public override int GetHashCode() => CanonicalText.Of(Options).GetHashCode(StringComparison.Ordinal);
}
