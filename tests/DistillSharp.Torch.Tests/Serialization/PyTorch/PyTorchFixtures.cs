using DistillSharp.Torch.Serialization;

namespace DistillSharp.Torch.Tests.Serialization;

/// <summary>The files that PyTorch 1.13 wrote with <c>tests/fixtures/pytorch/make_pth_fixtures.py</c>.</summary>
internal static class PyTorchFixtures
{
    public static string Path(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "DistillSharp.slnx")))
            {
                return System.IO.Path.Combine(folder.FullName, "tests", "fixtures", "pytorch", name);
            }
        }

        throw new DirectoryNotFoundException("The tests do not lie in the repository.");
    }

    /// <summary>The tensors of a dictionary by name, read.</summary>
    public static Dictionary<string, Tensor> ReadAll(PyTorchFile file) => ReadAll(file, file.Root);

    public static Dictionary<string, Tensor> ReadAll(PyTorchFile file, object? dictionary) =>
        ((PickledDictionary)dictionary!).Entries.Where(e => e.Value is StoredTensor).ToDictionary(e => (string)e.Key!, e => file.Read((StoredTensor)e.Value!));

    public static object? At(object? dictionary, string key) => ((PickledDictionary)dictionary!).Entries.Last(e => e.Key is string k && k == key).Value;
}
