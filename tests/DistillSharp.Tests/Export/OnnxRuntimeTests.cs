using DistillSharp.Export;

namespace DistillSharp.Tests.Export;

/// <summary>Exported networks give in onnxruntime the logits that they give here.</summary>
public sealed class OnnxRuntimeTests(ExportedNetworks exported) : IClassFixture<ExportedNetworks>
{
    // Float32 in another order of summation, relative to the largest logit.
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Networks { get; } = [.. ExportedNetworks.Networks.Select(n => n.Name), ExportedNetworks.EnsembleName];

    public static TheoryData<string> Operators { get; } = [.. Enumerable.Range(0, OperatorCases.All.Count).Select(OperatorCases.Name)];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Should_give_the_same_logits_for_any_batch(string name)
    {
        Assert.SkipWhen(OnnxRuntime.Unavailable is not null, OnnxRuntime.Unavailable ?? "");
        double difference = exported.Difference(name);
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {difference:E2}, spread {exported.Spread(name):E2}");
        Assert.InRange(difference, 0, Tolerance);
        Assert.InRange(exported.Spread(name), 100 * Tolerance, double.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void Should_give_the_same_result_of_one_operator(string name)
    {
        Assert.SkipWhen(OnnxRuntime.Unavailable is not null, OnnxRuntime.Unavailable ?? "");
        Assert.InRange(exported.Difference(name), 0, 1e-5);
    }

    [Fact]
    public void Should_try_every_operator_that_can_be_exported() =>
        Assert.Empty(OperatorConverters.Operators.Except(OperatorCases.All.Select(c => c.Operator)));
}
