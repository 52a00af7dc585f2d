using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DistillSharp.Studies.Results;

/// <summary>Reads <c>findings.json</c> of a results folder.</summary>
public static class StudyResultsFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "findings.json";

    private const int Format = 1;

    // A missing member or a null is an error with its place, not a null later on.
    private static readonly JsonSerializerOptions Strict = new(StudyResultsJson.Default.Options)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads the results of a finished study.</summary>
    /// <param name="folder">The results folder.</param>
    /// <exception cref="FileNotFoundException">The folder holds no findings.</exception>
    /// <exception cref="InvalidDataException">The file is broken or of another format; the message names it and the place.</exception>
    public static StudyResults Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: expected the findings of a finished study or audit, found no such file. Run it to its end first, or name another folder.");
        }

        var type = (JsonTypeInfo<StudyResults>)Strict.GetTypeInfo(typeof(StudyResults));
        StudyResults results = ResultsJson.Read(path, type, "findings", "Run the study or audit again: what is trained and measured stays.");
        return results.Format == Format && !results.Findings.Any(f => f is null) && !results.Models.Any(m => m is null)
            ? results
            : throw new InvalidDataException(results.Format == Format
                ? $"{path}: expected no null among the findings and models, found one."
                : FormattableString.Invariant($"{path}: expected format {Format}, found format {results.Format}."));
    }
}
