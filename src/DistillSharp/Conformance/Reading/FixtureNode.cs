using System.Text.Json;

namespace DistillSharp.Conformance.Reading;

/// <summary>A value of a fixture file with its path, e.g. <c>inputs.student[0].shape</c>, so that every problem can name its place.</summary>
internal readonly struct FixtureNode(JsonElement element, string path)
{
    private const long MostElements = 1L << 28;

    /// <summary>Where the value stands in the file; empty at the top.</summary>
    public string Path => path;

    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    public bool IsList => element.ValueKind == JsonValueKind.Array;

    public bool IsText => element.ValueKind == JsonValueKind.String;

    public bool IsNull => element.ValueKind == JsonValueKind.Null;

    /// <summary>The value of a name.</summary>
    /// <exception cref="FixtureException">There is none.</exception>
    public FixtureNode Get(string name) => Find(name) ?? throw new FixtureException(path, $"the key '{name}' is missing.");

    /// <summary>The value of a name that may be left out.</summary>
    public FixtureNode? Find(string name) => Require(JsonValueKind.Object, "an object").TryGetProperty(name, out JsonElement value)
        ? new FixtureNode(value, path.Length == 0 ? name : $"{path}.{name}")
        : null;

    /// <summary>A number that may be left out.</summary>
    public double Number(string name, double fallback) => Find(name)?.Number() ?? fallback;

    /// <summary>The names with their values, in the file's order.</summary>
    public IReadOnlyList<KeyValuePair<string, FixtureNode>> Properties()
    {
        string prefix = path.Length == 0 ? "" : path + ".";
        return [.. Require(JsonValueKind.Object, "an object").EnumerateObject().Select(p => KeyValuePair.Create(p.Name, new FixtureNode(p.Value, prefix + p.Name)))];
    }

    /// <summary>The values of a list.</summary>
    public IReadOnlyList<FixtureNode> Items()
    {
        string prefix = path;
        return [.. Require(JsonValueKind.Array, "a list").EnumerateArray().Select((e, i) => new FixtureNode(e, FormattableString.Invariant($"{prefix}[{i}]")))];
    }

    /// <summary>Checks that an object has no other keys than these. Others may hold text, which is a remark and states nothing to compute.</summary>
    /// <exception cref="FixtureException">There is one, which would otherwise be passed over in silence.</exception>
    public void AllowOnly(params ReadOnlySpan<string> known)
    {
        foreach ((string name, FixtureNode value) in Properties())
        {
            if (!known.Contains(name) && !value.IsText)
            {
                throw new FixtureException(value.Path, $"the format has no such key here; known are {string.Join(", ", known.ToArray().Order(StringComparer.Ordinal))}.");
            }
        }
    }

    public string Text() => Require(JsonValueKind.String, "text").GetString()!;

    public bool Boolean() => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new FixtureException(path, $"true or false was expected, found {Describe()}."),
    };

    /// <summary>A finite number.</summary>
    public double Number()
    {
        double value = Require(JsonValueKind.Number, "a number").GetDouble();
        return double.IsFinite(value) ? value : throw new FixtureException(path, $"a finite number was expected, found {Describe()}.");
    }

    /// <summary>A number above 0.</summary>
    public double PositiveNumber()
    {
        double value = Number();
        return value > 0 ? value : throw new FixtureException(path, $"a number above 0 was expected, found {Describe()}.");
    }

    /// <summary>A whole number in a range.</summary>
    public int Integer(int least = 0, int most = int.MaxValue)
    {
        double value = Number();
        return value == Math.Floor(value) && value >= least && value <= most
            ? (int)value
            : throw new FixtureException(path, $"a whole number from {least} to {most} was expected, found {Describe()}.");
    }

    /// <summary>Sizes of a tensor; their product is bounded, so that no file can ask for more memory than it has a use for.</summary>
    public long[] Shape()
    {
        var sizes = new List<long>();
        long count = 1;
        foreach (FixtureNode item in Items())
        {
            long size = item.Integer();
            sizes.Add(size);
            if ((count *= size) > MostElements)
            {
                throw new FixtureException(path, $"a shape of at most {MostElements} elements was expected, found {Describe()}.");
            }
        }

        return [.. sizes];
    }

    /// <summary>Numbers: an object of <c>shape</c> and <c>data</c>, or lists in lists, or one number.</summary>
    public FixtureTensor Tensor()
    {
        if (!IsObject)
        {
            var nested = new List<double>();
            long[] sizes = Flatten(nested);
            return new FixtureTensor(path, sizes, [.. nested]);
        }

        AllowOnly("shape", "data");
        long[] shape = Get("shape").Shape();
        FixtureNode data = Get("data");
        double[] values = data.Numbers();
        long count = shape.Aggregate(1L, (a, b) => a * b);
        return count == values.Length
            ? new FixtureTensor(path, shape, values)
            : throw new FixtureException(data.Path, $"{count} numbers were expected for the shape [{string.Join(", ", shape)}], found {values.Length}.");
    }

    /// <summary>A list of finite numbers.</summary>
    public double[] Numbers()
    {
        JsonElement list = Require(JsonValueKind.Array, "a list of numbers");
        var values = new double[list.GetArrayLength()];
        int at = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            // The path of an element is only put together where it is needed: lists are long.
            values[at] = item.ValueKind == JsonValueKind.Number && item.GetDouble() is var value && double.IsFinite(value)
                ? value
                : new FixtureNode(item, FormattableString.Invariant($"{path}[{at}]")).Number();
            at++;
        }

        return values;
    }

    /// <summary>The value in a few words, for messages.</summary>
    public string Describe() => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => element.GetArrayLength() <= 6 ? element.GetRawText() : $"a list of {element.GetArrayLength()}",
        JsonValueKind.String => $"the text '{element.GetString()}'",
        _ => element.GetRawText(),
    };

    private long[] Flatten(List<double> into)
    {
        if (!IsList)
        {
            into.Add(Number());
            return [];
        }

        if (element.GetArrayLength() > 0 && element[0].ValueKind == JsonValueKind.Number)
        {
            into.AddRange(Numbers());
            return [element.GetArrayLength()];
        }

        long[]? inner = null;
        IReadOnlyList<FixtureNode> items = Items();
        foreach (FixtureNode item in items)
        {
            long[] shape = item.Flatten(into);
            inner ??= shape;
            if (!inner.AsSpan().SequenceEqual(shape))
            {
                throw new FixtureException(item.Path, $"the shape [{string.Join(", ", inner)}] was expected, as in the entries before, found [{string.Join(", ", shape)}].");
            }
        }

        return [items.Count, .. inner ?? []];
    }

    private JsonElement Require(JsonValueKind kind, string expected) => element.ValueKind == kind
        ? element
        : throw new FixtureException(path, $"{expected} was expected, found {Describe()}.");
}
