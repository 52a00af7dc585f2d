using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>Something out of the catalogue with the values of all its options. Compares by value, options included.</summary>
/// <param name="Name">The catalogue's name for it.</param>
/// <param name="Options">A value for every option that it has.</param>
public abstract record ConfiguredDefinition(string Name, OptionValues Options)
{
    /// <summary>True where both are of the same type, with the same name and equal values of all options.</summary>
    public virtual bool Equals(ConfiguredDefinition? other) =>
        other is not null
        && EqualityContract == other.EqualityContract
        && Name == other.Name
        && CanonicalText.Same(Options, other.Options);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(EqualityContract, Name, CanonicalText.Of(Options));
}
