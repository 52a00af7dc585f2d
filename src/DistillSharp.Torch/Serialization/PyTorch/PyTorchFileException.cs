namespace DistillSharp.Torch.Serialization;

/// <summary>A file is not one that <c>torch.save</c> writes, is damaged, or holds what is not read here. Nothing in it was run.</summary>
public sealed class PyTorchFileException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="file">The file.</param>
    /// <param name="place">Where in it.</param>
    /// <param name="expected">What should be there.</param>
    /// <param name="found">What is there.</param>
    public PyTorchFileException(string file, string place, string expected, string found)
        : base($"'{file}' is not a readable PyTorch file. {place}: expected {expected}, found {found}.")
    {
        File = file;
        Place = place;
    }

    private PyTorchFileException(string file, string place, string refusal)
        : base($"'{file}' was refused. {place}: {refusal}")
    {
        File = file;
        Place = place;
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Where in the file: the container, a byte of a pickle, a storage.</summary>
    public string Place { get; }

    /// <summary>The error of a file that asks for code.</summary>
    /// <param name="file">The file.</param>
    /// <param name="place">Where in it.</param>
    /// <param name="what">What it asks for, e.g. <c>the function os.system</c>.</param>
    internal static PyTorchFileException Code(string file, string place, string what) => new(
        file,
        place,
        $"it asks for {what}, which is neither a tensor nor a plain container. Nothing was run. " +
        "Where you trust the file, save the state dict alone in Python: torch.save(model.state_dict(), path).");
}
