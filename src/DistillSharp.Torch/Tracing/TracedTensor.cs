using DistillSharp.Torch.Internal;

namespace DistillSharp.Torch;

/// <summary>A tensor that an operator took or gave while an <see cref="OperatorTrace"/> was open. It lives as long as the trace.</summary>
public sealed unsafe class TracedTensor
{
    internal TracedTensor(Tensor value, OperatorCall? producer)
    {
        Value = value;
        Producer = producer;
        Shape = value.Shape;
        DType = value.DType;
        (Begin, End) = Extent(value);
    }

    /// <summary>The tensor, in the same memory: what an operator in place changes later, changes here too.</summary>
    public Tensor Value { get; }

    /// <summary>The call that gave it; null for what was there before, or was made without an operator.</summary>
    public OperatorCall? Producer { get; }

    /// <summary>The sizes of the dimensions.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The type of the elements.</summary>
    public DType DType { get; }

    private nint Begin { get; }

    private nint End { get; }

    /// <summary>True where the two may have an element in common: one is a view of the other, or both are of a third.</summary>
    public bool SharesMemoryWith(TracedTensor other) => Begin < other.End && other.Begin < End;

    /// <summary>Where a tensor's elements begin and end in memory; no extent where there are none.</summary>
    private static (nint Begin, nint End) Extent(Tensor tensor)
    {
        if (tensor.ElementCount == 0)
        {
            return default;
        }

        long last = 0;
        foreach ((long size, long stride) in tensor.Shape.Zip(tensor.Strides))
        {
            last += (size - 1) * stride;
        }

        nint begin = (nint)tensor.Data;
        return (begin, begin + (nint)((last + 1) * tensor.DType.Size()));
    }
}
