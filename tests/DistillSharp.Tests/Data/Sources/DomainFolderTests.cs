using DistillSharp.Configuration;
using DistillSharp.Data;

namespace DistillSharp.Tests.Data.Sources;

public class DomainFolderTests
{
    [Fact]
    public void Should_hold_out_whole_domains()
    {
        using PictureFolder folder = Domains();
        using TrainTestData data = Load(folder, "sketch");
        Assert.Equal((4, 2), (data.Train.Count, data.Test.Count));
        Assert.Equal(["dog", "horse"], data.Train.ClassNames);
        Assert.Equal(["art", "photo", "sketch"], data.Test.Attributes.Single().ValueNames);
        Assert.Equal([0L, 1], data.Train.IndicesWhere("domain", "art"));
        Assert.Equal([2L, 3], data.Train.IndicesWhere("domain", "photo"));
        Assert.Empty(data.Train.IndicesWhere("domain", "sketch"));
        Assert.Equal([0L, 1], data.Test.IndicesWhere("domain", "sketch"));
        Assert.Equal([0, 1, 0, 1], data.Train.HostLabels.ToArray());
    }

    [Fact]
    public void Should_refuse_what_cannot_be_held_out()
    {
        using PictureFolder folder = Domains();
        Assert.Contains("'sketch'", Assert.Throws<ArgumentException>(() => Load(folder, "sketsh")).Message);
        Assert.Contains("leaves one to train on", Assert.Throws<ArgumentException>(() => Load(folder, "art", "photo", "sketch")).Message);
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => Load(folder)).Message);
        Assert.Contains("needs the option 'held-out'", Assert.Throws<ArgumentException>(() => DatasetCatalog.Load("domains", folder.Path)).Message);
        folder.Png("sketch/cat/1.png", 1);
        Assert.Equal("'cat'", Assert.Throws<DataFormatException>(() => Load(folder, "sketch")).Found);
    }

    [Fact]
    public void Should_test_on_a_share_of_each_class_in_each_domain_that_is_trained_on()
    {
        using PictureFolder folder = Domains();
        foreach (int image in Enumerable.Range(2, 9))
        {
            folder.Png($"photo/dog/{image}.png", (byte)(10 + image)).Png($"art/horse/{image}.png", (byte)(30 + image));
        }

        using TrainTestData data = Shared(folder, [], 0.3);
        Assert.Equal((2 + (2 * 7) + 2, 2 * 3), (data.Train.Count, data.Test.Count));
        Assert.Equal(["art", "photo", "sketch"], data.Test.Attributes.Single().ValueNames);
        foreach ((string domain, int label) in new[] { ("photo", 0), ("art", 1) })
        {
            long[] tested = data.Test.IndicesWhere("domain", domain);
            Assert.Equal(3, tested.Length);
            Assert.All(tested, i => Assert.Equal(label, data.Test.HostLabels[(int)i]));
        }

        // No image is in both parts: every picture has a grey of its own within its class.
        Assert.Empty(Greys(data.Train).Intersect(Greys(data.Test)));
        using TrainTestData again = Shared(folder, [], 0.3);
        Assert.Equal(data.Fingerprint, again.Fingerprint);
        Assert.Equal(Greys(data.Test), Greys(again.Test));

        using TrainTestData both = Shared(folder, ["sketch"], 0.3);
        Assert.Equal(2, both.Test.IndicesWhere("domain", "sketch").Length);
        Assert.Equal((2 + (2 * 7), (2 * 3) + 2), (both.Train.Count, both.Test.Count));

        static List<(string Domain, long Label, byte Grey)> Greys(ImageDataset set)
        {
            byte[] pixels = set.Images.ToArray<byte>();
            int size = pixels.Length / set.Count;
            return [.. Enumerable.Range(0, set.Count).Select(i => (set.Attributes[0].ValueNames[set.Attributes[0].Values[i]], set.HostLabels[i], pixels[i * size]))];
        }

        static TrainTestData Shared(PictureFolder folder, string[] heldOut, double share) =>
            DatasetCatalog.Load(new Choice("domains") { ["held-out"] = heldOut, ["test-share"] = share }, folder.Path);
    }

    [Fact]
    public void Should_keep_the_fingerprint_of_data_without_a_share()
    {
        using PictureFolder folder = Domains();
        using TrainTestData plain = Load(folder, "sketch");
        using TrainTestData none = DatasetCatalog.Load(new Choice("domains") { ["held-out"] = new[] { "sketch" }, ["test-share"] = 0.0 }, folder.Path);
        Assert.Equal(plain.Fingerprint, none.Fingerprint);
    }

    private static PictureFolder Domains()
    {
        var folder = new PictureFolder();
        foreach (string domain in new[] { "photo", "art", "sketch" })
        {
            folder.Png($"{domain}/dog/1.png", 1).Png($"{domain}/horse/1.png", 2);
        }

        return folder;
    }

    private static TrainTestData Load(PictureFolder folder, params string[] heldOut) =>
        DatasetCatalog.Load(new Choice("domains") { ["held-out"] = heldOut }, folder.Path);
}
