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
    private const int FirstCapacity = 64;
    private const int MostSpared = 1 << 16;

    [ThreadStatic]
    private static TensorScope? s_current;

    // The list of the scope that was closed last, for the next one.
    [ThreadStatic]
    private static Tensor?[]? s_spare;

    private readonly TensorScope? _parent;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private Tensor?[] _tensors;
    private int _count;
    private bool _disposed;

    /// <summary>Opens a scope on this thread.</summary>
    public TensorScope()
    {
        _parent = s_current;
        _tensors = s_spare ?? [];
        s_spare = null;
        s_current = this;
    }

    /// <summary>Frees what a thread that ended with its scope open left behind.</summary>
    ~TensorScope() => FreeTensors();

    /// <summary>How many tensors the scope would free now.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            for (int i = 0; i < _count; i++)
            {
                count += _tensors[i]!.Scope == this ? 1 : 0;
            }

            return count;
        }
    }

    internal static TensorScope? Current => s_current;

    /// <summary>
    /// Hands a tensor of this scope to the enclosing scope; to the caller, who then disposes it, where there is none.
    /// A tensor of another scope, or of none, stays where it is.
    /// </summary>
    /// <exception cref="InvalidOperationException">The scope was opened on another thread.</exception>
    public Tensor Keep(Tensor tensor)
    {
        if (tensor.Scope != this)
        {
            return tensor;
        }

        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("A tensor is kept on the thread that opened its scope; Tensor.Unscoped works on any.");
        }

        Remove(tensor);
        if (_parent is not null)
        {
            _parent.Add(tensor);
        }
        else
        {
            tensor.LeaveToCaller();
        }

        return tensor;
    }

    /// <summary>Frees the scope's tensors; doing it twice does nothing more.</summary>
    /// <exception cref="InvalidOperationException">A scope inside this one is still open, or this is not the thread that opened it. Nothing was freed.</exception>
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
        Tensor?[] list = _tensors;
        FreeTensors();
        if (list.Length <= MostSpared)
        {
            s_spare = list;
        }

        GC.SuppressFinalize(this);
    }

    internal void Add(Tensor tensor)
    {
        if (_count == _tensors.Length)
        {
            Array.Resize(ref _tensors, Math.Max(FirstCapacity, _count * 2));
        }

        tensor.EnterScope(this, _count);
        _tensors[_count++] = tensor;
    }

    // On another thread the list is left alone: it is not locked. The closing scope passes over what is no longer its own.
    internal void Remove(Tensor tensor)
    {
        tensor.LeaveScope();
        if (Environment.CurrentManagedThreadId == _thread)
        {
            Tensor last = _tensors[--_count]!;
            _tensors[_count] = null;
            if (last != tensor)
            {
                _tensors[tensor.ScopeIndex] = last;
                last.MoveInScope(tensor.ScopeIndex);
            }
        }
    }

    private void FreeTensors()
    {
        for (int i = 0; i < _count; i++)
        {
            if (_tensors[i] is { } tensor && tensor.Scope == this)
            {
                tensor.DisposeFromScope();
            }
        }

        Array.Clear(_tensors, 0, _count);
        _count = 0;
        _tensors = [];
    }
}
