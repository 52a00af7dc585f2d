using DistillSharp.Conformance.Reading;
using DistillSharp.Optimization;
using DistillSharp.Torch;

namespace DistillSharp.Conformance.Checks;

/// <summary>Optimisers as fixtures state them: PyTorch's names of settings and, where one is left out, PyTorch's default.</summary>
internal static class FixtureOptimizer
{
    /// <summary>Makes an optimiser; what it is, its name begins with.</summary>
    /// <exception cref="FixtureException">The name or a setting is unknown.</exception>
    public static Optimizer Create(string name, FixtureNode settings, IEnumerable<Tensor> parameters)
    {
        if (name.StartsWith("adam", StringComparison.Ordinal))
        {
            settings.AllowOnly("lr", "betas", "eps", "weight_decay");
            bool decoupled = name.StartsWith("adamw", StringComparison.Ordinal);
            double[] betas = settings.Find("betas")?.Numbers() ?? [0.9, 0.999];
            return betas.Length == 2
                ? new Adam(
                    parameters,
                    settings.Get("lr").Number(),
                    betas[0],
                    betas[1],
                    settings.Number("eps", 1e-8),
                    settings.Number("weight_decay", decoupled ? 0.01 : 0),
                    decoupled)
                : throw new FixtureException(settings.Path + ".betas", $"two numbers were expected, found {betas.Length}.");
        }

        bool nesterov = name.StartsWith("nesterov", StringComparison.Ordinal);
        if (nesterov || name.StartsWith("sgd", StringComparison.Ordinal))
        {
            settings.AllowOnly("lr", "momentum", "weight_decay", "nesterov");
            return new Sgd(
                parameters,
                settings.Get("lr").Number(),
                settings.Number("momentum", 0),
                settings.Number("weight_decay", 0),
                settings.Find("nesterov")?.Boolean() ?? nesterov);
        }

        throw new FixtureException(settings.Path, $"the name of an optimiser begins with sgd, nesterov, adam or adamw, not '{name}'.");
    }
}
