using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>Modules one after the other, named 0, 1, 2, ... or as given.</summary>
public sealed class Sequential : Module
{
    /// <summary>Makes the sequence with the names 0, 1, 2, ...</summary>
    public Sequential(params ReadOnlySpan<Module> modules)
    {
        for (int i = 0; i < modules.Length; i++)
        {
            Register(i.ToString(System.Globalization.CultureInfo.InvariantCulture), modules[i]);
        }
    }

    /// <summary>Makes the sequence with given names.</summary>
    public Sequential(params ReadOnlySpan<(string Name, Module Module)> modules)
    {
        foreach ((string name, Module module) in modules)
        {
            Register(name, module);
        }
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => CallChildren(input);
}
