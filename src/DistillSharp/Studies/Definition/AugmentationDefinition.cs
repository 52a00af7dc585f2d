using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>How training images are changed at random. Teacher and students see the same changed image.</summary>
/// <param name="Options">A value for every option that the catalogue declares.</param>
public sealed record AugmentationDefinition(OptionValues Options)
{
    /// <summary>
    /// The options that have a value. Only these are written and hashed, so that there can be further options without a change to the
    /// keys of what was trained before.
    /// </summary>
    public IEnumerable<KeyValuePair<string, object?>> Given => Options.Entries.Where(e => e.Value is not null);

    /// <summary>True where the values of all options are equal.</summary>
    public bool Equals(AugmentationDefinition? other) => other is not null && CanonicalText.Same(Options, other.Options);

    /// <inheritdoc/>
    public override int GetHashCode() => CanonicalText.Of(Options).GetHashCode(StringComparison.Ordinal);
}
