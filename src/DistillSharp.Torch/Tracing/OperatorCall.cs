using System.Globalization;
using DistillSharp.Torch.Internal;

namespace DistillSharp.Torch;

/// <summary>One call of an operator as an <see cref="OperatorTrace"/> saw it: the operator, its arguments by name, its results.</summary>
/// <remarks>An argument that the caller left out has its default. Reading an argument as what it is not is an <see cref="InvalidOperationException"/>.</remarks>
public sealed class OperatorCall
{
    private readonly OperatorSchema _schema;
    private readonly object?[] _values;

    internal OperatorCall(OperatorSchema schema, object?[] values)
    {
        _schema = schema;
        _values = values;
    }

    /// <summary>The operator in ATen's notation without <c>aten::</c>, e.g. <c>add.Tensor</c>.</summary>
    public string Operator => _schema.FullName;

    /// <summary>True where the operator changed its first argument; that argument under its new value is then the result.</summary>
    public bool IsInPlace => _schema.IsInPlace;

    /// <summary>The names of the arguments, in the operator's order.</summary>
    public IEnumerable<string> ArgumentNames => _schema.Arguments.Select(a => a.Name);

    /// <summary>The tensors that the call gave, lists taken apart. One that it only handed through is the very one among the arguments.</summary>
    public IReadOnlyList<TracedTensor> Results { get; internal set; } = [];

    /// <summary>Every tensor among the arguments, in their order, lists taken apart.</summary>
    public IEnumerable<TracedTensor> Inputs => _values.SelectMany(v => v switch
    {
        TracedTensor one => [one],
        TracedTensor?[] list => list.OfType<TracedTensor>(),
        _ => [],
    });

    /// <summary>An argument as it was given: a <see cref="TracedTensor"/>, an array of them, <c>long</c>, <c>double</c>, <c>bool</c>, <c>long[]</c>, <c>string</c> or null.</summary>
    /// <exception cref="ArgumentException">The operator has no such argument.</exception>
    public object? this[string name]
    {
        get
        {
            for (int i = 0; i < _values.Length; i++)
            {
                if (_schema.Arguments[i].Name == name)
                {
                    return _values[i];
                }
            }

            throw new ArgumentException($"{Operator} has no argument '{name}'; it has {string.Join(", ", ArgumentNames)}.", nameof(name));
        }
    }

    /// <summary>A tensor.</summary>
    public TracedTensor Tensor(string name) => OptionalTensor(name) ?? throw Other(name, "a tensor");

    /// <summary>A tensor, or null where none was given.</summary>
    public TracedTensor? OptionalTensor(string name) => this[name] switch
    {
        null => null,
        TracedTensor tensor => tensor,
        _ => throw Other(name, "a tensor"),
    };

    /// <summary>A list of tensors.</summary>
    public IReadOnlyList<TracedTensor> Tensors(string name) =>
        this[name] is TracedTensor?[] list && !list.Contains(null) ? Array.ConvertAll(list, t => t!) : throw Other(name, "a list of tensors");

    /// <summary>A whole number.</summary>
    public long Integer(string name) => OptionalInteger(name) ?? throw Other(name, "a whole number");

    /// <summary>A whole number, or null where none was given.</summary>
    public long? OptionalInteger(string name) => this[name] switch
    {
        null => null,
        long value => value,
        _ => throw Other(name, "a whole number"),
    };

    /// <summary>A list of whole numbers; empty where none was given.</summary>
    public IReadOnlyList<long> Integers(string name) => this[name] switch
    {
        null => [],
        long[] list => list,
        long one => [one],
        _ => throw Other(name, "a list of whole numbers"),
    };

    /// <summary>A number, whole or not.</summary>
    public double Number(string name) => OptionalNumber(name) ?? throw Other(name, "a number");

    /// <summary>A number, whole or not, or null where none was given.</summary>
    public double? OptionalNumber(string name) => this[name] switch
    {
        null => null,
        double value => value,
        long value => value,
        _ => throw Other(name, "a number"),
    };

    /// <summary>A truth value.</summary>
    public bool Flag(string name) => this[name] is bool value ? value : throw Other(name, "a truth value");

    /// <summary>A text.</summary>
    public string Text(string name) => this[name] is string value ? value : throw Other(name, "a text");

    /// <summary>The operator with the shapes of its tensors, e.g. <c>conv2d(Float32 [2, 3, 32, 32], ...)</c>.</summary>
    public override string ToString() =>
        $"{Operator}({string.Join(", ", Inputs.Select(t => $"{t.DType} [{string.Join(", ", t.Shape)}]"))})";

    /// <summary>A schema's default as an argument's value.</summary>
    internal static object? Default(OperatorArgument argument)
    {
        string? text = argument.Default;
        switch (argument.Type.TrimEnd('?'))
        {
            case var _ when text is null or "None":
                return null;
            case "str":
                return text.Trim('"', '\'');
            case "bool":
                return text == "True";
            case "int[]":
                return text.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Select(n => long.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            case "float":
                return double.Parse(text, CultureInfo.InvariantCulture);
            default:
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole
                    : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
                    : null;
        }
    }

    private InvalidOperationException Other(string name, string expected) =>
        new($"The argument '{name}' of {Operator} is {this[name]?.GetType().Name ?? "None"}, not {expected}.");
}
