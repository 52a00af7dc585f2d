using DistillSharp.Torch.Internal;

namespace DistillSharp.Torch;

/// <summary>Gradients, and scopes in which none are recorded.</summary>
public static unsafe class Autograd
{
    /// <summary>True where operations on this thread are recorded for gradients.</summary>
    public static bool IsRecording => Native.GradModeEnabled() != 0;

    /// <summary>Nothing is recorded until the scope is disposed.</summary>
    public static GradModeScope NoGrad() => new(enabled: false);

    /// <summary>Operations are recorded until the scope is disposed, also within <see cref="NoGrad"/>.</summary>
    public static GradModeScope EnableGrad() => new(enabled: true);

    /// <summary>The cheapest way to evaluate: nothing is recorded, and what is made can never enter a recorded operation.</summary>
    public static InferenceScope Inference() => new();

    /// <summary>Adds the gradients of a scalar to <see cref="Tensor.Grad"/> of every leaf that asked for them.</summary>
    /// <param name="loss">A tensor of one element.</param>
    /// <param name="keepGraph">True to go backward through the same graph again later.</param>
    public static void Backward(this Tensor loss, bool keepGraph = false)
    {
        nint handle = loss.Handle;
        Native.Check(Native.Backward(&handle, null, 1, keepGraph ? 1 : 0, 0));
        GC.KeepAlive(loss);
    }

    /// <summary>The gradients of <paramref name="output"/> with respect to chosen tensors; nothing is added to any <see cref="Tensor.Grad"/>.</summary>
    /// <param name="output">A scalar, or a tensor that <paramref name="outputGradient"/> weights.</param>
    /// <param name="inputs">Tensors that the output depends on and that require gradients.</param>
    /// <param name="outputGradient">The gradient of some scalar with respect to the output, of its shape; null for a scalar output.</param>
    /// <param name="keepGraph">True to go backward through the same graph again later.</param>
    /// <param name="createGraph">True to make the gradients themselves differentiable.</param>
    /// <exception cref="TorchException">An input has no part in the output.</exception>
    public static Tensor[] Gradients(Tensor output, ReadOnlySpan<Tensor> inputs, Tensor? outputGradient = null, bool keepGraph = false, bool createGraph = false)
    {
        nint outputHandle = output.Handle;
        nint gradientHandle = outputGradient?.Handle ?? 0;
        var inputHandles = new nint[inputs.Length];
        var resultHandles = new nint[inputs.Length];
        Value.Handles(inputs, inputHandles);
        fixed (nint* i = inputHandles, r = resultHandles)
        {
            Native.Check(Native.Gradients(&outputHandle, &gradientHandle, 1, i, inputs.Length, keepGraph ? 1 : 0, createGraph ? 1 : 0, 0, r));
        }

        GC.KeepAlive(output);
        GC.KeepAlive(outputGradient);
        Value.KeepAlive(inputs);
        return Array.ConvertAll(resultHandles, h => new Tensor(h));
    }
}

/// <summary>Sets back, when disposed, whether operations are recorded.</summary>
/// <remarks>Scopes are closed on the thread that opened them, innermost first: <c>using</c> does both.</remarks>
public readonly struct GradModeScope : IDisposable
{
    private readonly int _before;

    internal GradModeScope(bool enabled)
    {
        _before = Native.GradModeEnabled();
        Native.GradModeSet(enabled ? 1 : 0);
    }

    /// <inheritdoc/>
    public void Dispose() => Native.GradModeSet(_before);
}

/// <summary>Leaves inference mode when disposed.</summary>
public sealed class InferenceScope : IDisposable
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private nint _guard;

    /// <summary>Enters inference mode on this thread.</summary>
    public InferenceScope() => _guard = Native.InferenceModeEnter();

    /// <summary>Leaves inference mode; doing it twice does nothing more.</summary>
    /// <exception cref="InvalidOperationException">The scope was opened on another thread.</exception>
    public void Dispose()
    {
        if (_guard == 0)
        {
            return;
        }

        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("An inference scope is closed on the thread that opened it; no await may stand between the two.");
        }

        Native.InferenceModeLeave(_guard);
        _guard = 0;
    }
}

/// <content>What autograd knows of a tensor.</content>
public sealed unsafe partial class Tensor
{
    /// <summary>True where gradients with respect to this tensor are recorded.</summary>
    public bool RequiresGrad
    {
        get
        {
            bool required = Native.TensorRequiresGrad(Handle) != 0;
            GC.KeepAlive(this);
            return required;
        }

        set
        {
            Native.Check(Native.TensorSetRequiresGrad(Handle, value ? 1 : 0));
            GC.KeepAlive(this);
        }
    }

    /// <summary>True for a tensor that no recorded operation made.</summary>
    public bool IsLeaf
    {
        get
        {
            bool value = Native.TensorIsLeaf(Handle) != 0;
            GC.KeepAlive(this);
            return value;
        }
    }

    /// <summary>True for a tensor made in inference mode.</summary>
    public bool IsInference
    {
        get
        {
            bool value = Native.TensorIsInference(Handle) != 0;
            GC.KeepAlive(this);
            return value;
        }
    }

    /// <summary>The gradient gathered by <see cref="Autograd.Backward"/>; null where there is none. Each read is a new handle. One that is set has this tensor's type, shape and device.</summary>
    /// <exception cref="TorchException">The gradient set has another type, shape or device.</exception>
    public Tensor? Grad
    {
        get
        {
            nint grad;
            Native.Check(Native.TensorGrad(Handle, &grad));
            GC.KeepAlive(this);
            return grad == 0 ? null : new Tensor(grad);
        }

        set
        {
            Native.Check(Native.TensorSetGrad(Handle, value?.Handle ?? 0));
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }
    }
}
