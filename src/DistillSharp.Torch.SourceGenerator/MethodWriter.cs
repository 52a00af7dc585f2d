using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using DistillSharp.Torch.Internal;

namespace DistillSharp.Torch.SourceGenerator;

/// <summary>Writes the C# method of one operator.</summary>
internal sealed class MethodWriter
{
    private static readonly HashSet<string> Keywords = ["implicit", "default", "base", "out", "in", "ref", "params", "checked", "fixed", "is", "as"];

    private readonly OperatorSchema _schema;
    private readonly int _index;
    private readonly bool _onTensor;

    public MethodWriter(OperatorSchema schema, int index, bool onTensor)
    {
        _schema = schema;
        _index = index;
        _onTensor = onTensor;
    }

    public void WriteTo(StringBuilder output)
    {
        List<Parameter> parameters = _schema.Arguments.Select((a, i) => new Parameter(a, i, _onTensor && i == 0)).ToList();
        string declared = string.Join(", ", parameters.Where(p => p.Declared).Select(p => p.Declaration));
        bool chained = _onTensor && _schema.IsInPlace;
        int results = chained ? 0 : _schema.Returns.Count;
        string returned = chained ? "Tensor" : ReturnType();
        output.AppendLine($"    /// <summary>ATen's <c>{Escape(_schema.FullName)}</c>.</summary>");
        output.AppendLine($"    public {(_onTensor ? "" : "static ")}{returned} {Pascal(_schema.Name)}({declared})");
        output.AppendLine("    {");
        output.AppendLine($"        Value* a = stackalloc Value[{parameters.Count}];");
        int indent = 2;
        foreach (Parameter p in parameters)
        {
            foreach (string line in p.Prepare())
            {
                Line(output, indent, line);
            }
        }

        foreach (string fix in parameters.SelectMany(p => p.Fixes()))
        {
            Line(output, indent, fix);
        }

        Line(output, indent, "{");
        indent++;
        foreach (Parameter p in parameters)
        {
            Line(output, indent, $"a[{p.Index}] = {p.Value};");
        }

        Line(output, indent, $"Value* r = stackalloc Value[{Math.Max(1, results)}];");
        Line(output, indent, $"OperatorTable.Call({_index}, a, {parameters.Count}, r, {results});");
        foreach (Parameter p in parameters.Where(p => p.KeepAlive is not null))
        {
            Line(output, indent, p.KeepAlive!);
        }

        if (returned != "void")
        {
            Line(output, indent, "return " + (chained ? "this" : ReturnValue()) + ";");
        }

        Line(output, indent - 1, "}");
        output.AppendLine("    }");
        output.AppendLine();
    }

    private static void Line(StringBuilder output, int indent, string text) => output.Append(' ', indent * 4).AppendLine(text);

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;");

    private string ReturnType() => _schema.Returns.Count switch
    {
        0 => "void",
        1 => Returned(_schema.Returns[0]),
        _ => "(" + string.Join(", ", _schema.Returns.Select(Returned)) + ")",
    };

    private string ReturnValue() => _schema.Returns.Count == 1
        ? Read(_schema.Returns[0], 0)
        : "(" + string.Join(", ", _schema.Returns.Select(Read)) + ")";

    private string Returned(string type) => type switch
    {
        "Tensor" => "Tensor",
        "Tensor[]" => "Tensor[]",
        "bool" => "bool",
        "int" => "long",
        "float" => "double",
        _ => throw new FormatException($"{_schema.FullName}: no C# type is known for the returned '{type}'"),
    };

    private static string Read(string type, int index) => type switch
    {
        "Tensor" => $"r[{index}].TakeTensor()",
        "Tensor[]" => $"r[{index}].TakeTensors()",
        "bool" => $"r[{index}].Integer != 0",
        "int" => $"r[{index}].Integer",
        _ => $"r[{index}].Number",
    };

    private static string Pascal(string name)
    {
        string core = name.TrimEnd('_');
        string pascal = string.Concat(core.Split(['_'], StringSplitOptions.RemoveEmptyEntries).Select(w => char.ToUpperInvariant(w[0]) + w.Substring(1)));
        return name.EndsWith("_", StringComparison.Ordinal) ? pascal + "InPlace" : pascal;
    }

    private sealed class Parameter
    {
        private readonly OperatorArgument _argument;
        private readonly bool _isThis;
        private readonly string _name;

        public Parameter(OperatorArgument argument, int index, bool isThis)
        {
            _argument = argument;
            Index = index;
            _isThis = isThis;
            _name = Camel(argument.Name);
        }

        public int Index { get; }

        // Layout and pinned memory are never chosen here: the loaded schema's default stands.
        public bool Declared => !_isThis && _argument.Type is not "Layout?" && _argument.Name != "pin_memory";

        public string Declaration
        {
            get
            {
                (string type, string? fallback) = (_argument.Type, _argument.Default) switch
                {
                    ("Tensor", _) => ("Tensor", null),
                    ("Tensor?", null) => ("Tensor?", null),
                    ("Tensor?", _) => ("Tensor?", "null"),
                    ("Tensor[]", _) => ("ReadOnlySpan<Tensor>", null),
                    ("Tensor?[]", _) => ("ReadOnlySpan<Tensor?>", (string?)null),
                    ("int", null) => ("long", null),
                    ("int", string d) => ("long", d),
                    ("int?", null) => ("long?", null),
                    ("int?", _) => ("long?", "null"),
                    ("int[]", null) => ("ReadOnlySpan<long>", null),
                    ("int[]", _) => ("long[]?", "null"),
                    ("int[]?", null) => ("long[]?", null),
                    ("int[]?", _) => ("long[]?", "null"),
                    ("float", null) => ("double", null),
                    ("float", string d) => ("double", Number(d)),
                    ("float?", _) => ("double?", _argument.Default is null ? null : "null"),
                    ("bool", null) => ("bool", null),
                    ("bool", string d) => ("bool", d.ToLowerInvariant()),
                    ("bool?", _) => ("bool?", _argument.Default is null ? null : "null"),
                    ("Scalar", null) => ("Scalar", null),
                    ("Scalar", _) => ("Scalar?", "null"),
                    ("Scalar?", _) => ("Scalar?", _argument.Default is null ? null : "null"),
                    ("ScalarType?", _) => ("DType?", "null"),
                    ("Device?", _) => ("Device?", "null"),
                    ("MemoryFormat", _) => ("MemoryFormat?", "null"),
                    ("MemoryFormat?", _) => ("MemoryFormat?", "null"),
                    ("Generator?", null) => ("Generator?", null),
                    ("Generator?", _) => ("Generator?", "null"),
                    ("str", null) => ("string", null),
                    ("str", string d) => ("string", "\"" + d.Trim('"', '\'') + "\""),
                    _ => throw new FormatException($"No C# type is known for the argument '{_argument.Type} {_argument.Name}'"),
                };
                return type + " " + _name + (fallback is null ? "" : " = " + fallback);
            }
        }

        public string Value => !Declared && !_isThis
            ? "default"
            : _argument.Type switch
            {
                "Tensor" => $"Internal.Value.Of({(_isThis ? "this" : _name)})",
                "Tensor?" => $"Internal.Value.OfOptional({_name})",
                "Tensor[]" => $"Internal.Value.OfTensors({_name}Handles, {_name}.Length)",
                "Tensor?[]" => $"Internal.Value.OfOptionalTensors({_name}Handles, {_name}.Length)",
                "int[]" when _argument.Default is null => $"Internal.Value.OfIntegers({_name}Pointer, {_name}.Length)",
                "int[]" => $"{_name} is null ? default : Internal.Value.OfIntegers({_name}Pointer, {_name}.Length)",
                "int[]?" => $"{_name} is null ? Internal.Value.None : Internal.Value.OfIntegers({_name}Pointer, {_name}.Length)",
                "Scalar" when _argument.Default is not null => $"{_name} is null ? default : Internal.Value.Of({_name}.Value)",
                "ScalarType?" => $"{_name} is null ? {Absent} : Internal.Value.Of((long){_name}.Value)",
                "MemoryFormat" or "MemoryFormat?" => $"{_name} is null ? {Absent} : Internal.Value.Of((long){_name}.Value)",
                "str" => $"Internal.Value.OfText({_name}Pointer, {_name}Bytes.Length)",
                "Generator?" => $"{_name} is null ? Internal.Value.None : Internal.Value.Of({_name})",
                "int?" or "float?" or "bool?" or "Scalar?" or "Device?" => $"{_name} is null ? Internal.Value.None : Internal.Value.Of({_name}.Value)",
                _ => $"Internal.Value.Of({_name})",
            };

        public string? KeepAlive => _isThis
            ? "GC.KeepAlive(this);"
            : _argument.Type switch
            {
                "Tensor" or "Tensor?" or "Generator?" => $"GC.KeepAlive({_name});",
                "Tensor[]" or "Tensor?[]" => $"Internal.Value.KeepAlive({_name});",
                _ => null,
            };

        private string Absent => _argument.Default is null or "None" ? "Internal.Value.None" : "default";

        public IEnumerable<string> Prepare()
        {
            if (_argument.Type is "Tensor[]" or "Tensor?[]")
            {
                yield return $"Span<nint> {_name}Span = {_name}.Length <= 128 ? stackalloc nint[128] : new nint[{_name}.Length];";
                yield return $"Internal.Value.{(_argument.Type == "Tensor[]" ? "Handles" : "OptionalHandles")}({_name}, {_name}Span);";
            }
            else if (_argument.Type == "str")
            {
                yield return $"byte[] {_name}Bytes = System.Text.Encoding.UTF8.GetBytes({_name});";
            }
        }

        public IEnumerable<string> Fixes()
        {
            switch (_argument.Type)
            {
                case "Tensor[]" or "Tensor?[]":
                    yield return $"fixed (nint* {_name}Handles = {_name}Span)";
                    break;
                case "int[]" or "int[]?":
                    yield return $"fixed (long* {_name}Pointer = {_name})";
                    break;
                case "str":
                    yield return $"fixed (byte* {_name}Pointer = {_name}Bytes)";
                    break;
            }
        }

        private static string Number(string text) =>
            double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);

        private static string Camel(string name)
        {
            string[] words = name.Split(['_'], StringSplitOptions.RemoveEmptyEntries);
            string camel = words[0] + string.Concat(words.Skip(1).Select(w => char.ToUpperInvariant(w[0]) + w.Substring(1)));
            return Keywords.Contains(camel) ? "@" + camel : camel;
        }
    }
}
