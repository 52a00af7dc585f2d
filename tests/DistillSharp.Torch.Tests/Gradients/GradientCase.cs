namespace DistillSharp.Torch.Tests.Gradients;

/// <summary>An input of an operator under test: distinct float64 values, shuffled, spread evenly over a range.</summary>
/// <remarks>Even spacing keeps every value well away from its neighbours, so that no step of a finite difference changes an order.</remarks>
internal sealed record Input(double Low, double High, params long[] Shape)
{
    public Tensor Make(int seed)
    {
        long count = Shape.Aggregate(1L, (a, b) => a * b);
        double[] values = [.. Enumerable.Range(0, (int)count).Select(i => Low + ((High - Low) * (i + 0.5) / count))];
        new Random(seed).Shuffle(values);
        return Tensor.From(values).Reshape(Shape);
    }
}

/// <summary>An operator, applied to inputs that are all differentiated.</summary>
/// <param name="Name">The operator's full name in <c>Operators.aten</c>, with a remark after a space where it has several cases.</param>
/// <param name="Apply">The operator's call.</param>
/// <param name="Inputs">What it is applied to.</param>
internal sealed record GradientCase(string Name, Func<Tensor[], Tensor> Apply, params Input[] Inputs)
{
    public string Operator => Name.Split(' ')[0];

    public override string ToString() => Name;
}
