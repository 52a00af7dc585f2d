using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Data.Derived;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Data.Sources.Derived;

public class PlacedObjectsTests
{
    private const int Side = 8;

    [Fact]
    public void Should_put_each_object_where_its_box_says_and_nowhere_else()
    {
        long before = LiveTensors.Settled();
        using (ImageDataset objects = Objects())
        {
            var layout = Layout(fragments: 0);
            (byte[] pixels, ImageBox?[] boxes) = layout.Place(objects, new bool[objects.Count]);
            for (int i = 0; i < objects.Count; i++)
            {
                // Each object is a rectangle of its own grey: without fragments all that is bright is the box, whole and unchanged.
                ImageBox box = boxes[i]!.Value;
                byte[] image = pixels[(i * 400)..((i + 1) * 400)];
                Assert.Equal((3 + (i % 4), 5), (box.Width, box.Height));
                Assert.All(Enumerable.Range(0, 400), at => Assert.Equal(box.Contains((at % 20) + 0.5, (at / 20) + 0.5) ? Grey(i) : 0, image[at]));
            }

            Assert.InRange(boxes.Select(b => (b!.Value.X, b.Value.Y)).Distinct().Count(), 40, 64);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_hide_no_pixel_of_an_object_behind_fragments()
    {
        using ImageDataset objects = Objects();
        (byte[] plain, ImageBox?[] boxes) = Layout(fragments: 0).Place(objects, new bool[objects.Count]);
        (byte[] cluttered, ImageBox?[] same) = Layout(fragments: 6).Place(objects, new bool[objects.Count]);

        Assert.Equal(boxes, same);
        Assert.All(Enumerable.Range(0, plain.Length).Where(i => plain[i] > 0), i => Assert.Equal(plain[i], cluttered[i]));
        Assert.InRange(cluttered.Count(v => v > 0) - plain.Count(v => v > 0), 64 * 6, 64 * 6 * 9);
    }

    [Fact]
    public void Should_take_fragments_of_the_images_own_class_where_that_is_asked_for()
    {
        // Greys tell where a fragment is from: images of class 0 have even ones.
        using ImageDataset objects = Objects();
        bool[] own = [.. Enumerable.Range(0, objects.Count).Select(i => i < 32)];
        (byte[] pixels, _) = Layout(fragments: 6).Place(objects, own);

        int[] others = [.. Enumerable.Range(0, objects.Count).Select(i => pixels[(i * 400)..((i + 1) * 400)].Count(p => p > 0 && (p - Grey(i)) % 2 != 0))];
        Assert.All(others[..32], count => Assert.Equal(0, count));
        Assert.InRange(others[32..].Count(count => count > 0), 28, 32);
    }

    [Fact]
    public void Should_say_of_which_class_the_fragments_are()
    {
        using TrainTestData data = DatasetCatalog.Load(new Choice("placed-objects") { ["canvas"] = 20, ["object"] = 10, ["own-class"] = 0.25, ["test-own-class"] = 0.5 });
        Assert.Equal(["any-class", "own-class"], data.Train.Attributes[0].ValueNames);

        // Three standard deviations of a share of 60,000 and of 10,000 draws.
        Assert.InRange(data.Train.IndicesWhere("background", "own-class").Length / 60000.0, 0.2447, 0.2553);
        Assert.InRange(data.Test.IndicesWhere("background", "own-class").Length / 10000.0, 0.485, 0.515);
    }

    [Fact]
    public void Should_draw_by_seed_part_and_index()
    {
        using ImageDataset objects = Objects();
        byte[] Pixels(ulong seed, int part) => Layout(fragments: 2, seed, part).Place(objects, new bool[objects.Count]).Pixels;

        Assert.Equal(Pixels(1, 0), Pixels(1, 0));
        Assert.NotEqual(Pixels(1, 0), Pixels(2, 0));
        Assert.NotEqual(Pixels(1, 0), Pixels(1, 1));
    }

    [Fact]
    public void Should_have_no_box_where_an_image_has_no_object()
    {
        using ImageDataset objects = ImageDataset.From("faint", [.. Enumerable.Repeat((byte)(PlacedLayout.LeastGrey - 1), 64)], 1, Side, Side, [0L], ["a"]);
        (byte[] pixels, ImageBox?[] boxes) = Layout(fragments: 0).Place(objects, new bool[objects.Count]);
        Assert.Equal([null], boxes);
        Assert.All(pixels, p => Assert.Equal(0, p));
    }

    [Fact]
    public void Should_make_the_same_bytes_of_fashion_mnist_everywhere()
    {
        long before = LiveTensors.Settled();
        using (TrainTestData data = DatasetCatalog.Load("placed-objects"))
        {
            Assert.Equal((60000, 10000), (data.Train.Count, data.Test.Count));
            Assert.Equal([10000, 1, 40, 40], data.Test.Images.Shape);
            Assert.Equal("Ankle boot", data.Train.ClassNames[(int)data.Train.HostLabels[0]]);
            Assert.Equal(60000, data.Train.Boxes.Count);
            Assert.InRange(data.Test.Boxes.Average(b => b!.Value.Area / 1600), 0.1, 0.25);

            // Written down when the recipe was made; another recipe needs another version, which is part of the fingerprint.
            Assert.Equal("8e32631f53b566442740eefccb0d6f64", Md5(data.Test.Images.AsSpan<byte>()));
            Assert.Equal("19, 13, 20, 11", data.Test.Boxes[0].ToString());
        }

        Assert.Equal(before, Tensor.LiveCount);

        static string Md5(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(bytes));
    }

    [Fact]
    public void Should_fingerprint_the_recipe()
    {
        string Fingerprint(Choice choice)
        {
            using TrainTestData data = DatasetCatalog.Load(choice);
            return data.Fingerprint;
        }

        var fingerprints = new[]
        {
            new Choice("placed-objects") { ["canvas"] = 20, ["object"] = 10 },
            new Choice("placed-objects") { ["canvas"] = 20, ["object"] = 10, ["fragments"] = 0 },
            new Choice("placed-objects") { ["canvas"] = 20, ["object"] = 10, ["seed"] = 1 },
        }.Select(Fingerprint).ToList();
        Assert.Equal(3, fingerprints.Distinct().Count());
    }

    [Fact]
    public void Should_refuse_objects_that_do_not_fit_and_say_where_it_looked()
    {
        Assert.Contains("'object' is at most the side of the picture, 'canvas' (20); found 24", Assert.Throws<ArgumentException>(() => DatasetCatalog.Load(new Choice("placed-objects") { ["canvas"] = 20, ["object"] = 24 })).Message);
        using var folder = new TemporaryFolder();
        DatasetLocation location = DatasetCatalog.Find("placed-objects", folder.Path);
        Assert.False(location.IsFound);
        Assert.Contains("The data set 'fashion-mnist' was not found.", location.Explanation);
        Assert.Contains("'fashion-mnist' was not found", Assert.Throws<FileNotFoundException>(() => DatasetCatalog.Load("placed-objects", folder.Path)).Message);
    }

    private static PlacedLayout Layout(int fragments, ulong seed = 3, int part = 0) => new(Canvas: 20, Object: Side, fragments, new ImageDraws("placed", seed, part));

    private static byte Grey(int image) => (byte)(100 + image);

    /// <summary>64 objects: rectangles of 3 to 6 by 5 pixels, each of a grey of its own.</summary>
    private static ImageDataset Objects()
    {
        const int Count = 64;
        var pixels = new byte[Count * Side * Side];
        for (int i = 0; i < pixels.Length; i++)
        {
            int image = i / (Side * Side), x = i % Side, y = i / Side % Side;
            pixels[i] = x >= 1 && x < 4 + (image % 4) && y >= 2 && y < 7 ? Grey(image) : (byte)0;
        }

        return ImageDataset.From("rectangles", pixels, 1, Side, Side, [.. Enumerable.Range(0, Count).Select(i => (long)(i % 2))], ["a", "b"]);
    }
}
