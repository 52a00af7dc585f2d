using DistillSharp.Torch;

namespace DistillSharp.Export;

/// <summary>
/// Two traces of one network with batches of different size and content, call beside call: what differs depends on the batch.
/// </summary>
internal sealed class TracePair
{
    private readonly NetworkTrace _first;
    private readonly Dictionary<TracedTensor, TracedTensor> _partners = [];
    private readonly HashSet<TracedTensor> _dependent = [];

    /// <summary>Sets two traces beside each other.</summary>
    /// <param name="first">With <see cref="NetworkTrace.FirstBatch"/> images.</param>
    /// <param name="second">With one image more.</param>
    /// <exception cref="OnnxExportException">The network makes other calls for another batch.</exception>
    public TracePair(NetworkTrace first, NetworkTrace second)
    {
        _first = first;
        Images = first.Images ?? throw new OnnxExportException("The network does not look at its input, so there is nothing to export.");
        Logits = first.Logits ?? throw new OnnxExportException("The network's logits come from no operator, so there is nothing to export.");
        Pair(Images, second.Images!);
        _dependent.Add(Images);
        for (int i = 0; i < first.Calls.Count; i++)
        {
            OperatorCall call = first.Calls[i];
            OperatorCall? other = i < second.Calls.Count ? second.Calls[i] : null;
            if (other?.Operator != call.Operator || other.Inputs.Count() != call.Inputs.Count() || other.Results.Count != call.Results.Count)
            {
                throw DiffersWithBatch(i, $"it calls {call} in one batch and {other?.ToString() ?? "nothing"} in another");
            }

            foreach ((TracedTensor mine, TracedTensor theirs) in call.Inputs.Zip(other.Inputs).Concat(call.Results.Zip(other.Results)))
            {
                Pair(mine, theirs);
            }

            if (call.Inputs.Any(_dependent.Contains) || call.Results.Any(r => !Shape(r).All(s => s.IsFixed)))
            {
                _dependent.UnionWith(call.Results);
            }
        }

        Second = second;
    }

    /// <summary>The images.</summary>
    public TracedTensor Images { get; }

    /// <summary>The logits.</summary>
    public TracedTensor Logits { get; }

    /// <summary>The first trace's calls.</summary>
    public IReadOnlyList<OperatorCall> Calls => _first.Calls;

    /// <summary>The second trace, whose calls stand at the same places.</summary>
    public NetworkTrace Second { get; }

    /// <summary>Where a call was made, in words, e.g. <c>in or on the way to the layer 'layer1.0.conv1'</c>.</summary>
    public string Place(int call) => Layer(call) is { Length: > 0 } layer ? $"in or on the way to the layer '{layer}'" : "in the network itself, outside its layers";

    /// <summary>The path of the layer that a call was made in or on the way to.</summary>
    public string Layer(int call) => _first.Layers[call];

    /// <summary>True where the tensor depends on the images or on how many they are; false for constants.</summary>
    public bool DependsOnBatch(TracedTensor tensor) => _dependent.Contains(tensor);

    /// <summary>The sizes of a tensor for every batch.</summary>
    public BatchedSize[] Shape(TracedTensor tensor)
    {
        TracedTensor other = _partners[tensor];
        return other.Shape.Count == tensor.Shape.Count
            ? [.. tensor.Shape.Zip(other.Shape, BatchedSize.Of)]
            : throw new OnnxExportException($"The network cannot be exported: a tensor has {tensor.Shape.Count} dimensions in one batch and {other.Shape.Count} in another.");
    }

    /// <summary>True where a constant has the same elements in both traces.</summary>
    public bool IsConstant(TracedTensor tensor)
    {
        TracedTensor other = _partners[tensor];
        using var scope = new TensorScope();
        return ReferenceEquals(other, tensor) || (tensor.Value.Shape.SequenceEqual(other.Value.Shape) && tensor.Value.Equal(other.Value));
    }

    /// <summary>
    /// The calls that the logits need and that depend on the batch, in their order.
    /// </summary>
    /// <exception cref="OnnxExportException">A call changes a tensor in place that others still see under its old value.</exception>
    public IReadOnlyList<int> NeededCalls()
    {
        var needed = new HashSet<TracedTensor> { Logits };
        var calls = new List<int>();
        for (int i = Calls.Count - 1; i >= 0; i--)
        {
            // What only hands its argument through has no part in it.
            if (Calls[i].Results.Except(Calls[i].Inputs).Any(t => needed.Contains(t) && DependsOnBatch(t)))
            {
                needed.UnionWith(Calls[i].Inputs.Where(DependsOnBatch));
                calls.Add(i);
            }
        }

        calls.Reverse();
        CheckInPlace(calls);
        return calls;
    }

    /// <summary>The error for what is not the same function for every batch.</summary>
    public OnnxExportException DiffersWithBatch(int call, string how) =>
        new($"The network cannot be exported: {Place(call)} it does not compute the same for every batch: {how}.");

    // A call in place gives its first argument a new value. Whoever looks at the same memory through another tensor would see the
    // change in libtorch and not in the graph: refused rather than written wrongly.
    private void CheckInPlace(List<int> needed)
    {
        for (int i = 0; i < Calls.Count; i++)
        {
            OperatorCall changing = Calls[i];
            if (!changing.IsInPlace)
            {
                continue;
            }

            foreach (TracedTensor changed in changing.Results)
            {
                int at = i;
                bool isSeen = IsOldView(Logits, changed, at) || needed.Any(n => n != at && Calls[n].Inputs.Any(t =>
                    n > at ? IsOldView(t, changed, at) : !DependsOnBatch(t) && t.SharesMemoryWith(changed)));
                if (isSeen)
                {
                    throw new OnnxExportException($"The network cannot be exported: {changing.Operator}, {Place(i)}, changes a tensor in place that other operators look at under another name. Use the operator that gives a new tensor.");
                }
            }
        }
    }

    // What comes out of a changed tensor after the change holds the change already.
    private bool IsOldView(TracedTensor tensor, TracedTensor changed, int change) =>
        tensor != changed && tensor.SharesMemoryWith(changed) && !Calls.Skip(change + 1).Any(c => c.Results.Contains(tensor) && !c.Inputs.Contains(tensor));

    private void Pair(TracedTensor mine, TracedTensor theirs) => _partners.TryAdd(mine, theirs);
}
