using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using DistillSharp.Torch.Internal;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace DistillSharp.Torch.SourceGenerator;

/// <summary>
/// Turns <c>Operators.aten</c> into typed C# methods: operators on <c>self</c> become methods of <c>Tensor</c>,
/// the others static methods of <c>Operators</c>; a trailing underscore becomes <c>InPlace</c>.
/// </summary>
[Generator]
public sealed class OperatorGenerator : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor BadSchema = new(
        "DSTORCH001", "Not an operator schema", "{0}", "Operators", DiagnosticSeverity.Error, isEnabledByDefault: true);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<string> lists = context.AdditionalTextsProvider
            .Where(static file => Path.GetFileName(file.Path) == "Operators.aten")
            .Select(static (file, cancel) => file.GetText(cancel)?.ToString() ?? "");
        context.RegisterSourceOutput(lists, Generate);
    }

    private static void Generate(SourceProductionContext context, string text)
    {
        var schemas = new List<OperatorSchema>();
        foreach (string line in OperatorSchema.Lines(text))
        {
            try
            {
                schemas.Add(OperatorSchema.Parse(line));
            }
            catch (FormatException e)
            {
                context.ReportDiagnostic(Diagnostic.Create(BadSchema, Location.None, e.Message));
            }
        }

        var tensorMethods = new StringBuilder();
        var staticMethods = new StringBuilder();
        for (int i = 0; i < schemas.Count; i++)
        {
            try
            {
                bool onTensor = schemas[i].Arguments.Count > 0 && schemas[i].Arguments[0] is { Type: "Tensor", Name: "self" };
                new MethodWriter(schemas[i], i, onTensor).WriteTo(onTensor ? tensorMethods : staticMethods);
            }
            catch (FormatException e)
            {
                context.ReportDiagnostic(Diagnostic.Create(BadSchema, Location.None, e.Message));
            }
        }

        const string Header = "// Generated from Operators.aten.\n#nullable enable\nusing System;\nusing DistillSharp.Torch.Internal;\n\nnamespace DistillSharp.Torch;\n\n";
        context.AddSource("Tensor.Operators.g.cs", SourceText.From(
            Header + "public sealed unsafe partial class Tensor\n{\n" + tensorMethods + "}\n", Encoding.UTF8));
        context.AddSource("Operators.g.cs", SourceText.From(
            Header + "public static unsafe partial class Operators\n{\n" + staticMethods + "}\n", Encoding.UTF8));
        context.AddSource("OperatorTable.g.cs", SourceText.From(
            Header + "internal static partial class OperatorTable\n{\n    private const int Count = " + schemas.Count + ";\n}\n", Encoding.UTF8));
    }
}
