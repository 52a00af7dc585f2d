namespace DistillSharp.Torch;

/// <summary>A number that an operator takes beside tensors; whole numbers and truth values keep their kind.</summary>
public readonly struct Scalar
{
    private Scalar(ScalarKind kind, long integer, double number) => (Kind, IntegerValue, NumberValue) = (kind, integer, number);

    internal enum ScalarKind
    {
        Integer,
        Number,
        Boolean,
    }

    internal ScalarKind Kind { get; }

    internal long IntegerValue { get; }

    internal double NumberValue { get; }

    /// <summary>A whole number.</summary>
    public static implicit operator Scalar(int value) => new(ScalarKind.Integer, value, value);

    /// <summary>A whole number.</summary>
    public static implicit operator Scalar(long value) => new(ScalarKind.Integer, value, value);

    /// <summary>A real number.</summary>
    public static implicit operator Scalar(double value) => new(ScalarKind.Number, 0, value);

    /// <summary>A truth value.</summary>
    public static implicit operator Scalar(bool value) => new(ScalarKind.Boolean, value ? 1 : 0, value ? 1 : 0);
}
