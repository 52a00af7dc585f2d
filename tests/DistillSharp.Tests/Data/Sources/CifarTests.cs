using DistillSharp.Configuration;
using DistillSharp.Data;

namespace DistillSharp.Tests.Data.Sources;

public class CifarTests
{
    private static readonly CifarDataset Small = new("cifar-100", "Two images a file.", "cifar-100-binary")
    {
        TrainFiles = [new("train.bin", 2, null)],
        TestFile = new("test.bin", 1, null),
        Labels = Cifar.Cifar100.Labels,
        Normalization = Cifar.Cifar100.Normalization,
    };

    [Fact]
    public void Should_read_records_with_both_labels()
    {
        using PictureFolder folder = Files("");
        using TrainTestData fine = Small.Load(folder.Path);
        Assert.Equal([2, 3, 32, 32], fine.Train.Images.Shape);
        Assert.Equal([99, 1], fine.Train.HostLabels.ToArray());
        Assert.Equal("worm", fine.Train.ClassNames[99]);
        Assert.Equal(["aquatic_mammals", "trees"], fine.Train.Attributes.Single().Values.Select(v => fine.Train.Attributes[0].ValueNames[v]));
        Assert.Equal([7, 8, 9], [fine.Train.Images.AsSpan<byte>()[0], fine.Train.Images.AsSpan<byte>()[1024], fine.Train.Images.AsSpan<byte>()[2048]]);

        using TrainTestData coarse = Small.Load(folder.Path, null, new OptionValues(Small.Options, new Dictionary<string, object?> { ["labels"] = "coarse" }));
        Assert.Equal([0, 17], coarse.Train.HostLabels.ToArray());
        Assert.Equal("fine", coarse.Train.Attributes.Single().Name);
        Assert.Equal(fine.Fingerprint, coarse.Fingerprint);
    }

    [Fact]
    public void Should_look_into_the_archive_s_folder_and_take_its_names()
    {
        using PictureFolder folder = Files("cifar-100-binary/");
        folder.Write("cifar-100-binary/coarse_label_names.txt", System.Text.Encoding.ASCII.GetBytes(string.Join("\n", Enumerable.Range(0, 20).Select(i => $"group {i}")) + "\n\n"));
        using TrainTestData data = Small.Load(folder.Path);
        Assert.Equal("group 17", data.Train.Attributes.Single().ValueNames[17]);
        folder.Write("cifar-100-binary/coarse_label_names.txt", "one\n"u8);
        Assert.Equal("1", Assert.Throws<DataFormatException>(() => Small.Load(folder.Path)).Found);
    }

    [Fact]
    public void Should_say_what_is_wrong_with_a_file()
    {
        using PictureFolder folder = Files("");
        folder.Write("test.bin", Record(20, 3));
        var label = Assert.Throws<DataFormatException>(() => Small.Load(folder.Path));
        Assert.Equal(("offset 0 (coarse of image 0)", "20"), (label.Place, label.Found));
        folder.Write("test.bin", Record(1, 3)[1..]);
        Assert.Equal("length", Assert.Throws<DataFormatException>(() => Small.Load(folder.Path)).Place);
    }

    [Fact]
    public void Should_check_the_published_content()
    {
        using var folder = new PictureFolder();
        foreach (CifarFile file in Cifar.Cifar10.TrainFiles.Append(Cifar.Cifar10.TestFile))
        {
            folder.Write(file.Name, new byte[file.Images * 3073]);
        }

        var error = Assert.Throws<DataFormatException>(() => DatasetCatalog.Load("cifar-10", folder.Path));
        Assert.Contains("SHA-1 aadd24acce27caa71bf4b10992e9e7b2d74c2540", error.Expected);
        Assert.EndsWith("data_batch_1.bin", error.Origin);
    }

    [Fact]
    public void Should_recognise_the_pickled_version_and_leave_it_alone()
    {
        using var folder = new PictureFolder();
        folder.Write("cifar-10-batches-py/data_batch_1", "x"u8).Write("cifar-10-batches-py/test_batch", "x"u8);
        string message = Assert.Throws<FileNotFoundException>(() => DatasetCatalog.Load("cifar-10", folder.Path)).Message;
        Assert.Contains("the version for Python, which is not read", message);
        Assert.Contains("binary version", message);
        Assert.DoesNotContain("Python", DatasetCatalog.Find("cifar-100", folder.Path).Explanation.Split("Get ")[0]);
    }

    [Fact]
    public void Should_look_in_the_usual_places()
    {
        using var root = new PictureFolder();
        foreach (CifarFile file in Cifar.Cifar100.TrainFiles.Append(Cifar.Cifar100.TestFile))
        {
            root.Write($"cifar-100/cifar-100-binary/{file.Name}", "x"u8);
        }

        using var variable = new EnvironmentSetting("DISTILLSHARP_DATA", root.Path);
        Assert.Equal(root.At("cifar-100"), DatasetCatalog.Find("cifar-100").Folder);
        Assert.Equal((100, 20), (Cifar.Cifar100.Labels[1].Names.Distinct().Count(), Cifar.Cifar100.Labels[0].Names.Distinct().Count()));
    }

    private static PictureFolder Files(string below) => new PictureFolder()
        .Write($"{below}train.bin", [.. Record(0, 99), .. Record(17, 1)])
        .Write($"{below}test.bin", Record(19, 0));

    private static byte[] Record(byte coarse, byte fine) =>
        [coarse, fine, .. Enumerable.Repeat((byte)7, 1024), .. Enumerable.Repeat((byte)8, 1024), .. Enumerable.Repeat((byte)9, 1024)];
}
