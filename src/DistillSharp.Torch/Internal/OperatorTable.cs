using System.Reflection;
using System.Text;
using DistillSharp.Torch.Internal;

namespace DistillSharp.Torch;

/// <summary>The operators of <c>Operators.aten</c>, looked up once and checked against the libtorch that is loaded.</summary>
internal static unsafe partial class OperatorTable
{
    private static readonly nint[] Handles = Load();

    // Only a trace asks for them.
    private static readonly Lazy<OperatorSchema[]> s_schemas = new(() => OperatorSchema.Lines(ReadList()).Select(OperatorSchema.Parse).ToArray());

    public static void Call(int index, Value* arguments, int argumentCount, Value* results, int resultCount)
    {
        if (Native.OperatorCall(Handles[index], arguments, argumentCount, results, &resultCount) != 0)
        {
            throw Native.LastError();
        }

        OperatorTrace.Current?.Record(s_schemas.Value[index], arguments, argumentCount, results, resultCount);
    }

    /// <summary>Looks every operator up now, so that a libtorch that does not fit is found at start-up.</summary>
    public static int EnsureLoaded() => Handles.Length;

    private static nint[] Load()
    {
        string list = ReadList();
        return Resolve(list, Count);
    }

    /// <summary>Finds every schema of a list; one error names all that are missing or differ.</summary>
    internal static nint[] Resolve(string list, int count)
    {
        var handles = new List<nint>(count);
        var problems = new List<string>();
        foreach (string line in OperatorSchema.Lines(list))
        {
            OperatorSchema wanted = OperatorSchema.Parse(line);
            nint handle;
            fixed (byte* name = Encoding.UTF8.GetBytes("aten::" + wanted.Name + "\0"))
            fixed (byte* overload = Encoding.UTF8.GetBytes(wanted.Overload + "\0"))
            {
                Native.Check(Native.OperatorFind(name, overload, &handle));
            }

            handles.Add(handle);
            if (handle == 0)
            {
                problems.Add($"{wanted.FullName}: this libtorch has no such operator");
                continue;
            }

            byte* text;
            Native.Check(Native.OperatorSchemaText(handle, &text));
            if (wanted.DifferenceFrom(OperatorSchema.Parse(Native.TakeText(text))) is { } difference)
            {
                problems.Add($"{wanted.FullName}: {difference}");
            }
        }

        return problems.Count == 0
            ? handles.ToArray()
            : throw new TorchException(
                $"The libtorch that is loaded ({Native.Version()}) does not fit: {problems.Count} of {handles.Count} operators differ.\n  "
                + string.Join("\n  ", problems));
    }

    /// <summary>The text of <c>Operators.aten</c> that the assembly was built with.</summary>
    internal static string ReadList()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Operators.aten")
            ?? throw new InvalidOperationException("The assembly was built without its list of operators.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
