using DistillSharp.Configuration;
using DistillSharp.Data;

namespace DistillSharp.Tests.Data.Sources;

public class IdxAttributeTests
{
    [Fact]
    public void Should_read_attributes_beside_the_four_files()
    {
        using TemporaryFolder folder = new TemporaryFolder().WithSmallDataset();
        string before = Fingerprint("idx", folder);
        folder.Write("train-domain-idx1-ubyte", IdxBytes.Of([6], 0, 0, 1, 1, 2, 0));
        folder.Write("t10k-domain-idx1-ubyte", IdxBytes.Of([4], 1, 1, 1, 1));
        Assert.Equal(before, Fingerprint("idx", folder));
        var choice = new Choice("idx") { ["attributes"] = new[] { "domain" } };
        using (TrainTestData data = DatasetCatalog.Load(choice, folder.Path))
        {
            Assert.Equal([0L, 1, 5], data.Train.IndicesWhere("domain", "0"));
            Assert.Equal([0L, 1, 2, 3], data.Test.IndicesWhere("domain", "1"));
        }

        File.WriteAllText(Path.Combine(folder.Path, "domain-names.txt"), "photo\nart\nsketch\n");
        using (TrainTestData data = DatasetCatalog.Load(choice, folder.Path))
        {
            Assert.Equal([4L], data.Train.IndicesWhere("domain", "sketch"));
            Assert.NotEqual(before, data.Fingerprint);
        }

        File.WriteAllText(Path.Combine(folder.Path, "domain-names.txt"), "photo\nart\n");
        Assert.Equal("2", Assert.Throws<DataFormatException>(() => DatasetCatalog.Load(choice, folder.Path)).Found);
    }

    [Fact]
    public void Should_say_what_is_missing_or_wrong()
    {
        using TemporaryFolder folder = new TemporaryFolder().WithSmallDataset();
        var choice = new Choice("idx") { ["attributes"] = new[] { "domain" } };
        Assert.Contains("train-domain-idx1-ubyte", Assert.Throws<FileNotFoundException>(() => DatasetCatalog.Load(choice, folder.Path)).Message);
        folder.Write("train-domain-idx1-ubyte", IdxBytes.Of([5], 0, 0, 1, 1, 2));
        folder.Write("t10k-domain-idx1-ubyte", IdxBytes.Of([4], 1, 1, 1, 1));
        var count = Assert.Throws<DataFormatException>(() => DatasetCatalog.Load(choice, folder.Path));
        Assert.Equal(("attribute 'domain'", "5"), (count.Place, count.Found));
        Assert.Throws<ArgumentException>(() => DatasetCatalog.Load(new Choice("idx") { ["attributes"] = new[] { "../domain" } }, folder.Path));
    }

    private static string Fingerprint(string name, TemporaryFolder folder)
    {
        using TrainTestData data = DatasetCatalog.Load(name, folder.Path);
        return data.Fingerprint;
    }
}
