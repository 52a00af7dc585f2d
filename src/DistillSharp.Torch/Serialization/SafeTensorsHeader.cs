namespace DistillSharp.Torch.Serialization;

/// <summary>What a safetensors file says it holds.</summary>
/// <param name="Tensors">The tensors in the header's order.</param>
/// <param name="Metadata">The header's free text, <c>__metadata__</c>; empty where there is none.</param>
/// <param name="DataStart">The byte of the file at which the data begins.</param>
/// <param name="DataLength">How many bytes of data follow.</param>
public sealed record SafeTensorsHeader(
    IReadOnlyList<SafeTensorsEntry> Tensors, IReadOnlyDictionary<string, string> Metadata, long DataStart, long DataLength);

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">The type of its elements.</param>
/// <param name="Shape">The sizes of its dimensions; none for a single number.</param>
/// <param name="Begin">Its first byte, counted from the start of the data.</param>
/// <param name="End">The byte after its last.</param>
public sealed record SafeTensorsEntry(string Name, DType DType, IReadOnlyList<long> Shape, long Begin, long End);
