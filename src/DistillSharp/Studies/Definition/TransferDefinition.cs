using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>What distilled students see while they learn from the teacher.</summary>
/// <param name="Name">One of <see cref="TransferKinds"/>.</param>
/// <param name="Options">A value for every option that it has.</param>
/// <param name="Path">The folder of the other data set, absolute; null for the usual place, or where there is none.</param>
/// <param name="Fingerprint">Identifies the content of the other data set; empty where there is none.</param>
public sealed record TransferDefinition(string Name, OptionValues Options, string? Path, string Fingerprint) : ConfiguredDefinition(Name, Options)
{
    /// <summary>The teacher's own training images with their labels.</summary>
    public static TransferDefinition Own { get; } = new(TransferKinds.Own, new OptionValues([]), null, "");

    /// <summary>How the other data set is read. It follows from the study's data; see <see cref="DataDefinition.Reading"/>.</summary>
    public ReadingDefinition Reading { get; init; } = ReadingDefinition.Usual;

    /// <summary>True for the teacher's own training images.</summary>
    public bool IsOwn => Name == TransferKinds.Own;
}
