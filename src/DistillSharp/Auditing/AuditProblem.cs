namespace DistillSharp.Auditing;

/// <summary>Whose fault a problem is.</summary>
public enum AuditProblemKind
{
    /// <summary>The request asks for something that cannot be.</summary>
    Request,

    /// <summary>A file is missing, broken or of another kind.</summary>
    File,

    /// <summary>Weights do not fit the network, or the network not the data.</summary>
    Mismatch,
}

/// <summary>Something that is wrong with a request; found before anything is measured.</summary>
/// <param name="Kind">Whose fault it is.</param>
/// <param name="Option">The option of the command, e.g. <c>--teacher</c>.</param>
/// <param name="Message">What was expected and what was found, with the file where there is one.</param>
public sealed record AuditProblem(AuditProblemKind Kind, string Option, string Message)
{
    /// <summary>One line or more: the option, then the message.</summary>
    public override string ToString() => $"{Option}: {Message}";

    /// <summary>What an exception says. .NET adds the parameter's name, which says nothing to who typed a command.</summary>
    internal static string MessageOf(Exception e) =>
        e is ArgumentException { ParamName: { } name } ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message;
}
