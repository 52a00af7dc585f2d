using DistillSharp.Conformance.Reading;
using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Conformance.Checks;

/// <summary>Distillation losses: the loss, its parts, and the gradients into its inputs.</summary>
internal static class LossFixtures
{
    /// <summary>The losses that the format knows.</summary>
    private static readonly LossMethod[] All =
    [
        .. ResponseLosses.All,
        .. FeatureLosses.All,
        .. RelationLosses.All,
    ];

    public static IEnumerable<FixtureCase> Cases(FixtureNode root)
    {
        FixtureNode name = root.Get("method");
        return Array.Find(All, m => m.Name == name.Text()) is { } method
            ? [new FixtureCase("", comparison => Check(root, method, comparison))]
            : throw new FixtureException(name.Path, NearestName.Explain("loss", name.Text(), All.Select(m => m.Name)));
    }

    private static void Check(FixtureNode root, LossMethod method, Comparison comparison)
    {
        root.AllowOnly("format", "kind", "method", "hyperparameters", "inputs", "expected");
        var inputs = new LossInputs(root, method);
        FixtureNode expected = root.Get("expected");
        expected.AllowOnly(method.Parameters.Count > 0 ? ["loss", "parts", "gradients", "parameter_gradients"] : ["loss", "parts", "gradients"]);
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

        CheckGradients("gradient", "input", expected.Find("gradients"), inputs.Leaves, comparison);
        CheckGradients("parameter gradient", "parameter", expected.Find("parameter_gradients"), inputs.Parameters, comparison);
    }

    private static void CheckGradients(string quantity, string what, FixtureNode? stated, IReadOnlyDictionary<string, Tensor> leaves, Comparison comparison)
    {
        foreach ((string name, FixtureNode gradient) in stated?.Properties() ?? [])
        {
            if (!leaves.TryGetValue(name, out Tensor? leaf))
            {
                throw new FixtureException(gradient.Path, NearestName.Explain(what, name, leaves.Keys));
            }

            if (leaf.Grad is { } computed)
            {
                comparison.Check($"{quantity} {name}", gradient.Tensor(), computed);
            }
            else
            {
                comparison.Fail(gradient.Path, $"a gradient is stated; this version lets none into that {what}.");
            }
        }
    }
}
