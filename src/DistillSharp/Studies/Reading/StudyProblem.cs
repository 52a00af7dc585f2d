using System.Globalization;

namespace DistillSharp.Studies;

/// <summary>Something wrong, or worth a warning, at a place in a study's file.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Line">The line, from 1; 0 where the problem is the file itself.</param>
/// <param name="Column">The column, from 1; 0 where the problem is the file itself.</param>
/// <param name="Path">The key, e.g. <c>students.methods[2].hint.weight</c>; empty for the whole study.</param>
/// <param name="Message">What was expected, what was found, and the nearest valid name. Begins with the path.</param>
public sealed record StudyProblem(string File, int Line, int Column, string Path, string Message)
{
    /// <summary><c>file:line:column: message</c>, which editors and terminals turn into a link.</summary>
    public override string ToString() => Line == 0
        ? $"{File}: {Message}"
        : string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {Message}");
}
