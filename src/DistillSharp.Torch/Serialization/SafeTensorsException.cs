namespace DistillSharp.Torch.Serialization;

/// <summary>A file is not a sound safetensors file, or holds what this engine does not read.</summary>
public sealed class SafeTensorsException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="file">The file.</param>
    /// <param name="place">Where in it.</param>
    /// <param name="expected">What should be there.</param>
    /// <param name="found">What is there.</param>
    public SafeTensorsException(string file, string place, string expected, string found)
        : base($"'{file}' is not a readable safetensors file. {place}: expected {expected}, found {found}.")
    {
        File = file;
        Place = place;
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Where in the file: the header's length, a byte of the header, a tensor's field, or the data.</summary>
    public string Place { get; }
}
