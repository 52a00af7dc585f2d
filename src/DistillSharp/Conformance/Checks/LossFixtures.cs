using DistillSharp.Conformance.Reading;
using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Conformance.Checks;

/// <summary>Distillation losses: the loss, its parts, and the gradients into its inputs.</summary>
internal static class LossFixtures
{
    /// <summary>The losses that this version computes; a further one is an entry here.</summary>
    private static readonly LossMethod[] Implemented =
    [
        .. ResponseLosses.All,
        .. FeatureLosses.All,
        .. RelationLosses.All,
    ];

    /// <summary>The losses that the format knows beside those.</summary>
    private static readonly string[] Further =
    [
        "activation_boundary", "attention_transfer", "correlation_congruence", "factor_transfer", "fsp", "kdsvd",
        "nst", "ofd_partial_l2", "pkt", "reviewkd_hcl", "rkd",
        "similarity_preserving", "vid",
    ];

    public static IEnumerable<FixtureCase> Cases(FixtureNode root)
    {
        FixtureNode name = root.Get("method");
        if (Array.Find(Implemented, m => m.Name == name.Text()) is { } method)
        {
            return [new FixtureCase("", comparison => Check(root, method, comparison))];
        }

        return Further.Contains(name.Text())
            ? [FixtureCase.Missing("", $"the loss {name.Text()}")]
            : throw new FixtureException(name.Path, NearestName.Explain("loss", name.Text(), Implemented.Select(m => m.Name).Concat(Further)));
    }

    private static void Check(FixtureNode root, LossMethod method, Comparison comparison)
    {
        root.AllowOnly("format", "kind", "method", "hyperparameters", "inputs", "expected");
        var inputs = new LossInputs(root, method);
        FixtureNode expected = root.Get("expected");
        expected.AllowOnly("loss", "parts", "gradients");
        IReadOnlyList<Tensor> parts = method.Parts(inputs);
        Tensor loss = parts.Skip(1).Aggregate(parts[0], (sum, part) => sum + part);
        loss.Backward();
        if (expected.Find("loss") is { } stated)
        {
            comparison.Check("loss", stated, loss.Item());
        }

        if (expected.Find("parts") is { } statedParts)
        {
            comparison.CheckEach("parts", statedParts, [.. parts.Select(p => p.Item())]);
        }

        foreach ((string name, FixtureNode gradient) in expected.Find("gradients")?.Properties() ?? [])
        {
            if (!inputs.Leaves.TryGetValue(name, out Tensor? leaf))
            {
                throw new FixtureException(gradient.Path, NearestName.Explain("input", name, inputs.Leaves.Keys));
            }

            if (leaf.Grad is { } computed)
            {
                comparison.Check($"gradient {name}", gradient.Tensor(), computed);
            }
            else
            {
                comparison.Fail(gradient.Path, "a gradient is stated; this version lets none into that input.");
            }
        }
    }
}
