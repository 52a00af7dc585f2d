using DistillSharp.Torch.Internal;

namespace DistillSharp.Torch;

/// <summary>A seeded source of random numbers with a state that can be read and set back.</summary>
public sealed unsafe class Generator : IDisposable
{
    private nint _handle;

    /// <summary>Makes a generator.</summary>
    /// <param name="seed">The same seed gives the same numbers.</param>
    /// <param name="device">Where the numbers are drawn; the CPU by default.</param>
    public Generator(ulong seed, Device? device = null)
    {
        nint handle;
        Native.Check(Native.GeneratorNew((device ?? Device.Cpu).Packed, seed, &handle));
        _handle = handle;
        Device = device ?? Device.Cpu;
    }

    /// <summary>Frees the native generator if <see cref="Dispose"/> did not.</summary>
    ~Generator() => Release();

    /// <summary>Where the numbers are drawn.</summary>
    public Device Device { get; }

    internal nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(Generator), "The generator was freed.");

    /// <summary>Starts anew from a seed.</summary>
    public void Seed(ulong seed)
    {
        Native.Check(Native.GeneratorSeed(Handle, seed));
        GC.KeepAlive(this);
    }

    /// <summary>The state as a tensor of bytes.</summary>
    public Tensor GetState()
    {
        nint state;
        Native.Check(Native.GeneratorState(Handle, &state));
        GC.KeepAlive(this);
        return new Tensor(state);
    }

    /// <summary>Goes back to a state that <see cref="GetState"/> gave.</summary>
    public void SetState(Tensor state)
    {
        Native.Check(Native.GeneratorSetState(Handle, state.Handle));
        GC.KeepAlive(this);
        GC.KeepAlive(state);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        nint handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0)
        {
            Native.GeneratorFree(handle);
        }
    }
}
