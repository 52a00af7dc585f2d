using DistillSharp.Torch.Internal;

namespace DistillSharp.Torch;

/// <summary>
/// An n-dimensional array in native memory. Made inside a <see cref="TensorScope"/>, it is freed with the scope;
/// made outside, by <see cref="Dispose"/>; the garbage collector frees one that was forgotten, but late.
/// </summary>
public sealed unsafe partial class Tensor : IDisposable
{
    private nint _handle;
    private object? _owner; // the TensorScope that frees it, or the SafetyNet that does if the caller forgets

    internal Tensor(nint handle)
    {
        _handle = handle;
        if (TensorScope.Current is { } scope)
        {
            scope.Add(this);
        }
        else
        {
            _owner = new SafetyNet(this);
        }
    }

    /// <summary>How many tensors C# holds in native memory, all threads together.</summary>
    public static long LiveCount => Native.LiveTensors();

    /// <summary>The sizes of the dimensions.</summary>
    public long[] Shape
    {
        get
        {
            var sizes = new long[Dimensions];
            fixed (long* s = sizes)
            {
                Native.Check(Native.TensorShape(Handle, s, null));
            }

            GC.KeepAlive(this);
            return sizes;
        }
    }

    /// <summary>The steps, in elements, from one index to the next of each dimension.</summary>
    public long[] Strides
    {
        get
        {
            var sizes = new long[Dimensions];
            var strides = new long[Dimensions];
            fixed (long* s = sizes, t = strides)
            {
                Native.Check(Native.TensorShape(Handle, s, t));
            }

            GC.KeepAlive(this);
            return strides;
        }
    }

    /// <summary>How many dimensions; 0 for a single number.</summary>
    public int Dimensions
    {
        get
        {
            int value = (int)Native.TensorDimensions(Handle);
            GC.KeepAlive(this);
            return value;
        }
    }

    /// <summary>How many elements.</summary>
    public long ElementCount
    {
        get
        {
            long value = Native.TensorCount(Handle);
            GC.KeepAlive(this);
            return value;
        }
    }

    /// <summary>The type of the elements.</summary>
    public DType DType
    {
        get
        {
            DType value = (DType)Native.TensorDType(Handle);
            GC.KeepAlive(this);
            return value;
        }
    }

    /// <summary>Where the tensor lives.</summary>
    public Device Device
    {
        get
        {
            Device value = Device.FromPacked(Native.TensorDevice(Handle));
            GC.KeepAlive(this);
            return value;
        }
    }

    /// <summary>True where the elements lie row-major without gaps.</summary>
    public bool IsContiguous
    {
        get
        {
            bool value = Native.TensorIsContiguous(Handle) != 0;
            GC.KeepAlive(this);
            return value;
        }
    }

    /// <summary>True once freed.</summary>
    public bool IsDisposed => _handle == 0;

    internal nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Tensor), "The tensor was freed, by Dispose or with its scope. TensorScope.Keep hands one out of a scope.");

    internal TensorScope? Scope => _owner as TensorScope;

    internal int ScopeIndex { get; private set; }

    /// <summary>The size of one dimension; negative counts from the last.</summary>
    public long Size(int dimension)
    {
        int count = Dimensions;
        int index = dimension < 0 ? dimension + count : dimension;
        if ((uint)index >= (uint)count)
        {
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, $"The tensor has {count} dimensions.");
        }

        long* sizes = stackalloc long[count];
        Native.Check(Native.TensorShape(Handle, sizes, null));
        GC.KeepAlive(this);
        return sizes[index];
    }

    /// <summary>Takes the tensor out of every scope: it lives until <see cref="Dispose"/>. For parameters and other lasting state.</summary>
    public Tensor Unscoped()
    {
        if (Scope is { } scope)
        {
            scope.Remove(this);
            LeaveToCaller();
        }

        return this;
    }

    /// <summary>A second handle to the same memory and the same place in the graph.</summary>
    public Tensor AliasHandle()
    {
        nint alias;
        Native.Check(Native.TensorAlias(Handle, &alias));
        GC.KeepAlive(this);
        return new Tensor(alias);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Scope?.Remove(this);
        Release();
    }

    /// <summary>Element type, shape and device, e.g. <c>Float32 [2, 3] cpu</c>.</summary>
    public override string ToString() => IsDisposed ? "freed tensor" : $"{DType} [{string.Join(", ", Shape)}] {Device}";

    internal void EnterScope(TensorScope scope, int index)
    {
        _owner = scope;
        ScopeIndex = index;
    }

    internal void MoveInScope(int index) => ScopeIndex = index;

    internal void LeaveScope() => _owner = null;

    internal void LeaveToCaller() => _owner = new SafetyNet(this);

    internal void DisposeFromScope()
    {
        _owner = null;
        Release();
    }

    internal void Release()
    {
        nint handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            Native.TensorFree(handle);
            (_owner as SafetyNet)?.Remove();
        }
    }

    /// <summary>
    /// Frees a tensor that no scope owns when the collector finds it unreachable, and tells the collector of its native size.
    /// A tensor in a scope has none: objects with a finalizer are several times as expensive to make, and the scope frees its tensors.
    /// </summary>
    private sealed class SafetyNet
    {
        private const long SmallestReported = 1024;

        private readonly Tensor _tensor;
        private readonly long _bytes;

        public SafetyNet(Tensor tensor)
        {
            _tensor = tensor;
            long bytes = Native.TensorCount(tensor._handle) * Native.TensorElementSize(tensor._handle);
            if (bytes >= SmallestReported)
            {
                _bytes = bytes;
                GC.AddMemoryPressure(bytes);
            }
        }

        ~SafetyNet() => _tensor.Release();

        public void Remove()
        {
            GC.SuppressFinalize(this);
            if (_bytes > 0)
            {
                GC.RemoveMemoryPressure(_bytes);
            }
        }
    }
}
