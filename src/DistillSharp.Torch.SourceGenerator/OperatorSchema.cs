#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;

namespace DistillSharp.Torch.Internal;

/// <summary>One operator's schema in ATen's notation: <c>name.overload(Type name=default, *, ...) -> Type</c>.</summary>
/// <remarks>Shared by the source generator, which writes the C# method, and the engine, which checks the loaded libtorch.</remarks>
internal sealed class OperatorSchema
{
    private OperatorSchema(string name, string overload, IReadOnlyList<OperatorArgument> arguments, IReadOnlyList<string> returns)
    {
        Name = name;
        Overload = overload;
        Arguments = arguments;
        Returns = returns;
    }

    /// <summary>The name without <c>aten::</c> and without the overload.</summary>
    public string Name { get; }

    /// <summary>The overload's name; empty for the default overload.</summary>
    public string Overload { get; }

    public IReadOnlyList<OperatorArgument> Arguments { get; }

    /// <summary>The types returned, without alias annotations.</summary>
    public IReadOnlyList<string> Returns { get; }

    public string FullName => Overload.Length == 0 ? Name : Name + "." + Overload;

    public bool IsInPlace => Name.EndsWith("_", StringComparison.Ordinal);

    /// <summary>The lines of an operator list that hold a schema (no blank lines, no <c>#</c> comments).</summary>
    public static IEnumerable<string> Lines(string text)
    {
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim();
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line;
            }
        }
    }

    /// <summary>Parses one schema; alias annotations are dropped and <c>SymInt</c> reads as <c>int</c>.</summary>
    /// <exception cref="FormatException">The text is not a schema.</exception>
    public static OperatorSchema Parse(string text)
    {
        string clean = DropAliases(text).Replace("SymInt", "int");
        int open = clean.IndexOf('(');
        int arrow = clean.LastIndexOf("->", StringComparison.Ordinal);
        int close = arrow < 0 ? -1 : clean.LastIndexOf(')', arrow);
        if (open <= 0 || close < open)
        {
            throw new FormatException("Not an operator schema: " + text);
        }

        string full = clean.Substring(0, open).Trim();
        if (full.StartsWith("aten::", StringComparison.Ordinal))
        {
            full = full.Substring(6);
        }

        int dot = full.IndexOf('.');
        var arguments = new List<OperatorArgument>();
        foreach (string part in SplitTopLevel(clean.Substring(open + 1, close - open - 1)))
        {
            if (part != "*")
            {
                arguments.Add(OperatorArgument.Parse(part));
            }
        }

        string returned = clean.Substring(arrow + 2).Trim();
        var returns = new List<string>();
        foreach (string part in SplitTopLevel(returned.StartsWith("(", StringComparison.Ordinal) ? returned.Substring(1, returned.Length - 2) : returned))
        {
            int space = part.IndexOf(' ');
            returns.Add(space < 0 ? part : part.Substring(0, space));
        }

        return new OperatorSchema(dot < 0 ? full : full.Substring(0, dot), dot < 0 ? "" : full.Substring(dot + 1), arguments, returns);
    }

    /// <summary>What makes the loaded operator unfit to stand for this one; null where it fits.</summary>
    public string? DifferenceFrom(OperatorSchema loaded)
    {
        for (int i = 0; i < Arguments.Count; i++)
        {
            OperatorArgument mine = Arguments[i];
            if (i >= loaded.Arguments.Count)
            {
                return "it has no argument '" + mine.Name + "'";
            }

            OperatorArgument theirs = loaded.Arguments[i];
            if (mine.Name != theirs.Name || mine.Type != theirs.Type)
            {
                return "argument " + (i + 1).ToString(CultureInfo.InvariantCulture) + " is '" + theirs.Type + " " + theirs.Name + "' where '" + mine.Type + " " + mine.Name + "' was expected";
            }

            if (mine.Default != null && theirs.Default == null)
            {
                return "argument '" + mine.Name + "' lost its default";
            }

            if (NumbersDiffer(mine.Default, theirs.Default))
            {
                return "the default of '" + mine.Name + "' is " + theirs.Default + " where " + mine.Default + " was expected";
            }
        }

        for (int i = Arguments.Count; i < loaded.Arguments.Count; i++)
        {
            if (loaded.Arguments[i].Default == null)
            {
                return "it needs a further argument '" + loaded.Arguments[i].Name + "' without a default";
            }
        }

        return string.Join(",", Returns) == string.Join(",", loaded.Returns)
            ? null
            : "it returns (" + string.Join(", ", loaded.Returns) + ") where (" + string.Join(", ", Returns) + ") was expected";
    }

    private static bool NumbersDiffer(string? mine, string? theirs) =>
        double.TryParse(mine, NumberStyles.Float, CultureInfo.InvariantCulture, out double a)
        && double.TryParse(theirs, NumberStyles.Float, CultureInfo.InvariantCulture, out double b)
        && Math.Abs(a - b) > 1e-12 * Math.Abs(a);

    // Tensor(a!) -> Tensor, Tensor(a -> *)[] -> Tensor[]: what a tensor shares memory with does not concern a caller.
    private static string DropAliases(string text)
    {
        int opening = text.IndexOf('('); // of the argument list: an overload may be called Tensor, too
        var kept = new System.Text.StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '(' && i > opening && i >= 6 && string.CompareOrdinal(text, i - 6, "Tensor", 0, 6) == 0)
            {
                i = text.IndexOf(')', i);
                continue;
            }

            kept.Append(text[i]);
        }

        return kept.ToString();
    }

    private static IEnumerable<string> SplitTopLevel(string text)
    {
        int depth = 0;
        int start = 0;
        bool quoted = false;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : ',';
            if (c == '"' || c == '\'')
            {
                quoted = !quoted;
            }
            else if (c == '(' || c == '[')
            {
                depth++;
            }
            else if (c == ')' || c == ']')
            {
                depth--;
            }
            else if (c == ',' && depth == 0 && !quoted)
            {
                string part = text.Substring(start, i - start).Trim();
                if (part.Length > 0)
                {
                    yield return part;
                }

                start = i + 1;
            }
        }
    }
}

/// <summary>One argument of an operator.</summary>
internal sealed class OperatorArgument
{
    private OperatorArgument(string type, string name, string? defaultText)
    {
        Type = type;
        Name = name;
        Default = defaultText;
    }

    /// <summary>The type without the length of a fixed-size list: <c>int[]</c> for <c>int[2]</c>.</summary>
    public string Type { get; }

    public string Name { get; }

    /// <summary>The default as text; null where there is none.</summary>
    public string? Default { get; }

    public static OperatorArgument Parse(string text)
    {
        int equals = text.IndexOf('=');
        string left = (equals < 0 ? text : text.Substring(0, equals)).Trim();
        int space = left.LastIndexOf(' ');
        if (space < 0)
        {
            throw new FormatException("Not an argument: " + text);
        }

        string type = left.Substring(0, space).Trim();
        int bracket = type.IndexOf('[');
        if (bracket >= 0)
        {
            type = type.Substring(0, bracket + 1) + type.Substring(type.IndexOf(']'));
        }

        return new OperatorArgument(type, left.Substring(space + 1), equals < 0 ? null : text.Substring(equals + 1).Trim());
    }
}
