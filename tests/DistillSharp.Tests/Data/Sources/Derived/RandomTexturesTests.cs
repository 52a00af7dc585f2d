using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Data.Derived;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Data.Sources.Derived;

public class RandomTexturesTests
{
    private const int Side = 28;

    public RandomTexturesTests() => TorchRuntime.EnsureStarted();

    [Fact]
    public void Should_train_on_both_versions_and_test_on_plain_images_and_give_memory_back()
    {
        long before = LiveTensors.Settled();
        using (TrainTestData from = Squares())
        using (TrainTestData made = RandomTextures.Source.Derive(from))
        {
            Assert.Equal([80, 1, 28, 28], made.Train.Images.Shape);
            Assert.Equal([.. from.Train.HostLabels, .. from.Train.HostLabels], made.Train.HostLabels.ToArray());
            Assert.Equal(Enumerable.Range(40, 40).Select(i => (long)i), made.Train.IndicesWhere("texture", "random"));
            Assert.Equal(10, made.Test.IndicesWhere("texture", "plain").Length);
            Assert.Equal(from.Test.Images.ToArray<byte>(), made.Test.Images.ToArray<byte>());
            Assert.Equal(made.Train.Attributes[0].ValueNames, made.Test.Attributes[0].ValueNames);
            Assert.All(Enumerable.Range(0, 40), i => Assert.Equal(from.Train.Image(i), made.Train.Image(i)));
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_fill_the_silhouette_with_a_texture_and_leave_the_rest()
    {
        using TrainTestData from = Squares();
        using TrainTestData made = RandomTextures.Source.Derive(from);
        var seen = new HashSet<string>();
        for (int i = 0; i < 40; i++)
        {
            byte[] image = from.Train.Image(i), filled = made.Train.Image(40 + i);
            Assert.All(Enumerable.Range(0, image.Length), at => Assert.True(image[at] == 20 ? filled[at] == 20 : filled[at] >= 51));
            seen.Add(Convert.ToHexString(filled));
        }

        // Every image has a texture of its own, and most vary within: the contrast is even on [0, 0.8].
        Assert.Equal(40, seen.Count);
        Assert.InRange(Enumerable.Range(40, 40).Count(i => made.Train.Image(i).Where(v => v != 20).Distinct().Count() > 10), 20, 40);
    }

    [Fact]
    public void Should_make_textures_that_do_not_depend_on_the_object()
    {
        // The same place in the data, the same texture: two objects on it agree wherever both are.
        using TrainTestData small = Squares(size: 8), large = Squares(size: 16);
        using TrainTestData one = RandomTextures.Source.Derive(small), other = RandomTextures.Source.Derive(large);
        for (int i = 40; i < 80; i++)
        {
            byte[] inner = one.Train.Image(i), outer = other.Train.Image(i);
            Assert.All(Enumerable.Range(0, inner.Length).Where(at => inner[at] != 20), at => Assert.Equal(inner[at], outer[at]));
        }
    }

    [Fact]
    public void Should_fill_silhouettes_with_patches_of_other_images()
    {
        // Image i is a square of grey 100 + i, so a patch of it is that grey all over.
        using TrainTestData from = Squares(grey: i => 100 + i);
        using TrainTestData made = RandomTextures.Source.Derive(from, Options("textures", "patches"));
        var greys = new HashSet<byte>();
        for (int i = 0; i < 40; i++)
        {
            byte[] image = from.Train.Image(i), filled = made.Train.Image(40 + i);
            byte grey = Assert.Single(filled.Where((_, at) => image[at] != 20).Distinct());
            Assert.All(Enumerable.Range(0, image.Length).Where(at => image[at] == 20), at => Assert.Equal(20, filled[at]));
            Assert.InRange(grey, 100, 139);
            greys.Add(grey);
        }

        Assert.InRange(greys.Count, 18, 34);
    }

    [Fact]
    public void Should_make_the_same_bytes_always()
    {
        // The hash stands for what was made when the version of this set was 1; where it changes on purpose, the version must too.
        using TrainTestData from = Squares();
        using TrainTestData made = RandomTextures.Source.Derive(from), again = RandomTextures.Source.Derive(from);
        Assert.Equal("3e73dbca197065a2b8079927ef405ed6715296b6fd8b87d3cf9f8b63f69fa57f", made.Hash());
        Assert.Equal((made.Hash(), made.Fingerprint), (again.Hash(), again.Fingerprint));
        using TrainTestData other = RandomTextures.Source.Derive(from, Options("seed", 1)), coarse = RandomTextures.Source.Derive(from, Options("foreground-threshold", 0.9));
        Assert.NotEqual(made.Train.Image(40), other.Train.Image(40));
        Assert.Equal(from.Train.Image(0), coarse.Train.Image(40));
        Assert.Equal(3, new[] { made.Fingerprint, other.Fingerprint, coarse.Fingerprint }.Distinct().Count());
    }

    private static OptionValues Options(string name, object value) => new Choice("random-textures") { [name] = value }.Values(RandomTextures.Source.Options);

    /// <summary>Light squares in the middle of grey 20.</summary>
    private static TrainTestData Squares(int size = 16, Func<int, int>? grey = null)
    {
        return new TrainTestData(Part(40), Part(10), new Normalization([0.5], [0.25]), "squares");

        ImageDataset Part(int count)
        {
            var pixels = new byte[count * Side * Side];
            for (int at = 0; at < pixels.Length; at++)
            {
                int y = at / Side % Side, x = at % Side, start = (Side - size) / 2;
                pixels[at] = (byte)(y >= start && y < start + size && x >= start && x < start + size ? grey?.Invoke(at / (Side * Side)) ?? 150 : 20);
            }

            return ImageDataset.From("squares", pixels, 1, Side, Side, [.. Enumerable.Range(0, count).Select(i => i % 2L)], ["a", "b"]);
        }
    }
}
