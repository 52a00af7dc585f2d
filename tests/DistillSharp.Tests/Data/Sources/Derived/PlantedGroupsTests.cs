using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Data.Derived;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Data.Sources.Derived;

public class PlantedGroupsTests
{
    private const int Side = 28;

    public PlantedGroupsTests() => TorchRuntime.EnsureStarted();

    [Fact]
    public void Should_plant_groups_whatever_the_class_and_give_memory_back()
    {
        long before = LiveTensors.Settled();
        using (TrainTestData from = GreyImages.Random(6300, 2100, side: 4))
        using (TrainTestData made = Derive(from))
        {
            Assert.Equal([6300, 1, 4, 4], made.Train.Images.Shape);
            Assert.Equal(from.Train.HostLabels.ToArray(), made.Train.HostLabels.ToArray());
            ImageAttribute group = Assert.Single(made.Train.Attributes);
            Assert.Equal("group", group.Name);

            // 300 of each class are expected in each group; the standard deviation is 16, and 21 counts are looked at.
            AssertSpread(made.Train, least: 235, most: 365);
            ImageAttribute test = Assert.Single(made.Test.Attributes);
            Assert.Equal(group.ValueNames, test.ValueNames);
            AssertSpread(made.Test, least: 62, most: 138);
            Assert.NotEqual(group.Values.Take(100), test.Values.Take(100));
            Assert.Equal(Normalization.Of(made.Train.Images).Mean, made.Normalization.Mean);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_paint_each_group_in_its_style()
    {
        using TrainTestData from = GreyImages.Random(40, 5);
        AssertEach("plain", from, (image, made, at) => made[at] == image[at]);
        AssertEach("inverted", from, (image, made, at) => made[at] == 255 - image[at]);
        AssertEach("faint", from, (image, made, at) => made[at] == 90 + (image[at] / 4));

        // Clockwise: the first row becomes the last column.
        AssertEach("turned", from, (image, made, at) => made[((at % Side) * Side) + Side - 1 - (at / Side)] == image[at]);
        AssertEach("striped", from, (image, made, at) => made[at] == image[at] || made[at] == 255 - image[at]);
    }

    [Fact]
    public void Should_invert_half_of_a_striped_image_along_one_of_two_diagonals()
    {
        using TrainTestData from = GreyImages.Random(40, 5, value: 0);
        using TrainTestData made = Derive(from, "striped");
        int[] rising = [.. Enumerable.Range(0, 40).Select(i =>
        {
            byte[] image = made.Train.Image(i);
            Assert.Equal(Side * Side / 2, image.Count(v => v == 255));
            bool Along(int step) => Enumerable.Range(1, (Side - 2) * Side).Where(at => at % Side is > 0 and < Side - 1).All(at => image[at] == image[at + Side + step]);
            Assert.True(Along(1) ^ Along(-1));
            return Along(-1) ? 1 : 0;
        })];
        Assert.InRange(rising.Sum(), 8, 32);
    }

    [Fact]
    public void Should_show_fourfold_images_four_times_at_half_the_size()
    {
        using TrainTestData from = GreyImages.Random(20, 5);
        AssertEach("fourfold", from, (image, made, at) =>
        {
            int first = (2 * (at / Side % 14) * Side) + (2 * (at % Side % 14));
            double mean = (image[first] + image[first + 1] + image[first + Side] + image[first + Side + 1]) / 4.0;
            return Math.Abs(made[at] - mean) <= 0.5;
        });
    }

    [Fact]
    public void Should_replace_six_pixels_of_ten_of_noisy_images()
    {
        using TrainTestData from = GreyImages.Random(100, 5);
        using TrainTestData made = Derive(from, "noisy");
        byte[] before = from.Train.Images.ToArray<byte>(), after = made.Train.Images.ToArray<byte>();

        // One in 256 keeps its value by chance; the standard error of 78,400 pixels is 0.0016.
        double changed = before.Zip(after).Average(p => p.First == p.Second ? 0.0 : 1);
        Assert.InRange(changed, 0.6 * 255 / 256 - 0.008, 0.6 * 255 / 256 + 0.008);
    }

    [Fact]
    public void Should_make_the_same_bytes_always_and_the_same_image_whatever_other_groups_there_are()
    {
        // The hash stands for what was made when the version of this set was 1; where it changes on purpose, the version must too.
        using TrainTestData from = GreyImages.Random(70, 40);
        using TrainTestData made = Derive(from), again = Derive(from), noisy = Derive(from, "noisy");
        Assert.Equal("51de9ff667e1f4915a13104d38d199f63f2f69ebcb56a9dba8ec55f5d30f7a5d", made.Hash());
        Assert.Equal(made.Hash(), again.Hash());
        Assert.All(made.Train.IndicesWhere("group", "noisy"), i => Assert.Equal(made.Train.Image(i), noisy.Train.Image(i)));
        using TrainTestData other = PlantedGroups.Source.Derive(from, new Choice("planted-groups") { ["seed"] = 1 }.Values(PlantedGroups.Source.Options));
        Assert.NotEqual(made.Train.Attributes[0].Values, other.Train.Attributes[0].Values);
        Assert.Equal(3, new[] { made.Fingerprint, noisy.Fingerprint, other.Fingerprint }.Distinct().Count());
        Assert.Equal(made.Fingerprint, again.Fingerprint);
    }

    [Fact]
    public void Should_part_fashion_mnist_into_tops_and_others()
    {
        using TrainTestData data = DatasetCatalog.Load(new Choice("planted-groups") { ["classes"] = "tops" });
        Assert.Equal(["other", "top"], data.Train.ClassNames);
        Assert.Equal((24000, 4000), (data.Train.HostLabels.ToArray().Count(l => l == 1), data.Test.HostLabels.ToArray().Count(l => l == 1)));

        // An ankle boot, a T-shirt, a T-shirt, a dress.
        Assert.Equal([0L, 1, 1, 0], data.Train.HostLabels[..4].ToArray());
        using TrainTestData letters = GreyImages.Random(3, 3);
        Assert.Contains("takes 'tops' where there are the classes T-shirt/top", Assert.Throws<ArgumentException>(
            () => PlantedGroups.Source.Derive(letters, new Choice("planted-groups") { ["classes"] = "tops" }.Values(PlantedGroups.Source.Options))).Message);
        Assert.Contains("'inverted'", Assert.Throws<ArgumentException>(() => Derive(letters, "invertd")).Message);
    }

    private static TrainTestData Derive(TrainTestData from, params string[] groups)
    {
        var choice = new Choice("planted-groups");
        if (groups.Length > 0)
        {
            choice["groups"] = groups;
        }

        return PlantedGroups.Source.Derive(from, choice.Values(PlantedGroups.Source.Options));
    }

    private static void AssertSpread(ImageDataset images, int least, int most)
    {
        IReadOnlyList<int> values = images.Attributes[0].Values;
        long[] labels = images.HostLabels.ToArray();
        Assert.All(
            from value in Enumerable.Range(0, 7) from label in Enumerable.Range(0, 3) select (value, label),
            p => Assert.InRange(Enumerable.Range(0, images.Count).Count(i => values[i] == p.value && labels[i] == p.label), least, most));
    }

    private static void AssertEach(string group, TrainTestData from, Func<byte[], byte[], int, bool> holds)
    {
        using TrainTestData made = Derive(from, group);
        Assert.Equal(made.Train.Count, made.Train.IndicesWhere("group", group).Length);
        Assert.All(Enumerable.Range(0, from.Train.Count), i =>
        {
            byte[] image = from.Train.Image(i), painted = made.Train.Image(i);
            Assert.All(Enumerable.Range(0, image.Length), at => Assert.True(holds(image, painted, at)));
        });
    }
}
