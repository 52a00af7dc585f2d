namespace DistillSharp.Torch;

/// <content>C#'s operators, and short forms of what is written often.</content>
public sealed partial class Tensor
{
    /// <summary>Element by element, with broadcasting.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => a.Add(b);

    /// <inheritdoc cref="op_Addition(Tensor, Tensor)"/>
    public static Tensor operator +(Tensor a, double b) => a.Add(b);

    /// <inheritdoc cref="op_Addition(Tensor, Tensor)"/>
    public static Tensor operator +(double a, Tensor b) => b.Add(a);

    /// <inheritdoc cref="op_Addition(Tensor, Tensor)"/>
    public static Tensor operator -(Tensor a, Tensor b) => a.Sub(b);

    /// <inheritdoc cref="op_Addition(Tensor, Tensor)"/>
    public static Tensor operator -(Tensor a, double b) => a.Sub(b);

    /// <inheritdoc cref="op_Addition(Tensor, Tensor)"/>
    public static Tensor operator -(double a, Tensor b) => b.Rsub(a);

    /// <inheritdoc cref="op_Addition(Tensor, Tensor)"/>
    public static Tensor operator -(Tensor a) => a.Neg();

    /// <inheritdoc cref="op_Addition(Tensor, Tensor)"/>
    public static Tensor operator *(Tensor a, Tensor b) => a.Mul(b);

    /// <inheritdoc cref="op_Addition(Tensor, Tensor)"/>
    public static Tensor operator *(Tensor a, double b) => a.Mul(b);

    /// <inheritdoc cref="op_Addition(Tensor, Tensor)"/>
    public static Tensor operator *(double a, Tensor b) => b.Mul(a);

    /// <inheritdoc cref="op_Addition(Tensor, Tensor)"/>
    public static Tensor operator /(Tensor a, Tensor b) => a.Div(b);

    /// <inheritdoc cref="op_Addition(Tensor, Tensor)"/>
    public static Tensor operator /(Tensor a, double b) => a.Div(b);

    /// <summary>The sum along one dimension.</summary>
    /// <remarks>An int, so that a literal 0 is taken for a dimension and not for an element type.</remarks>
    public Tensor Sum(int dim, bool keepdim = false) => Sum([(long)dim], keepdim);

    /// <summary>The mean along one dimension.</summary>
    /// <remarks>An int, so that a literal 0 is taken for a dimension and not for an element type.</remarks>
    public Tensor Mean(int dim, bool keepdim = false) => Mean([(long)dim], keepdim);

    /// <summary>Rows (or slices) <paramref name="start"/> up to, not including, <paramref name="end"/> of the first dimension.</summary>
    public Tensor Rows(long start, long end) => Slice(0, start, end);
}
