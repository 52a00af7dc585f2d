using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>
/// A part of a network: parameters, buffers and submodules under PyTorch's names, and a forward pass.
/// </summary>
/// <remarks>
/// Parameters and buffers live outside every <see cref="TensorScope"/> until the module is disposed.
/// A submodule is evaluated through <see cref="Call"/>, so that a <see cref="TapRecorder"/> can see what it gives out.
/// </remarks>
public abstract class Module : IDisposable
{
    private readonly List<KeyValuePair<string, Tensor>> _parameters = [];
    private readonly List<KeyValuePair<string, Tensor>> _buffers = [];
    private readonly List<KeyValuePair<string, Module>> _children = [];
    private readonly List<(string Name, Module Owner, string OwnersName)> _shared = [];
    private List<Action<Tensor>>? _taps;

    /// <summary>True while training: batch norms use the batch's statistics, dropout drops. New modules are in training mode.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>The submodules with their names, in the order of registration.</summary>
    public IReadOnlyList<KeyValuePair<string, Module>> Children => _children;

    /// <summary>Evaluates the module.</summary>
    /// <param name="input">What the kind of module takes, e.g. <c>[N, C, H, W]</c>.</param>
    public Tensor Call(Tensor input) => Tapped(Forward(input));

    /// <summary>Sets training mode here and in all submodules.</summary>
    public void Train(bool training = true)
    {
        IsTraining = training;
        foreach ((_, Module child) in _children)
        {
            child.Train(training);
        }
    }

    /// <summary>Sets evaluation mode here and in all submodules.</summary>
    public void Eval() => Train(false);

    /// <summary>Every parameter with its path, own ones first, then the submodules' in order (PyTorch's order).</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> NamedParameters() => Walk("", m => m._parameters);

    /// <summary>Every parameter, in the order of <see cref="NamedParameters"/>.</summary>
    public IReadOnlyList<Tensor> Parameters() => NamedParameters().Select(p => p.Value).ToList();

    /// <summary>How many weights there are in all parameters.</summary>
    public long ParameterCount() => Parameters().Sum(p => p.ElementCount);

    /// <summary>Every parameter and buffer with PyTorch's name, in PyTorch's order; what two modules share stands under both names.</summary>
    public IReadOnlyList<KeyValuePair<string, Tensor>> StateDict() => Walk("", m => m.SharedParameters().Concat(m._parameters).Concat(m._buffers)).ToList();

    /// <summary>This module and everything below it with their paths; this one's is empty.</summary>
    public IEnumerable<KeyValuePair<string, Module>> NamedModules(string prefix = "")
    {
        yield return new(prefix, this);
        foreach ((string name, Module child) in _children)
        {
            foreach (KeyValuePair<string, Module> below in child.NamedModules(Join(prefix, name)))
            {
                yield return below;
            }
        }
    }

    /// <summary>The submodule at a path such as <c>layer1.0.conv1</c>.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest paths.</exception>
    public Module Find(string path)
    {
        foreach ((string name, Module module) in NamedModules())
        {
            if (name == path)
            {
                return module;
            }
        }

        throw new ArgumentException(NearestName.Explain("layer", path, NamedModules().Select(m => m.Key).Where(n => n.Length > 0)), nameof(path));
    }

    /// <summary>Copies weights in by name; every name must be present, and of the right shape.</summary>
    /// <exception cref="ArgumentException">Names are missing or unexpected, or shapes differ; the message lists each.</exception>
    public void LoadStateDict(IEnumerable<KeyValuePair<string, Tensor>> state)
    {
        var given = state.ToDictionary(p => p.Key, p => p.Value);
        IReadOnlyList<KeyValuePair<string, Tensor>> own = StateDict();
        var problems = new List<string>();
        foreach ((string name, Tensor target) in own)
        {
            if (!given.TryGetValue(name, out Tensor? source))
            {
                IReadOnlyList<string> near = NearestName.Find(name, given.Keys.Except(own.Select(o => o.Key)), 1);
                problems.Add($"missing: {name}{(near.Count > 0 ? $" (nearest unexpected name: {near[0]})" : "")}");
            }
            else if (!target.Shape.SequenceEqual(source.Shape))
            {
                problems.Add($"shape: {name} is [{string.Join(", ", source.Shape)}], expected [{string.Join(", ", target.Shape)}]");
            }
        }

        problems.AddRange(given.Keys.Except(own.Select(o => o.Key)).Select(name => $"unexpected: {name}"));
        if (problems.Count > 0)
        {
            throw new ArgumentException($"The weights do not fit the network ({problems.Count} differences):\n  {string.Join("\n  ", problems.Take(40))}", nameof(state));
        }

        using GradModeScope noGrad = Autograd.NoGrad();
        foreach ((string name, Tensor target) in own)
        {
            target.CopyInPlace(given[name]);
        }
    }

    /// <summary>Converts parameters and floating-point buffers to another type and device, here and below.</summary>
    /// <returns>This module.</returns>
    public Module To(DType dtype, Device? device = null)
    {
        Convert(_parameters, dtype, device, requiresGrad: true);
        Convert(_buffers, dtype, device, requiresGrad: false);
        foreach ((_, Module child) in _children)
        {
            child.To(dtype, device);
        }

        return this;
    }

    /// <summary>Lays out every four-dimensional parameter in memory as given, here and below; values and names stay. Before an optimiser takes them.</summary>
    /// <returns>This module.</returns>
    public Module To(MemoryFormat format)
    {
        for (int i = 0; i < _parameters.Count; i++)
        {
            (string name, Tensor old) = _parameters[i];
            if (old.Dimensions == 4)
            {
                using var scope = new TensorScope();
                bool required = old.RequiresGrad;
                Tensor laidOut = old.Detach().Clone(format).Unscoped();
                laidOut.RequiresGrad = required;
                _parameters[i] = new(name, laidOut);
                old.Dispose();
            }
        }

        foreach ((_, Module child) in _children)
        {
            child.To(format);
        }

        return this;
    }

    /// <summary>Stops (or starts again) the recording of gradients for every parameter.</summary>
    public void RequireGradients(bool required)
    {
        foreach (Tensor parameter in Parameters())
        {
            parameter.RequiresGrad = required;
        }
    }

    /// <summary>Drops the gradients of every parameter.</summary>
    public void ZeroGradients()
    {
        foreach ((_, Tensor parameter) in NamedParameters())
        {
            parameter.Grad = null;
        }
    }

    /// <summary>Where every layer below that draws random numbers draws from; each training step sets it.</summary>
    public void UseGenerator(Generator generator)
    {
        foreach ((_, Module module) in NamedModules())
        {
            if (module is IRandomLayer layer)
            {
                layer.Generator = generator;
            }
        }
    }

    /// <summary>Frees parameters, buffers and submodules.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    internal void AddTap(Action<Tensor> tap) => (_taps ??= []).Add(tap);

    internal void RemoveTap(Action<Tensor> tap)
    {
        _taps?.Remove(tap);
        if (_taps?.Count == 0)
        {
            _taps = null;
        }
    }

    /// <summary>The module's own computation.</summary>
    protected abstract Tensor Forward(Tensor input);

    /// <summary>Shows an output to the taps: for a module that is also evaluated in another way than through <see cref="Call"/>.</summary>
    /// <returns>The output.</returns>
    protected Tensor Tapped(Tensor output)
    {
        if (_taps is not null)
        {
            foreach (Action<Tensor> tap in _taps)
            {
                tap(output);
            }
        }

        return output;
    }

    /// <summary>The submodules one after the other: the forward pass of everything that is a plain sequence.</summary>
    protected Tensor CallChildren(Tensor input)
    {
        Tensor current = input;
        foreach ((_, Module child) in _children)
        {
            current = child.Call(current);
        }

        return current;
    }

    /// <summary>Adds a trained tensor under a name; it leaves every scope.</summary>
    protected void RegisterParameter(string name, Tensor value)
    {
        Tensor kept = value.Unscoped();
        kept.RequiresGrad = true;
        _parameters.Add(new(name, kept));
    }

    /// <summary>Adds another module's parameter, which is saved under both names and trained once. It stands before the module's own.</summary>
    /// <param name="name">Its name here.</param>
    /// <param name="owner">Whose it is.</param>
    /// <param name="ownersName">Its name there.</param>
    protected void RegisterShared(string name, Module owner, string ownersName) => _shared.Add((name, owner, ownersName));

    /// <summary>Adds a tensor that is saved but not trained; it leaves every scope.</summary>
    protected void RegisterBuffer(string name, Tensor value) => _buffers.Add(new(name, value.Unscoped()));

    /// <summary>Adds a submodule under a name.</summary>
    protected T Register<T>(string name, T module)
        where T : Module
    {
        _children.Add(new(name, module));
        return module;
    }

    /// <summary>A parameter by its own name.</summary>
    protected Tensor Parameter(string name) => Get(_parameters, name);

    /// <summary>A buffer by its own name.</summary>
    protected Tensor Buffer(string name) => Get(_buffers, name);

    /// <summary>Frees what the module owns.</summary>
    protected virtual void Dispose(bool disposing)
    {
        foreach (Tensor tensor in _parameters.Concat(_buffers).Select(p => p.Value))
        {
            tensor.Dispose();
        }

        foreach ((_, Module child) in _children)
        {
            child.Dispose();
        }
    }

    private IEnumerable<KeyValuePair<string, Tensor>> SharedParameters() =>
        _shared.Select(s => KeyValuePair.Create(s.Name, Get(s.Owner._parameters, s.OwnersName)));

    private static string Join(string prefix, string name) => prefix.Length == 0 ? name : prefix + "." + name;

    private static Tensor Get(List<KeyValuePair<string, Tensor>> from, string name)
    {
        foreach (KeyValuePair<string, Tensor> entry in from)
        {
            if (entry.Key == name)
            {
                return entry.Value;
            }
        }

        throw new ArgumentException($"The module has no '{name}'.", nameof(name));
    }

    private static void Convert(List<KeyValuePair<string, Tensor>> tensors, DType dtype, Device? device, bool requiresGrad)
    {
        for (int i = 0; i < tensors.Count; i++)
        {
            Tensor old = tensors[i].Value;
            DType target = old.DType.IsFloatingPoint() ? dtype : old.DType;
            if (old.DType == target && (device is null || device == old.Device))
            {
                continue;
            }

            using var scope = new TensorScope();
            bool required = requiresGrad && old.RequiresGrad;
            Tensor converted = old.Detach().To(target, device).Unscoped();
            converted.RequiresGrad = required;
            tensors[i] = new(tensors[i].Key, converted);
            old.Dispose();
        }
    }

    private IEnumerable<KeyValuePair<string, Tensor>> Walk(string prefix, Func<Module, IEnumerable<KeyValuePair<string, Tensor>>> own)
    {
        foreach ((string name, Tensor tensor) in own(this))
        {
            yield return new(Join(prefix, name), tensor);
        }

        foreach ((string name, Module child) in _children)
        {
            foreach (KeyValuePair<string, Tensor> below in child.Walk(Join(prefix, name), own))
            {
                yield return below;
            }
        }
    }
}
