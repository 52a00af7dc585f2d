using DistillSharp.Torch.Internal;

namespace DistillSharp.Torch.Tests.Gradients;

/// <summary>
/// The gradient of every differentiable operator in float64 against central finite differences,
/// (f(x + h) - f(x - h)) / 2h with h = 1e-6. Their own error is about 1e-9 of the function's size; the tolerance is 1e-6.
/// </summary>
public class GradientTests
{
    private const double Step = 1e-6;
    private const double Tolerance = 1e-6;

    public static TheoryData<string> Names => [.. GradientCases.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_equal_finite_differences(string name) => Check.LeavesNoTensor(() =>
    {
        GradientCase test = GradientCases.All.Single(c => c.Name == name);
        Tensor[] inputs = [.. test.Inputs.Select((input, i) => input.Make(17 + i))];
        foreach (Tensor input in inputs)
        {
            input.RequiresGrad = true;
        }

        Tensor output = test.Apply(inputs);
        Tensor weights = new Input(0.5, 2.1, output.Shape).Make(99);
        Tensor[] gradients = Autograd.Gradients((output * weights).Sum(), inputs);
        for (int i = 0; i < inputs.Length; i++)
        {
            Assert.Equal(inputs[i].Shape, gradients[i].Shape);
            double[] analytic = gradients[i].ToArray<double>();
            for (int at = 0; at < analytic.Length; at++)
            {
                double numeric = Difference(test, inputs, i, at, weights);
                Assert.True(
                    Math.Abs(analytic[at] - numeric) <= Tolerance * Math.Max(1, Math.Abs(numeric)),
                    $"{name}, input {i}, element {at}: autograd {analytic[at]:R}, finite difference {numeric:R}");
            }
        }
    });

    [Fact]
    public void Should_cover_every_operator_once_by_a_gradient_or_a_value()
    {
        string[] listed = [.. OperatorSchema.Lines(OperatorTable.ReadList()).Select(line => OperatorSchema.Parse(line).FullName)];
        string[] differentiated = [.. GradientCases.All.Select(c => c.Operator).Distinct()];
        string[] valued = [.. OperatorValueTests.Cases.Select(c => c.Operator)];
        Assert.Empty(listed.Except(differentiated).Except(valued));
        Assert.Empty(differentiated.Intersect(valued));
        Assert.Empty(differentiated.Concat(valued).Except(listed));
        Assert.All(OperatorValueTests.Cases, c => Assert.NotEmpty(c.Reason));
    }

    private static double Difference(GradientCase test, Tensor[] inputs, int input, int element, Tensor weights)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        double At(double step)
        {
            Tensor[] moved = [.. inputs.Select(x => x.Clone())];
            moved[input].AsSpan<double>()[element] += step;
            return (test.Apply(moved) * weights).Sum().Item();
        }

        return (At(Step) - At(-Step)) / (2 * Step);
    }
}
