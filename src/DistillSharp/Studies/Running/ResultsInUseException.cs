namespace DistillSharp.Studies;

/// <summary>Another process works in the results folder.</summary>
/// <param name="folder">The folder.</param>
/// <param name="owner">Who holds it, e.g. "process 4711 since ...".</param>
public sealed class ResultsInUseException(string folder, string owner)
    : Exception($"{folder}: {owner} is working in this results folder. Wait for it, stop it, or choose another folder with --output.")
{
    /// <summary>The folder.</summary>
    public string Folder { get; } = folder;
}
