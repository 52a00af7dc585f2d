using DistillSharp.Conformance.Reading;
using DistillSharp.Torch;

namespace DistillSharp.Conformance.Checks;

/// <summary>Gathers what came of the quantities of one fixture.</summary>
/// <param name="tolerance">The largest relative error allowed.</param>
internal sealed class Comparison(double tolerance)
{
    private readonly List<QuantityResult> _quantities = [];
    private readonly List<string> _problems = [];

    public IReadOnlyList<QuantityResult> Quantities => _quantities;

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Compares a tensor with what the fixture states.</summary>
    public void Check(string quantity, FixtureTensor expected, Tensor actual)
    {
        if (!expected.Shape.AsSpan().SequenceEqual(actual.Shape))
        {
            Fail(quantity, $"the shape [{string.Join(", ", expected.Shape)}] is stated, [{string.Join(", ", actual.Shape)}] was computed.");
            return;
        }

        Check(quantity, expected.Data, actual.ToArray<double>());
    }

    /// <summary>Compares a number with what the fixture states.</summary>
    public void Check(string quantity, FixtureNode expected, double actual) => Check(quantity, [expected.Number()], [actual]);

    /// <summary>Compares numbers that are no tensor, such as one norm for each layer: each is measured by its own size.</summary>
    public void CheckEach(string quantity, FixtureNode expected, ReadOnlySpan<double> actual)
    {
        double[] stated = expected.Numbers();
        if (stated.Length != actual.Length)
        {
            Fail(quantity, $"{stated.Length} values are stated, {actual.Length} were computed.");
            return;
        }

        for (int i = 0; i < stated.Length; i++)
        {
            Check(FormattableString.Invariant($"{quantity}[{i}]"), [stated[i]], [actual[i]]);
        }
    }

    /// <summary>Notes a quantity that is not a number: it is right or it is not.</summary>
    /// <param name="quantity">Its name.</param>
    /// <param name="problem">What is wrong; null where it is right.</param>
    public void CheckExactly(string quantity, string? problem)
    {
        if (problem is null)
        {
            _quantities.Add(new QuantityResult(quantity, 0, tolerance));
        }
        else
        {
            Fail(quantity, problem);
        }
    }

    /// <summary>Notes something wrong that has no number.</summary>
    public void Fail(string where, string problem) => _problems.Add(where.Length == 0 ? problem : $"{where}: {problem}");

    private void Check(string quantity, ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        double error = RelativeError.Of(expected, actual, out int worst);
        var result = new QuantityResult(quantity, error, tolerance);
        _quantities.Add(result);
        if (!result.Passed)
        {
            string element = expected.Length > 1 ? FormattableString.Invariant($" at element {worst}") : "";
            Fail(quantity, FormattableString.Invariant($"relative error {error:E1}, allowed {tolerance:E1}{element}: {expected[worst]:R} is stated, {actual[worst]:R} was computed."));
        }
    }
}
