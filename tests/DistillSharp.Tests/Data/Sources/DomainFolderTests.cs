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
