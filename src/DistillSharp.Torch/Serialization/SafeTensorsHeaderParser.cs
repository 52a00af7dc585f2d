using System.Text.Json;
using System.Text.Unicode;

namespace DistillSharp.Torch.Serialization;

/// <summary>Reads a header and checks all of it against the length of the file before anything is allocated for data.</summary>
internal ref struct SafeTensorsHeaderParser
{
    private const int MaxDepth = 3; // { name: { shape: [ ... ] } }

    private readonly string _file;
    private readonly long _dataLength;
    private readonly int _headerLength;
    private readonly List<SafeTensorsEntry> _entries = [];
    private readonly Dictionary<string, string> _metadata = [];
    private Utf8JsonReader _reader;

    private SafeTensorsHeaderParser(string file, ReadOnlySpan<byte> json, long dataLength)
    {
        _file = file;
        _dataLength = dataLength;
        _headerLength = json.Length;
        _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>Reads the header's JSON.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="json">The header.</param>
    /// <param name="dataLength">The bytes of the file after the header.</param>
    /// <exception cref="SafeTensorsException">The header is unsound.</exception>
    public static SafeTensorsHeader Parse(string file, ReadOnlySpan<byte> json, long dataLength)
    {
        if (!Utf8.IsValid(json))
        {
            throw new SafeTensorsException(file, "Header", "UTF-8", "bytes that are not");
        }

        if (json.IsEmpty || json[0] != (byte)'{')
        {
            throw new SafeTensorsException(file, "Header, byte 8", "'{'", json.IsEmpty ? "an empty header" : $"the byte 0x{json[0]:x2}");
        }

        var parser = new SafeTensorsHeaderParser(file, json, dataLength);
        try
        {
            parser.ReadAll();
        }
        catch (JsonException e)
        {
            throw parser.Error("a JSON object of tensors", Text.Shorten(e.Message.Split(" LineNumber:")[0].TrimEnd('.')));
        }
        catch (InvalidOperationException)
        {
            throw parser.Error("text", "an escape that stands for no character");
        }

        parser.CheckCoverage();
        return new SafeTensorsHeader(parser._entries, parser._metadata, SafeTensorsFormat.LengthBytes + json.Length, dataLength);
    }

    private void ReadAll()
    {
        var names = new HashSet<string>();
        _reader.Read();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = _reader.GetString()!;
            if (!names.Add(name))
            {
                throw Error("every name once", Text.Quote(name) + " a second time");
            }

            if (name == SafeTensorsFormat.MetadataName)
            {
                ReadMetadata();
            }
            else
            {
                ReadEntry(name);
            }
        }

        _reader.Read(); // past the last brace only white space is allowed; anything else is an error of JSON
    }

    private void ReadMetadata()
    {
        Expect(JsonTokenType.StartObject, SafeTensorsFormat.MetadataName, "an object of texts");
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = _reader.GetString()!;
            Expect(JsonTokenType.String, SafeTensorsFormat.MetadataName + ", " + Text.Quote(key), "text");
            if (!_metadata.TryAdd(key, _reader.GetString()!))
            {
                throw Error("every key of the metadata once", Text.Quote(key) + " a second time");
            }
        }
    }

    private void ReadEntry(string name)
    {
        string place = "Tensor " + Text.Quote(name);
        Expect(JsonTokenType.StartObject, place, "an object with dtype, shape and data_offsets");
        DType? dtype = null;
        List<long>? shape = null, offsets = null;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = _reader.GetString()!;
            bool repeated = key switch
            {
                "dtype" => dtype is not null,
                "shape" => shape is not null,
                "data_offsets" => offsets is not null,
                _ => throw new SafeTensorsException(_file, place, "the keys dtype, shape and data_offsets", Text.Quote(key)),
            };
            if (repeated)
            {
                throw new SafeTensorsException(_file, place, "every key once", key + " a second time");
            }

            switch (key)
            {
                case "dtype":
                    dtype = ReadType(place);
                    break;
                case "shape":
                    shape = ReadIntegers(place + ", shape", SafeTensorsFormat.MaxDimensions, "dimensions");
                    break;
                default:
                    offsets = ReadIntegers(place + ", data_offsets", 2, "numbers");
                    break;
            }
        }

        if (dtype is null || shape is null || offsets is null)
        {
            throw new SafeTensorsException(
                _file, place, "dtype, shape and data_offsets", "no " + (dtype is null ? "dtype" : shape is null ? "shape" : "data_offsets"));
        }

        CheckEntry(place, dtype.Value, shape, offsets);
        _entries.Add(new SafeTensorsEntry(name, dtype.Value, shape, offsets[0], offsets[1]));
    }

    private DType ReadType(string place)
    {
        Expect(JsonTokenType.String, place + ", dtype", "text");
        string name = _reader.GetString()!;
        return SafeTensorsFormat.TypeOf(name) ?? throw new SafeTensorsException(
            _file,
            place + ", dtype",
            SafeTensorsFormat.SupportedTypes,
            SafeTensorsFormat.IsOtherType(name) ? name + ", which this engine has no elements for (convert the tensor before saving it)" : Text.Quote(name));
    }

    private List<long> ReadIntegers(string place, int most, string what)
    {
        Expect(JsonTokenType.StartArray, place, "a list of whole numbers");
        var numbers = new List<long>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out long number) || number < 0)
            {
                throw new SafeTensorsException(_file, place, $"whole numbers from 0 to {long.MaxValue}", Found());
            }

            if (numbers.Count == most)
            {
                throw new SafeTensorsException(_file, place, $"at most {most} {what}", "more");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    private readonly void CheckEntry(string place, DType dtype, List<long> shape, List<long> offsets)
    {
        if (offsets.Count != 2 || offsets[0] > offsets[1])
        {
            throw new SafeTensorsException(_file, place + ", data_offsets", "a begin and an end that is not before it", $"[{string.Join(", ", offsets)}]");
        }

        if (offsets[1] > _dataLength)
        {
            throw new SafeTensorsException(_file, place + ", data_offsets", $"an end within the file's {_dataLength} bytes of data", $"{offsets[1]} (is the file cut off?)");
        }

        string sizes = $"the shape [{string.Join(", ", shape)}]";
        long bytes = SafeTensorsFormat.ByteCount(shape, dtype)
            ?? throw new SafeTensorsException(_file, place + ", shape", "a number of elements that fits 64 bits", sizes);
        if (bytes != offsets[1] - offsets[0])
        {
            throw new SafeTensorsException(
                _file, place + ", data_offsets", $"{bytes} bytes for {dtype} and {sizes}", $"{offsets[1] - offsets[0]} bytes ([{offsets[0]}, {offsets[1]}])");
        }
    }

    // Every byte of the data belongs to one tensor: no overlap, no hole, nothing after the last.
    private readonly void CheckCoverage()
    {
        SafeTensorsEntry[] sorted = [.. _entries];
        Array.Sort(sorted, static (a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        long end = 0;
        string before = "the start of the data";
        foreach (SafeTensorsEntry entry in sorted)
        {
            if (entry.Begin != end)
            {
                throw new SafeTensorsException(
                    _file,
                    "Tensor " + Text.Quote(entry.Name) + ", data_offsets",
                    $"a begin of {end}, where {before} ends",
                    entry.Begin < end ? $"{entry.Begin}: the two overlap" : $"{entry.Begin}: a hole that no tensor covers");
            }

            end = entry.End;
            before = Text.Quote(entry.Name);
        }

        if (end != _dataLength)
        {
            throw new SafeTensorsException(_file, "Data", $"{end} bytes, as the header says", $"{_dataLength}");
        }
    }

    private void Expect(JsonTokenType token, string place, string expected)
    {
        _reader.Read();
        if (_reader.TokenType != token)
        {
            throw new SafeTensorsException(_file, place, expected, Found());
        }
    }

    private readonly string Found() => _reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "text",
        JsonTokenType.Number => Text.Shorten(System.Text.Encoding.UTF8.GetString(_reader.ValueSpan)),
        JsonTokenType.True or JsonTokenType.False => "a truth value",
        _ => "null",
    };

    private readonly SafeTensorsException Error(string expected, string found) =>
        new(_file, $"Header, near byte {SafeTensorsFormat.LengthBytes + _reader.BytesConsumed} of {SafeTensorsFormat.LengthBytes + _headerLength}", expected, found);
}
