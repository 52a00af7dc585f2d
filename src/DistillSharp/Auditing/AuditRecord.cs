using System.Text.Json;
using System.Text.Json.Serialization;
using DistillSharp.Studies;
using DistillSharp.Studies.Results;

namespace DistillSharp.Auditing;

/// <summary>What an audit was, in full: <c>audit.json</c> in its results folder. It can be repeated from this file.</summary>
/// <param name="Format">Version of this layout; 1.</param>
/// <param name="Identity">Identifies models and images.</param>
/// <param name="Command">The command that was given.</param>
/// <param name="Request">The request, with absolute paths.</param>
/// <param name="DataFingerprint">Identifies the content of the data.</param>
/// <param name="Files">The models' files with their SHA-256.</param>
/// <param name="Analyses">Each analysis with the values of all its options.</param>
public sealed record AuditRecord(
    int Format,
    string Identity,
    string Command,
    AuditRequest Request,
    string DataFingerprint,
    IReadOnlyList<AuditedFile> Files,
    IReadOnlyList<string> Analyses)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "audit.json";

    /// <summary>Reads a record.</summary>
    /// <param name="path">The file, or the results folder that holds it.</param>
    /// <exception cref="InvalidDataException">The file is broken, or of another version.</exception>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static AuditRecord Read(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"{file}: expected the record of an audit, found no such file.");
        }

        AuditRecord record = ResultsJson.Read(file, AuditJson.Default.AuditRecord, "the record of an audit", "Make the audit again.");
        return record is { Format: 1, Request.IsWhole: true, Identity: not null, DataFingerprint: not null, Files: not null } && record.Files.All(f => f is { Path: not null, Sha256: not null })
            ? record
            : throw new InvalidDataException($"{file}: expected the whole record of an audit of format 1, found {(record.Format == 1 ? "one with parts missing" : $"format {record.Format}")}.");
    }

    /// <summary>What has changed since: files with other weights, other data.</summary>
    /// <param name="plan">The same request, checked now.</param>
    public IEnumerable<AuditProblem> Changes(AuditPlan plan)
    {
        if (plan.Data.Fingerprint != DataFingerprint)
        {
            yield return new AuditProblem(AuditProblemKind.File, "--repeat", $"expected the data that were audited (fingerprint {DataFingerprint}), found others ({plan.Data.Fingerprint}).");
        }

        foreach (AuditedModel model in plan.Models)
        {
            if (Files.FirstOrDefault(f => f.Path == model.Path) is { } file && file.Sha256 != model.Sha256)
            {
                yield return new AuditProblem(AuditProblemKind.File, "--repeat", $"'{model.Path}': expected the weights that were audited (SHA-256 {file.Sha256}), found others ({model.Sha256}).");
            }
        }
    }

    internal string ToJson() => JsonSerializer.Serialize(this, AuditJson.Default.AuditRecord) + "\n";
}

/// <summary>Reads and writes <c>audit.json</c>.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(AuditRecord))]
internal sealed partial class AuditJson : JsonSerializerContext;
