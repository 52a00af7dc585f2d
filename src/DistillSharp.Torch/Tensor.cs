using DistillSharp.Torch.Internal;

namespace DistillSharp.Torch;

/// <summary>
/// An n-dimensional array in native memory. Made inside a <see cref="TensorScope"/>, it is freed with the scope;
/// made outside, by <see cref="Dispose"/>. The finalizer is a safety net only.
/// </summary>
public sealed unsafe partial class Tensor : IDisposable
{
    private nint _handle;
    private long _pressure;

    internal Tensor(nint handle)
    {
        if (handle == 0)
        {
            GC.SuppressFinalize(this);
            throw new TorchException("libtorch gave back an undefined tensor.");
        }

        _handle = handle;
        if (TensorScope.Current is { } scope)
        {
            scope.Add(this);
        }
        else
        {
            AddPressure();
        }
    }

    /// <summary>Frees the native tensor if neither a scope nor <see cref="Dispose"/> did.</summary>
    ~Tensor() => Release();

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
    public int Dimensions => (int)Native.TensorDimensions(Handle);

    /// <summary>How many elements.</summary>
    public long ElementCount => Native.TensorCount(Handle);

    /// <summary>The type of the elements.</summary>
    public DType DType => (DType)Native.TensorDType(Handle);

    /// <summary>Where the tensor lives.</summary>
    public Device Device => Device.FromPacked(Native.TensorDevice(Handle));

    /// <summary>True where the elements lie row-major without gaps.</summary>
    public bool IsContiguous => Native.TensorIsContiguous(Handle) != 0;

    /// <summary>True once freed.</summary>
    public bool IsDisposed => _handle == 0;

    internal nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Tensor), "The tensor was freed, by Dispose or with its scope. TensorScope.Keep hands one out of a scope.");

    internal TensorScope? Scope { get; set; }

    internal int ScopeIndex { get; set; }

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
            LeaveScopes();
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
        GC.SuppressFinalize(this);
    }

    /// <summary>Element type, shape and device, e.g. <c>Float32 [2, 3] cpu</c>.</summary>
    public override string ToString() => IsDisposed ? "freed tensor" : $"{DType} [{string.Join(", ", Shape)}] {Device}";

    internal void LeaveScopes()
    {
        Scope = null;
        AddPressure();
    }

    internal void DisposeFromScope()
    {
        Scope = null;
        Release();
        GC.SuppressFinalize(this);
    }

    // Only what the collector can free by finalising is worth telling it of; a scope frees its tensors itself.
    private void AddPressure()
    {
        long bytes = Native.TensorCount(_handle) * Native.TensorElementSize(_handle);
        if (bytes >= 1024 && _pressure == 0)
        {
            _pressure = bytes;
            GC.AddMemoryPressure(bytes);
        }
    }

    private void Release()
    {
        nint handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            Native.TensorFree(handle);
            if (_pressure > 0)
            {
                GC.RemoveMemoryPressure(_pressure);
                _pressure = 0;
            }
        }
    }
}
