using System.Text.Json.Nodes;
using DistillSharp.Conformance;

namespace DistillSharp.Tests.Conformance;

/// <summary>A folder with changed copies of the golden fixtures, gone after the test.</summary>
internal sealed class FixtureFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("distillsharp-fixtures-").FullName;

    /// <summary>Where the golden fixtures lie.</summary>
    public static string Golden => GoldenFile.Folder();

    /// <summary>Copies a golden file, changed.</summary>
    public FixtureFolder With(string golden, Action<JsonObject> change, string? name = null)
    {
        JsonObject root = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(Golden, golden)))!.AsObject();
        change(root);
        return WithText(name ?? golden, root.ToJsonString());
    }

    /// <summary>Writes a file.</summary>
    public FixtureFolder WithText(string name, string text)
    {
        string file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return this;
    }

    public ConformanceReport Run(double tolerance = ConformanceRunner.DefaultTolerance) => ConformanceRunner.Run(Path, tolerance: tolerance);

    /// <summary>The only fixture of the folder.</summary>
    public FixtureResult Single(double tolerance = ConformanceRunner.DefaultTolerance) => Assert.Single(Run(tolerance).Fixtures);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
