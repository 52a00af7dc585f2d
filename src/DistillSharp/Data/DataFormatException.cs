namespace DistillSharp.Data;

/// <summary>Data from outside are not what they must be; the message says where, what was expected and what was found.</summary>
/// <param name="origin">The file, or the data set's name where no file is involved.</param>
/// <param name="place">The place in it, e.g. <c>offset 4 (number of items)</c> or <c>label 17</c>.</param>
/// <param name="expected">What should stand there.</param>
/// <param name="found">What stands there.</param>
/// <param name="inner">The error that revealed it, where there is one.</param>
public sealed class DataFormatException(string origin, string place, string expected, string found, Exception? inner = null)
    : Exception($"{origin}, {place}: expected {expected}, found {found}.", inner)
{
    /// <summary>The file, or the data set's name where no file is involved.</summary>
    public string Origin { get; } = origin;

    /// <summary>The place in it.</summary>
    public string Place { get; } = place;

    /// <summary>What should stand there.</summary>
    public string Expected { get; } = expected;

    /// <summary>What stands there.</summary>
    public string Found { get; } = found;
}
