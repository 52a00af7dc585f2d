using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>Records what named submodules give out, without changing the model, until it is disposed.</summary>
/// <example><code>
/// using var taps = new TapRecorder(model, ["layer3"]);
/// Tensor logits = model.Call(images);
/// Tensor map = taps["layer3"];
/// </code></example>
public sealed class TapRecorder : IDisposable
{
    // Slices of images pass through one network side by side: each thread sees what itself recorded.
    private readonly ThreadLocal<Dictionary<string, Tensor>> _outputs = new(() => []);
    private readonly List<(Module Module, Action<Tensor> Tap)> _installed = [];
    private bool _disposed;

    /// <summary>Starts recording.</summary>
    /// <param name="model">The model whose submodules are tapped.</param>
    /// <param name="paths">Paths of submodules, e.g. <c>layer1.0</c>.</param>
    /// <exception cref="ArgumentException">A path does not exist; the message names the nearest.</exception>
    public TapRecorder(Module model, IEnumerable<string> paths)
    {
        foreach ((string path, Module module) in paths.Distinct().Select(p => (p, model.Find(p))).ToList())
        {
            void Tap(Tensor output) => _outputs.Value![path] = output;

            module.AddTap(Tap);
            _installed.Add((module, Tap));
        }
    }

    /// <summary>What each tapped submodule gave out in this thread's latest forward pass, in its place in the graph; nothing after disposal.</summary>
    public IReadOnlyDictionary<string, Tensor> Outputs => _disposed ? new Dictionary<string, Tensor>() : _outputs.Value!;

    /// <summary>What one tapped submodule gave out.</summary>
    /// <exception cref="InvalidOperationException">The model has not been evaluated since recording began, or does not pass through it.</exception>
    public Tensor this[string path] => Outputs.TryGetValue(path, out Tensor? output)
        ? output
        : throw new InvalidOperationException($"Nothing was recorded at '{path}': the model was not evaluated, or its forward pass does not go through this layer.");

    /// <summary>Forgets what was recorded on this thread; the taps stay.</summary>
    public void Clear() => _outputs.Value!.Clear();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((Module module, Action<Tensor> tap) in _installed)
        {
            module.RemoveTap(tap);
        }

        _installed.Clear();
        if (!_disposed)
        {
            _disposed = true;
            _outputs.Dispose();
        }
    }
}
