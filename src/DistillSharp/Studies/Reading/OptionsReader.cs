using System.Globalization;
using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>The options that were read, and where each was given.</summary>
/// <param name="Values">A value for every option; null where one was wrong.</param>
/// <param name="Place">Where to report a problem of an option that was left out.</param>
/// <param name="Given">The nodes of the options that stand in the file.</param>
internal sealed record ReadOptions(OptionValues? Values, SourceNode Place, IReadOnlyDictionary<string, SourceNode> Given)
{
    public SourceNode At(string option) => Given.GetValueOrDefault(option, Place);
}

/// <summary>Reads the options that the catalogue declares: kind, range, choices, what is required.</summary>
internal static class OptionsReader
{
    /// <summary>Reads options out of a mapping.</summary>
    /// <param name="mapping">Where they stand; null for all defaults.</param>
    /// <param name="place">Where to report what is missing.</param>
    /// <param name="specs">The options that exist.</param>
    /// <param name="reserved">Keys of the same mapping that are no options.</param>
    /// <param name="problems">Takes what is wrong.</param>
    /// <param name="baseline">What holds for options that are left out; null for the declared defaults.</param>
    public static ReadOptions Read(
        SourceNode? mapping,
        SourceNode place,
        IReadOnlyList<OptionSpec> specs,
        IReadOnlyCollection<string> reserved,
        ProblemList problems,
        OptionValues? baseline = null)
    {
        var nodes = new Dictionary<string, SourceNode>(StringComparer.Ordinal);
        var values = baseline?.Entries.ToDictionary(e => e.Key, e => e.Value) ?? [];
        bool right = true;
        if (mapping is not null)
        {
            if (MappingReader.Open(mapping, "options", problems) is not { } reader)
            {
                return new ReadOptions(null, place, nodes);
            }

            reader.RefuseOthers(reserved.Concat(specs.Select(s => s.Name)));
            foreach (OptionSpec spec in specs)
            {
                if (mapping.Find(spec.Name) is { } node)
                {
                    nodes[spec.Name] = node;
                    right &= TryRead(spec, node, problems, out object? value);
                    values[spec.Name] = value;
                }
            }
        }

        foreach (OptionSpec spec in specs.Where(s => s.Required && !values.ContainsKey(s.Name)))
        {
            right = false;
            problems.Add(place.Line, place.Column, place.PathOf(spec.Name), $"this option is missing; expected {Expected(spec)}.");
        }

        return new ReadOptions(right ? new OptionValues(specs, values) : null, place, nodes);
    }

    /// <summary>Reports options that name a layer which the student or the teacher does not have.</summary>
    /// <param name="options">The options.</param>
    /// <param name="specs">The options that exist.</param>
    /// <param name="kind">Whose layers: <see cref="OptionKind.StudentLayer"/> or <see cref="OptionKind.TeacherLayer"/>.</param>
    /// <param name="owner">Whose layers they are, in words.</param>
    /// <param name="layers">The layers that exist.</param>
    /// <param name="problems">Takes what is wrong.</param>
    public static bool CheckLayers(
        ReadOptions options,
        IReadOnlyList<OptionSpec> specs,
        OptionKind kind,
        string owner,
        IReadOnlyList<string> layers,
        ProblemList problems)
    {
        bool right = true;
        OptionKind several = kind == OptionKind.StudentLayer ? OptionKind.StudentLayers : OptionKind.TeacherLayers;
        foreach (OptionSpec spec in specs.Where(s => (s.Kind == kind || s.Kind == several) && options.Values!.Has(s.Name)))
        {
            IReadOnlyList<string> named = spec.Kind == several ? options.Values!.Texts(spec.Name) : [options.Values!.Text(spec.Name)];
            foreach (string layer in named.Where(l => !layers.Contains(l)))
            {
                right = false;
                string subject = options.Given.ContainsKey(spec.Name) ? "" : $"the default of '{spec.Name}' does not fit. ";
                problems.Add(options.At(spec.Name), subject + NearestName.Explain($"layer of {owner}", CoreSchema.Shorten(layer), layers));
            }
        }

        return right;
    }

    private static bool TryRead(OptionSpec spec, SourceNode node, ProblemList problems, out object? value)
    {
        value = null;
        if (CoreSchema.IsNull(node) && spec.Default is null && !spec.Required)
        {
            return true;
        }

        if (spec.Kind is OptionKind.IntegerList or OptionKind.NumberList or OptionKind.TextList or OptionKind.StudentLayers or OptionKind.TeacherLayers)
        {
            return TryReadList(spec, node, problems, out value);
        }

        if (!TryReadScalar(spec, node, out value))
        {
            problems.AddExpected(node, Expected(spec));
            return false;
        }

        if (value is string text && spec.Choices is { } choices && !choices.Contains(text))
        {
            problems.AddUnknown(node, "choice", text, choices);
            return false;
        }

        return true;
    }

    private static bool TryReadList(OptionSpec spec, SourceNode node, ProblemList problems, out object? value)
    {
        value = null;
        if (MappingReader.Items(node, Expected(spec), problems) is not { } items)
        {
            return false;
        }

        bool right = true;
        var read = new List<object?>(items.Count);
        foreach (SourceNode item in items)
        {
            if (TryReadScalar(spec, item, out object? element))
            {
                read.Add(element);
            }
            else
            {
                right = false;
                problems.AddExpected(item, ExpectedElement(spec));
            }
        }

        if (right)
        {
            value = spec.Kind switch
            {
                OptionKind.IntegerList => read.Cast<long>().ToArray(),
                OptionKind.NumberList => read.Cast<double>().ToArray(),
                _ => read.Cast<string>().ToArray(),
            };
        }

        return right;
    }

    private static bool TryReadScalar(OptionSpec spec, SourceNode node, out object? value)
    {
        value = null;
        switch (spec.Kind)
        {
            case OptionKind.Integer or OptionKind.IntegerList:
                bool isInteger = CoreSchema.TryInteger(node, out long integer) && integer is >= int.MinValue and <= int.MaxValue;
                value = integer;
                return isInteger && InRange(spec, integer);
            case OptionKind.Number or OptionKind.NumberList:
                bool isNumber = CoreSchema.TryNumber(node, out double number);
                value = number;
                return isNumber && InRange(spec, number);
            case OptionKind.Boolean:
                bool isBoolean = CoreSchema.TryBoolean(node, out bool boolean);
                value = boolean;
                return isBoolean;
            default:
                value = node.Text;
                return node.Kind == SourceKind.Scalar && !CoreSchema.IsNull(node);
        }
    }

    private static bool InRange(OptionSpec spec, double value) =>
        value >= (spec.Minimum ?? double.NegativeInfinity) && value <= (spec.Maximum ?? double.PositiveInfinity);

    private static string Expected(OptionSpec spec) => spec.Kind switch
    {
        OptionKind.IntegerList => $"a list such as [1, 2], each item {ExpectedElement(spec)}",
        OptionKind.NumberList => $"a list such as [0.1, 0.2], each item {ExpectedElement(spec)}",
        OptionKind.TextList => "a list of texts such as [a, b]",
        OptionKind.Boolean => "true or false",
        OptionKind.StudentLayers => "a list of paths of layers of the student, such as [layer1, layer2]",
        OptionKind.TeacherLayers => "a list of paths of layers of the teacher, such as [layer1, layer2]",
        OptionKind.StudentLayer => "the path of a layer of the student",
        OptionKind.TeacherLayer => "the path of a layer of the teacher",
        OptionKind.Text => spec.Choices is { } choices ? $"one of {string.Join(", ", choices)}" : "a text",
        _ => ExpectedElement(spec),
    };

    private static string ExpectedElement(OptionSpec spec)
    {
        if (spec.Kind is OptionKind.StudentLayers or OptionKind.TeacherLayers)
        {
            return "the path of a layer";
        }

        if (spec.Kind == OptionKind.TextList)
        {
            return "a text";
        }

        string kind = spec.Kind is OptionKind.Integer or OptionKind.IntegerList ? "a whole number" : "a number";
        return (spec.Minimum, spec.Maximum) switch
        {
            (null, null) => kind,
            ({ } low, null) => $"{kind} of at least {Show(low)}",
            (null, { } high) => $"{kind} of at most {Show(high)}",
            ({ } low, { } high) => $"{kind} from {Show(low)} to {Show(high)}",
        };
    }

    private static string Show(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
