using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Data.Listed;
using DistillSharp.Tests.Data.Pictures;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Data.Sources;

public class ImageFolderTests
{
    [Theory]
    [InlineData("test")]
    [InlineData("val")]
    public void Should_load_class_folders_in_the_order_of_their_names(string test)
    {
        long before = LiveTensors.Settled();
        using (PictureFolder folder = PictureFolder.WithClasses(test))
        {
            using TrainTestData data = DatasetCatalog.Load("image-folder", folder.Path);
            Assert.Equal(["cat", "dog", "emu"], data.Train.ClassNames);
            Assert.Equal([6, 3, 4, 6], data.Train.Images.Shape);
            Assert.Equal([0, 0, 1, 1, 2, 2], data.Train.HostLabels.ToArray());
            Assert.Equal([50, 100, 150], Enumerable.Range(0, 3).Select(i => data.Test.Images.AsSpan<byte>()[i * 72]));
            Assert.Equal(Normalization.Of(data.Train.Images.AsSpan<byte>(), 3, 24).Mean, data.Normalization.Mean);
            Assert.Empty(data.Notes);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_read_the_same_on_any_number_of_threads()
    {
        using PictureFolder folder = PictureFolder.WithClasses();
        for (byte i = 0; i < 40; i++)
        {
            folder.Png($"train/cat/more/{i}.png", i, width: 5 + (i % 7), height: 4 + (i % 3));
        }

        OptionValues options = Options(("size", 8L), ("channels", 1L));
        using TrainTestData one = ImageFolders.Source.Load(folder.Path, null, options, threads: 1);
        using TrainTestData many = ImageFolders.Source.Load(folder.Path, null, options, threads: 8);
        Assert.Equal(46, one.Train.Count);
        Assert.Equal([46, 1, 8, 8], one.Train.Images.Shape);
        Assert.True(one.Train.Images.AsSpan<byte>().SequenceEqual(many.Train.Images.AsSpan<byte>()));
        Assert.Equal(one.Fingerprint, many.Fingerprint);
    }

    [Fact]
    public void Should_fingerprint_names_and_bytes_not_the_place()
    {
        using PictureFolder first = PictureFolder.WithClasses();
        using PictureFolder second = PictureFolder.WithClasses();
        string before = Fingerprint(first);
        Assert.Equal(before, Fingerprint(second));
        second.Png("train/cat/a.png", 11);
        Assert.NotEqual(before, Fingerprint(second));
        first.Write("train/cat/c.png", File.ReadAllBytes(first.At("train/cat/a.png"))).Remove("train/cat/a.png");
        Assert.NotEqual(before, Fingerprint(first));

        static string Fingerprint(PictureFolder folder)
        {
            using TrainTestData data = DatasetCatalog.Load("image-folder", folder.Path);
            return data.Fingerprint;
        }
    }

    [Fact]
    public void Should_pass_over_what_is_no_image_and_follow_links_to_files()
    {
        using PictureFolder folder = PictureFolder.WithClasses();
        folder.Write("train/cat/Thumbs.db", "x"u8).Write("train/cat/.hidden.jpg", "x"u8).Write("train/cat/notes.txt", "x"u8)
            .Write("train/.git/a.jpg", "x"u8).Write("train/cat/@eaDir/a.jpg", "x"u8).Write("train/readme.jpg", "x"u8);
        File.CreateSymbolicLink(folder.At("train/cat/link.png"), folder.At("train/dog/a.png"));
        Directory.CreateSymbolicLink(folder.At("train/cat/round"), folder.At("train"));
        using TrainTestData data = DatasetCatalog.Load("image-folder", folder.Path);
        Assert.Equal((7, 3), (data.Train.Count, data.Train.HostLabels.ToArray().Count(l => l == 0)));
    }

    [Fact]
    public void Should_name_all_broken_files_in_one_error()
    {
        using PictureFolder folder = PictureFolder.WithClasses();
        byte[] sound = File.ReadAllBytes(folder.At("train/cat/b.JPG"));
        folder.Write("train/cat/cut.jpg", sound[..^40]).Write("train/dog/empty.png", []).Write("train/dog/page.jpg", "<html>"u8)
            .Write("train/emu/moving.gif", "GIF89a"u8).Write("test/cat/really-jpeg.png", sound);
        File.CreateSymbolicLink(folder.At("test/dog/nowhere.jpg"), folder.At("missing.jpg"));
        var error = Assert.Throws<DataFormatException>(() => DatasetCatalog.Load("image-folder", folder.Path));
        Assert.Equal("5 of 15 images", error.Place);
        Assert.Contains("train/cat/cut.jpg (a JPEG that cannot be decoded: ", error.Found);
        Assert.Contains("train/dog/empty.png (an empty file)", error.Found);
        Assert.Contains("train/dog/page.jpg (neither JPEG nor PNG, but text)", error.Found);
        Assert.Contains("train/emu/moving.gif (neither JPEG nor PNG, but GIF)", error.Found);
        Assert.Contains("test/dog/nowhere.jpg (there is no such file)", error.Found);
        Assert.Contains("skip-broken: true", error.Expected);

        using TrainTestData data = DatasetCatalog.Load(new Choice("image-folder") { ["skip-broken"] = true }, folder.Path);
        Assert.Equal((6, 4), (data.Train.Count, data.Test.Count));
        Assert.Equal([0, 0, 1, 1, 2, 2], data.Train.HostLabels.ToArray());
        Assert.Contains("5 of 15 files", Assert.Single(data.Notes));

        for (int i = 0; i < 20; i++)
        {
            folder.Write($"train/dog/bad{i:00}.jpg", "x"u8);
        }

        string found = Assert.Throws<DataFormatException>(() => DatasetCatalog.Load("image-folder", folder.Path)).Found;
        Assert.EndsWith("and 15 more", found);
        Assert.Equal(9, found.Count(c => c == ';') - 1);
    }

    [Fact]
    public void Should_not_wait_for_pipes()
    {
        using PictureFolder folder = PictureFolder.WithClasses();
        using (var made = System.Diagnostics.Process.Start("mkfifo", [folder.At("train/cat/pipe.jpg")]))
        {
            made.WaitForExit();
        }

        File.CreateSymbolicLink(folder.At("train/dog/link.jpg"), folder.At("train/cat/pipe.jpg"));
        Assert.Equal(
            "train/cat/pipe.jpg (an empty file); train/dog/link.jpg (an empty file)",
            Assert.Throws<DataFormatException>(() => DatasetCatalog.Load("image-folder", folder.Path)).Found);
    }

    [Fact]
    public void Should_refuse_more_than_memory_holds_before_taking_it()
    {
        using PictureFolder folder = PictureFolder.WithClasses();
        byte[] large = PictureFiles.Png(8192, 8192, 8, 2, [[0]]);
        for (long count = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (3L * 8192 * 8192); count >= 0; count--)
        {
            folder.Write($"train/cat/0{count}.png", large);
        }

        var error = Assert.Throws<DataFormatException>(() => DatasetCatalog.Load("image-folder", folder.Path));
        Assert.Contains("give a smaller 'size'", error.Expected);
        Assert.Contains("images of 3 x 8192 x 8192 bytes", error.Found);
    }

    [Fact]
    public void Should_ask_for_a_size_where_pictures_differ()
    {
        using PictureFolder folder = PictureFolder.WithClasses().Png("train/dog/c.png", 1, width: 5);
        var error = Assert.Throws<DataFormatException>(() => DatasetCatalog.Load("image-folder", folder.Path));
        Assert.Equal(("1 of 10 images", "train/dog/c.png (5 x 4 pixels)"), (error.Place, error.Found));
        Assert.Contains("6 x 4 pixels", error.Expected);
        using TrainTestData data = DatasetCatalog.Load(new Choice("image-folder") { ["size"] = 3, ["fit"] = "stretch" }, folder.Path);
        Assert.Equal([7, 3, 3, 3], data.Train.Images.Shape);
    }

    [Fact]
    public void Should_explain_folders_that_do_not_fit()
    {
        using PictureFolder folder = PictureFolder.WithClasses();
        Directory.Delete(folder.At("test/emu"), recursive: true);
        folder.Png("test/fox/a.png", 1);
        Assert.Equal("only in 'train': emu; only in 'test': fox", Assert.Throws<DataFormatException>(() => DatasetCatalog.Load("image-folder", folder.Path)).Found);
        Directory.Delete(folder.At("test"), recursive: true);
        Assert.Contains("no folder 'test' or 'val'", Assert.Throws<FileNotFoundException>(() => DatasetCatalog.Load("image-folder", folder.Path)).Message);
        Directory.Delete(folder.At("train"), recursive: true);
        Assert.Contains("no folder 'train'", DatasetCatalog.Find("image-folder", folder.Path).Explanation);
        Assert.Contains("no such folder", DatasetCatalog.Find("image-folder", folder.At("none")).Explanation);
        Assert.False(DatasetCatalog.Find("image-folder").IsFound);
    }

    [Fact]
    public void Should_refuse_a_class_without_images()
    {
        using PictureFolder folder = PictureFolder.WithClasses().Remove("train/dog/a.png").Write("train/dog/b.JPG", "x"u8);
        Assert.Contains("no training image of 'dog'", Assert.Throws<DataFormatException>(
            () => DatasetCatalog.Load(new Choice("image-folder") { ["skip-broken"] = true }, folder.Path)).Found);
        Directory.Delete(folder.At("train"), recursive: true);
        foreach (string name in new[] { "cat", "dog", "emu" })
        {
            Directory.CreateDirectory(folder.At($"train/{name}"));
            folder.Remove($"test/{name}/a.png");
        }

        Assert.Contains("no training image of 'cat', 'dog', 'emu'", Assert.Throws<DataFormatException>(() => DatasetCatalog.Load("image-folder", folder.Path)).Found);
    }

    [Fact]
    public void Should_refuse_options_that_are_not_possible()
    {
        using PictureFolder folder = PictureFolder.WithClasses();
        Assert.Contains("found 2", Assert.Throws<ArgumentException>(() => DatasetCatalog.Load(new Choice("image-folder") { ["channels"] = 2 }, folder.Path)).Message);
        Assert.Contains("found 0", Assert.Throws<ArgumentException>(() => DatasetCatalog.Load(new Choice("image-folder") { ["size"] = 0 }, folder.Path)).Message);
        Assert.Contains("'size'", Assert.Throws<ArgumentException>(() => DatasetCatalog.Load(new Choice("image-folder") { ["sise"] = 8 }, folder.Path)).Message);
        Assert.Throws<ArgumentException>(() => DatasetCatalog.Load(new Choice("fashion-mnist") { ["size"] = 8 }));
    }

    private static OptionValues Options(params (string Name, object? Value)[] given) =>
        new(ImageFolders.Source.Options, given.ToDictionary(g => g.Name, g => g.Value));
}
