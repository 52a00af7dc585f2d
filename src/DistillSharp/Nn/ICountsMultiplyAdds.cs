namespace DistillSharp.Nn;

/// <summary>
/// A module that multiplies and adds by itself, apart from what its submodules do: convolutions, linear layers, products of matrices.
/// Norms, activations, pooling and sums of maps are not counted, as is usual in the field.
/// </summary>
public interface ICountsMultiplyAdds
{
    /// <summary>How many products are formed and added up in one call.</summary>
    /// <param name="output">The shape of what the call gave out, with the batch dimension.</param>
    long MultiplyAdds(ReadOnlySpan<long> output);
}
