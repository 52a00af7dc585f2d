namespace DistillSharp.Reporting;

/// <summary>A results folder cannot be reported: the message names the file, what was expected there and what was found.</summary>
/// <param name="file">The file or folder at fault.</param>
/// <param name="expected">What should be there.</param>
/// <param name="found">What is there.</param>
/// <param name="innerException">The error underneath, if there is one.</param>
public sealed class ReportException(string file, string expected, string found, Exception? innerException = null)
    : Exception($"{file}: expected {expected}; found {found}.", innerException)
{
    /// <summary>The file or folder at fault.</summary>
    public string File { get; } = file;

    /// <summary>What should be there.</summary>
    public string Expected { get; } = expected;

    /// <summary>What is there.</summary>
    public string Found { get; } = found;
}
