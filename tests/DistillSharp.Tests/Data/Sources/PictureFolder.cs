using DistillSharp.Data.Pictures;
using DistillSharp.Tests.Data.Pictures;

namespace DistillSharp.Tests.Data.Sources;

/// <summary>A folder of picture files that is gone after the test.</summary>
internal sealed class PictureFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    /// <summary>Three classes with two training images and one test image each, 6 x 4, PNG and JPEG.</summary>
    public static PictureFolder WithClasses(string test = "test")
    {
        var folder = new PictureFolder();
        foreach ((string name, int number) in new[] { ("cat", 1), ("dog", 2), ("emu", 3) })
        {
            folder.Png($"train/{name}/a.png", (byte)(10 * number));
            folder.Write($"train/{name}/b.JPG", PictureEncoder.Jpeg(PictureFiles.Smooth(6, 4, 3), 6, 4, 3));
            folder.Png($"{test}/{name}/a.png", (byte)(50 * number));
        }

        return folder;
    }

    /// <summary>A PNG of one grey.</summary>
    public PictureFolder Png(string name, byte grey, int width = 6, int height = 4) =>
        Write(name, PictureEncoder.Png([.. Enumerable.Repeat(grey, width * height)], width, height, 1));

    public PictureFolder Write(string name, ReadOnlySpan<byte> content)
    {
        string path = At(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return this;
    }

    public PictureFolder Remove(string name)
    {
        File.Delete(At(name));
        return this;
    }

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _folder.Dispose();
}
