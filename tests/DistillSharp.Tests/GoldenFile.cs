using System.Text.Json;
using DistillSharp.Torch;

namespace DistillSharp.Tests;

/// <summary>A file of <c>tests/fixtures/golden</c>: values computed in float64 by public reference implementations.</summary>
internal sealed class GoldenFile : IDisposable
{
    private readonly JsonDocument _document;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Relative to the folder, e.g. <c>losses/kd.json</c>.</param>
    public GoldenFile(string path)
    {
        string file = Path.Combine(Folder(), path.Replace('/', Path.DirectorySeparatorChar));
        _document = JsonDocument.Parse(File.ReadAllBytes(file));
    }

    /// <summary>The whole content.</summary>
    public JsonElement Root => _document.RootElement;

    /// <summary>The value at a path of property names and list positions.</summary>
    public JsonElement At(params ReadOnlySpan<object> path)
    {
        JsonElement current = Root;
        foreach (object step in path)
        {
            current = step is int position ? current[position] : current.GetProperty((string)step);
        }

        return current;
    }

    /// <summary>A number.</summary>
    public double Number(params ReadOnlySpan<object> path) => At(path).GetDouble();

    /// <summary>A tensor of real numbers.</summary>
    public Tensor Tensor(DType dtype, params ReadOnlySpan<object> path)
    {
        JsonElement value = At(path);
        return Torch.Tensor.From(Array(value.GetProperty("data"), e => e.GetDouble()), Array(value.GetProperty("shape"), e => e.GetInt64())).To(dtype);
    }

    /// <summary>A tensor of whole numbers.</summary>
    public Tensor Indices(params ReadOnlySpan<object> path)
    {
        JsonElement value = At(path);
        return Torch.Tensor.From(Array(value.GetProperty("data"), e => e.GetInt64()), Array(value.GetProperty("shape"), e => e.GetInt64()));
    }

    public void Dispose() => _document.Dispose();

    private static T[] Array<T>(JsonElement list, Func<JsonElement, T> read) => list.EnumerateArray().Select(read).ToArray();

    internal static string Folder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "tests", "fixtures", "golden");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds tests/fixtures/golden.");
    }
}
