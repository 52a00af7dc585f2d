namespace DistillSharp.Tests.Data;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("distillsharp-test-").FullName;

    public string Write(string name, byte[] content)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Six training and four test images of 2 x 3 in three classes.</summary>
    public TemporaryFolder WithSmallDataset(string separator = "-", bool gzip = false)
    {
        Put("train-images", "idx3", IdxBytes.Of([6, 2, 3], IdxBytes.Ramp(36)));
        Put("train-labels", "idx1", IdxBytes.Of([6], 0, 1, 2, 0, 1, 2));
        Put("t10k-images", "idx3", IdxBytes.Of([4, 2, 3], IdxBytes.Ramp(24)));
        Put("t10k-labels", "idx1", IdxBytes.Of([4], 2, 1, 0, 1));
        return this;

        void Put(string stem, string kind, byte[] content) =>
            Write($"{stem}{separator}{kind}-ubyte{(gzip ? ".gz" : "")}", gzip ? IdxBytes.Gzip(content) : content);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
