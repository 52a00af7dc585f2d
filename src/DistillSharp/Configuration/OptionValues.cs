using System.Globalization;
using System.Text;

namespace DistillSharp.Configuration;

/// <summary>The values of a set of options: what was given, and the default of what was not.</summary>
public sealed class OptionValues
{
    private readonly SortedDictionary<string, object?> _values = new(StringComparer.Ordinal);

    /// <summary>Takes the defaults of <paramref name="specs"/>, then what is given.</summary>
    /// <param name="specs">The options that exist.</param>
    /// <param name="given">Values by name, already of the right type (long, double, bool, string, long[], double[], string[]).</param>
    /// <exception cref="ArgumentException">A given name is not among the specs, or its value is not of the option's kind.</exception>
    public OptionValues(IReadOnlyList<OptionSpec> specs, IReadOnlyDictionary<string, object?>? given = null)
    {
        foreach (OptionSpec spec in specs)
        {
            _values[spec.Name] = Coerce(spec, spec.Default);
        }

        foreach ((string name, object? value) in given ?? new Dictionary<string, object?>())
        {
            OptionSpec spec = specs.FirstOrDefault(s => s.Name == name)
                ?? throw new ArgumentException(NearestName.Explain("option", name, specs.Select(s => s.Name)), nameof(given));
            _values[name] = Coerce(spec, value);
        }
    }

    /// <summary>Every name with its value, in ordinal order of the names.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Entries => _values;

    /// <summary>True where the option has a value (is not null).</summary>
    public bool Has(string name) => _values.TryGetValue(name, out object? value) && value is not null;

    /// <summary>A whole number.</summary>
    public int Integer(string name) => checked((int)(long)Get(name));

    /// <summary>A real number.</summary>
    public double Number(string name) => (double)Get(name);

    /// <summary>A truth value.</summary>
    public bool Boolean(string name) => (bool)Get(name);

    /// <summary>A word.</summary>
    public string Text(string name) => (string)Get(name);

    /// <summary>A list of whole numbers.</summary>
    public IReadOnlyList<long> Integers(string name) => (long[])Get(name);

    /// <summary>A list of real numbers.</summary>
    public IReadOnlyList<double> Numbers(string name) => (double[])Get(name);

    /// <summary>A list of words.</summary>
    public IReadOnlyList<string> Texts(string name) => (string[])Get(name);

    /// <summary>One line that is the same for the same values, for hashing and for showing: <c>a=1;b=[1,2]</c>.</summary>
    public string ToCanonicalText()
    {
        var text = new StringBuilder();
        foreach ((string name, object? value) in _values)
        {
            text.Append(text.Length == 0 ? "" : ";").Append(name).Append('=').Append(Format(value));
        }

        return text.ToString();
    }

    /// <summary>A value as it is written in YAML.</summary>
    public static string Format(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        long[] list => "[" + string.Join(", ", list.Select(v => v.ToString(CultureInfo.InvariantCulture))) + "]",
        double[] list => "[" + string.Join(", ", list.Select(v => v.ToString("R", CultureInfo.InvariantCulture))) + "]",
        string[] list => "[" + string.Join(", ", list) + "]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null",
    };

    /// <summary>Checks that the options that are required have a value.</summary>
    /// <exception cref="ArgumentException">One has none.</exception>
    public void Require(string owner, IReadOnlyList<OptionSpec> specs)
    {
        if (specs.FirstOrDefault(s => s.Required && !Has(s.Name)) is { } missing)
        {
            throw new ArgumentException($"{owner} needs the option '{missing.Name}': {missing.Description}.");
        }
    }

    private object Get(string name) =>
        _values.TryGetValue(name, out object? value)
            ? value ?? throw new InvalidOperationException($"The option '{name}' has no value; ask Has first.")
            : throw new ArgumentException($"There is no option '{name}'.", nameof(name));

    private static object? Coerce(OptionSpec spec, object? value)
    {
        object? coerced = (spec.Kind, value) switch
        {
            (_, null) => null,
            (OptionKind.Integer, int i) => (long)i,
            (OptionKind.Integer, long l) => l,
            (OptionKind.Number, double d) => d,
            (OptionKind.Number, float f) => (double)f,
            (OptionKind.Number, int i) => (double)i,
            (OptionKind.Number, long l) => (double)l,
            (OptionKind.Boolean, bool b) => b,
            (OptionKind.Text or OptionKind.StudentLayer or OptionKind.TeacherLayer, string s) => s,
            (OptionKind.TextList or OptionKind.StudentLayers or OptionKind.TeacherLayers, string[] list) => list,
            (OptionKind.IntegerList, long[] list) => list,
            (OptionKind.IntegerList, int[] list) => Array.ConvertAll(list, v => (long)v),
            (OptionKind.NumberList, double[] list) => list,
            (OptionKind.NumberList, long[] list) => Array.ConvertAll(list, v => (double)v),
            _ => throw new ArgumentException($"The option '{spec.Name}' takes {spec.Kind}, not {value.GetType().Name}."),
        };
        return coerced;
    }
}
