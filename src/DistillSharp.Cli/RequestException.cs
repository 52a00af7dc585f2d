namespace DistillSharp.Cli;

/// <summary>The command line asks for something that cannot be.</summary>
/// <param name="message">What, and what is possible.</param>
internal sealed class RequestException(string message) : Exception(message);
