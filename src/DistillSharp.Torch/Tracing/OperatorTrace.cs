using DistillSharp.Torch.Internal;

namespace DistillSharp.Torch;

/// <summary>
/// Writes down every operator that this thread calls, with arguments and results, until it is stopped: what a network computes, without
/// a line in the network about it. While none is open, a call pays for one look at a field.
/// </summary>
/// <example><code>
/// using var trace = new OperatorTrace();
/// Tensor logits = network.Call(images);
/// trace.Stop();
/// foreach (OperatorCall call in trace.Calls) { ... }
/// </code></example>
/// <remarks>
/// Every tensor that was seen stays in memory until the trace is disposed. A call that failed is not in it. What is read or written
/// without an operator (<see cref="Tensor.AsSpan"/>, <see cref="Tensor.Item"/>) is not seen.
/// </remarks>
public sealed unsafe class OperatorTrace : IDisposable
{
    [ThreadStatic]
    private static OperatorTrace? s_current;

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<OperatorCall> _calls = [];
    private readonly List<Tensor> _kept = [];
    private readonly Dictionary<nint, TracedTensor> _tensors = [];

    /// <summary>Opens a trace on this thread.</summary>
    /// <exception cref="InvalidOperationException">One is open here already.</exception>
    public OperatorTrace()
    {
        if (s_current is not null)
        {
            throw new InvalidOperationException("A trace is open on this thread already; stop it first.");
        }

        s_current = this;
    }

    /// <summary>The calls so far, in their order.</summary>
    public IReadOnlyList<OperatorCall> Calls => _calls;

    internal static OperatorTrace? Current => s_current;

    /// <summary>What a tensor was at last in the trace; null where no call took or gave it.</summary>
    public TracedTensor? Find(Tensor tensor)
    {
        TracedTensor? found = _tensors.GetValueOrDefault(tensor.Handle);
        GC.KeepAlive(tensor);
        return found;
    }

    /// <summary>Ends the recording; what was recorded stays until disposal. Doing it twice does nothing more.</summary>
    /// <exception cref="InvalidOperationException">The trace was opened on another thread.</exception>
    public void Stop()
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("A trace is stopped on the thread that opened it.");
        }

        if (s_current == this)
        {
            s_current = null;
        }
    }

    /// <summary>Stops, and frees what was kept.</summary>
    public void Dispose()
    {
        Stop();
        _kept.ForEach(t => t.Dispose());
        _kept.Clear();
        _tensors.Clear();
    }

    internal void Record(OperatorSchema schema, Value* arguments, int argumentCount, Value* results, int resultCount)
    {
        s_current = null;
        try
        {
            var values = new object?[schema.Arguments.Count];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = i >= argumentCount || arguments[i].IsLeftOut ? OperatorCall.Default(schema.Arguments[i]) : arguments[i].Decode(Input);
            }

            var call = new OperatorCall(schema, values);
            var given = new List<TracedTensor>();
            if (schema.IsInPlace)
            {
                // The tensor is the same and its value a new one: calls from here on take that.
                foreach (nint handle in Handles(arguments[0]))
                {
                    given.Add(_tensors[handle] = new TracedTensor(_tensors[handle].Value, call));
                }
            }

            for (int i = 0; i < resultCount; i++)
            {
                foreach (nint handle in Handles(results[i]))
                {
                    given.Add(Tensor(handle, call));
                }
            }

            call.Results = given;
            _calls.Add(call);
        }
        finally
        {
            s_current = this;
        }
    }

    private static List<nint> Handles(Value value)
    {
        var handles = new List<nint>();
        value.Decode<object>(handle =>
        {
            handles.Add(handle);
            return "";
        });
        return handles;
    }

    private TracedTensor Input(nint handle) => Tensor(handle, null);

    // Handles name tensors without doubt, since no tensor that the trace keeps can be freed and its handle given out again. An operator
    // that has nothing to do (contiguous, dropout in evaluation) gives back the tensor that it took: that stays what it is.
    private TracedTensor Tensor(nint handle, OperatorCall? producer)
    {
        if (!_tensors.TryGetValue(handle, out TracedTensor? tensor))
        {
            tensor = new TracedTensor(Keep(handle), producer);
            _tensors.Add(handle, tensor);
        }

        return tensor;
    }

    private Tensor Keep(nint handle)
    {
        nint alias;
        Native.Check(Native.TensorAlias(handle, &alias));
        Tensor kept = new Tensor(alias).Unscoped();
        _kept.Add(kept);
        return kept;
    }
}
