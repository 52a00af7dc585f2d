namespace DistillSharp.Data;

/// <summary>Finds the four files of an MNIST-like data set in a folder, under the names that are in use.</summary>
/// <param name="TrainImages">The training images' file.</param>
/// <param name="TrainLabels">The training labels' file.</param>
/// <param name="TestImages">The test images' file.</param>
/// <param name="TestLabels">The test labels' file.</param>
internal sealed record IdxFolder(string TrainImages, string TrainLabels, string TestImages, string TestLabels)
{
    private static readonly string[] ImageKinds = ["idx3", "idx4"];
    private static readonly string[] LabelKinds = ["idx1"];

    /// <summary>The files; or, where one is missing, null and what is missing.</summary>
    public static IdxFolder? Find(string folder, out string missing)
    {
        if (!Directory.Exists(folder))
        {
            missing = File.Exists(folder) ? "a file, not a folder" : "no such folder";
            return null;
        }

        string? trainImages = Locate("train-images", ImageKinds);
        string? trainLabels = Locate("train-labels", LabelKinds);
        string? testImages = Locate("t10k-images", ImageKinds);
        string? testLabels = Locate("t10k-labels", LabelKinds);
        missing = "no " + string.Join(", ", new[]
        {
            trainImages is null ? "train-images-idx3-ubyte[.gz]" : null,
            trainLabels is null ? "train-labels-idx1-ubyte[.gz]" : null,
            testImages is null ? "t10k-images-idx3-ubyte[.gz]" : null,
            testLabels is null ? "t10k-labels-idx1-ubyte[.gz]" : null,
        }.Where(name => name is not null));
        return trainImages is null || trainLabels is null || testImages is null || testLabels is null
            ? null
            : new IdxFolder(trainImages, trainLabels, testImages, testLabels);

        string? Locate(string stem, string[] kinds) => IdxFolder.Locate(folder, stem, kinds);
    }

    /// <summary>The file with one number an image, such as labels; null where there is none.</summary>
    public static string? LocateNumbers(string folder, string stem) => Locate(folder, stem, LabelKinds);

    // Plain before gzip: where both are there, plain loads faster.
    private static string? Locate(string folder, string stem, string[] kinds) =>
        (from packing in new[] { "", ".gz" }
         from kind in kinds
         from separator in new[] { '-', '.' }
         select Path.Combine(folder, $"{stem}{separator}{kind}-ubyte{packing}")).FirstOrDefault(File.Exists);
}
