using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>How a data set is read: what stands beside the keys of the section <c>data</c>.</summary>
/// <param name="Options">A value for every option that the data set declares.</param>
public sealed record ReadingDefinition(OptionValues Options)
{
    /// <summary>Of a data set without options.</summary>
    public static ReadingDefinition Usual { get; } = new(new OptionValues([]));

    /// <summary>
    /// The options that have a value. Only these are written and hashed, so that a data set can be given further options
    /// without a change to the keys of what was trained before.
    /// </summary>
    public IEnumerable<KeyValuePair<string, object?>> Given => Options.Entries.Where(e => e.Value is not null);

    /// <summary>True where the values of all options are equal.</summary>
    public bool Equals(ReadingDefinition? other) => other is not null && CanonicalText.Same(Options, other.Options);

    /// <inheritdoc/>
    public override int GetHashCode() => CanonicalText.Of(Options).GetHashCode(StringComparison.Ordinal);
}
