using DistillSharp.Torch;

namespace DistillSharp.Conformance.Reading;

/// <summary>Numbers with a shape, as a fixture states them.</summary>
/// <param name="Path">Where they stand in the file.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="Data">Row-major elements, as many as the shape holds, all finite.</param>
internal sealed record FixtureTensor(string Path, long[] Shape, double[] Data)
{
    /// <summary>The numbers as a Float64 tensor.</summary>
    public Tensor ToTensor() => Tensor.From(Data).View(Shape);

    /// <summary>The numbers as an Int64 tensor.</summary>
    /// <param name="limit">Each is from 0 up to, not including, this.</param>
    /// <param name="meaning">What the limit is, for the message.</param>
    /// <exception cref="FixtureException">A number is not whole or out of range.</exception>
    public Tensor ToIndices(long limit, string meaning)
    {
        foreach (double value in Data)
        {
            if (value != Math.Floor(value) || value < 0 || value >= limit)
            {
                throw new FixtureException(Path, FormattableString.Invariant($"whole numbers from 0 to {limit - 1} were expected ({meaning}), found {value:R}."));
            }
        }

        return Tensor.From(Array.ConvertAll(Data, v => (long)v)).View(Shape);
    }

    /// <summary>Checks the shape.</summary>
    /// <returns>These numbers.</returns>
    /// <exception cref="FixtureException">It is another.</exception>
    public FixtureTensor WithShape(string because, params ReadOnlySpan<long> expected) => Shape.AsSpan().SequenceEqual(expected)
        ? this
        : throw new FixtureException(Path, $"the shape [{string.Join(", ", expected.ToArray())}] was expected ({because}), found [{string.Join(", ", Shape)}].");
}
