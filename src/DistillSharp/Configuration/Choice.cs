using System.Collections;

namespace DistillSharp.Configuration;

/// <summary>Something that is asked for by name, with the options that differ from its defaults.</summary>
/// <example><code>
/// Choice network = new("convnet") { ["widths"] = new long[] { 16, 32, 64 } };
/// Choice method = "kl";
/// </code></example>
/// <param name="name">The name.</param>
public sealed class Choice(string name) : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly Dictionary<string, object?> _given = [];

    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>An option's value: a number, a truth value, a word, or an array of numbers.</summary>
    public object? this[string option]
    {
        get => _given.GetValueOrDefault(option);
        set => _given[option] = value;
    }

    /// <summary>A name with its defaults.</summary>
    public static implicit operator Choice(string name) => new(name);

    /// <summary>Every option of <paramref name="specs"/> with its value: what was given, else its default.</summary>
    /// <exception cref="ArgumentException">A given option does not exist, or its value is of another kind.</exception>
    public OptionValues Values(IReadOnlyList<OptionSpec> specs) => new(specs, _given);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _given.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
