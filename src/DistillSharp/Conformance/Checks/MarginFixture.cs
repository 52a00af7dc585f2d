using DistillSharp.Conformance.Reading;
using DistillSharp.Distillation;

namespace DistillSharp.Conformance.Checks;

/// <summary>The margins of overhaul distillation, from a batch norm's weight and bias.</summary>
internal static class MarginFixture
{
    public static IEnumerable<FixtureCase> Cases(FixtureNode root) => [new FixtureCase("", comparison => Check(root, comparison))];

    private static void Check(FixtureNode root, Comparison comparison)
    {
        root.AllowOnly("format", "kind", "method", "hyperparameters", "inputs", "expected");
        FixtureNode inputs = root.Get("inputs");
        inputs.AllowOnly("bn_weight", "bn_bias");
        FixtureTensor weight = inputs.Get("bn_weight").Tensor(), bias = inputs.Get("bn_bias").Tensor();
        if (!weight.Shape.AsSpan().SequenceEqual(bias.Shape))
        {
            throw new FixtureException(inputs.Path, $"'bn_weight' and 'bn_bias' are expected to have one shape, found [{string.Join(", ", weight.Shape)}] and [{string.Join(", ", bias.Shape)}].");
        }

        FixtureNode expected = root.Get("expected");
        expected.AllowOnly("margin");
        comparison.Check("margin", expected.Get("margin").Tensor(), OverhaulMethod.Margin(weight.ToTensor(), bias.ToTensor()));
    }
}
