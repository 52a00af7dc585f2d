namespace DistillSharp.Torch;

/// <summary>
/// Frees, when disposed, every tensor made on this thread since it was opened, but those kept. Scopes nest.
/// </summary>
/// <example><code>
/// using var scope = new TensorScope();
/// Tensor loss = (a - b).Square().Mean();
/// return scope.Keep(loss); // goes to the enclosing scope, or to the caller where there is none
/// </code></example>
public sealed class TensorScope : IDisposable
{
    [ThreadStatic]
    private static TensorScope? s_current;

    private readonly TensorScope? _parent;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<Tensor?> _tensors = [];
    private bool _disposed;

    /// <summary>Opens a scope on this thread.</summary>
    public TensorScope()
    {
        _parent = s_current;
        s_current = this;
    }

    internal static TensorScope? Current => s_current;

    /// <summary>How many tensors the scope would free now.</summary>
    public int Count => _tensors.Count(t => t is not null);

    /// <summary>Hands a tensor of this scope to the enclosing scope; to the caller, who then disposes it, where there is none.</summary>
    public Tensor Keep(Tensor tensor)
    {
        if (tensor.Scope == this)
        {
            Remove(tensor);
            if (_parent is not null)
            {
                _parent.Add(tensor);
            }
            else
            {
                tensor.LeaveScopes();
            }
        }

        return tensor;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        if (Environment.CurrentManagedThreadId != _thread || s_current != this)
        {
            throw new InvalidOperationException("A tensor scope is closed on the thread that opened it, innermost first.");
        }

        _disposed = true;
        s_current = _parent;
        foreach (Tensor? tensor in _tensors)
        {
            tensor?.DisposeFromScope();
        }

        _tensors.Clear();
    }

    internal void Add(Tensor tensor)
    {
        tensor.Scope = this;
        tensor.ScopeIndex = _tensors.Count;
        _tensors.Add(tensor);
    }

    internal void Remove(Tensor tensor)
    {
        _tensors[tensor.ScopeIndex] = null;
        tensor.Scope = null;
    }
}
