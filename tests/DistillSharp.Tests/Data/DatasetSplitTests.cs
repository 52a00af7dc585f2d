using DistillSharp.Data;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Data;

public class DatasetSplitTests
{
    [Fact]
    public void Should_part_the_training_set_without_overlap()
    {
        long before = LiveTensors.Settled();
        using (ImageDataset data = SmallImages.Dataset(50, 30, 20))
        using (DatasetSplit split = DatasetSplit.Create(data, 25, seed: 3))
        {
            long[] train = split.Train.ToArray<long>(), validation = split.Validation.ToArray<long>();
            Assert.Equal((75, 25), (split.TrainCount, split.ValidationCount));
            Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), train.Concat(validation).Order());
            Assert.Equal(train.Order(), train);
            Assert.Equal(validation.Order(), validation);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_follow_from_the_seed_alone()
    {
        using ImageDataset data = SmallImages.Dataset(50, 30, 20);
        Assert.Equal(Indices(data, 25, 3).Train, Indices(data, 25, 3).Train);
        Assert.Equal(Indices(data, 25, 3).Validation, Indices(data, 25, 3).Validation);
        Assert.NotEqual(Indices(data, 25, 3).Validation, Indices(data, 25, 4).Validation);
    }

    [Fact]
    public void Should_keep_the_validation_part_whatever_the_training_part_is_limited_to()
    {
        using ImageDataset data = SmallImages.Dataset(50, 30, 20);
        (long[] all, long[] validation) = Indices(data, 25, 3);
        (long[] limited, long[] same) = Indices(data, 25, 3, trainLimit: 40);
        Assert.Equal(validation, same);
        Assert.Equal(40, limited.Length);
        Assert.Subset(all.ToHashSet(), limited.ToHashSet());
        Assert.Equal(75, Indices(data, 25, 3, trainLimit: 1000).Train.Length);
    }

    [Theory]
    [InlineData(20, 10, 6, 4)]
    [InlineData(21, 11, 6, 4)]
    [InlineData(50, 25, 15, 10)]
    public void Should_keep_every_class_in_its_proportion(int count, int first, int second, int third)
    {
        using ImageDataset data = SmallImages.Dataset(50, 30, 20);
        (long[] train, long[] validation) = Indices(data, count, 3, trainLimit: 20);
        Assert.Equal([first, second, third], ClassCounts(data, validation));
        int[] left = ClassCounts(data, train);
        Assert.All(new[] { 0, 1, 2 }, c => Assert.InRange(left[c], Share(c) - 1, Share(c) + 1));

        double Share(int c) => 20.0 * (data.HostLabels.ToArray().Count(l => l == c) - ClassCounts(data, validation)[c]) / (100 - count);
    }

    [Fact]
    public void Should_settle_equal_remainders_by_the_seed()
    {
        using ImageDataset data = SmallImages.Dataset(10, 10, 10, 10);
        int[] total = new int[4];
        for (ulong seed = 0; seed < 200; seed++)
        {
            int[] counts = ClassCounts(data, Indices(data, 2, seed).Validation);
            Assert.Equal(2, counts.Sum());
            Assert.True(counts.Max() == 1);
            total = total.Zip(counts, (a, b) => a + b).ToArray();
        }

        Assert.All(total, t => Assert.InRange(t, 60, 140));
    }

    [Fact]
    public void Should_give_no_validation_part_where_none_is_asked_for()
    {
        using ImageDataset data = SmallImages.Dataset(3, 0, 2);
        (long[] train, long[] validation) = Indices(data, 0, 1);
        Assert.Equal([0, 1, 2, 3, 4], train);
        Assert.Empty(validation);
    }

    [Fact]
    public void Should_refuse_to_leave_nothing_to_train_on()
    {
        using ImageDataset data = SmallImages.Dataset(5, 5);
        Assert.Contains("small has 10 training images", Assert.Throws<ArgumentOutOfRangeException>(() => DatasetSplit.Create(data, 10, 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => DatasetSplit.Create(data, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DatasetSplit.Create(data, 1, 1, trainLimit: 0));
    }

    [Theory]
    [InlineData(20, 10, 6, 4)]
    [InlineData(21, 11, 6, 4)]
    [InlineData(100, 50, 30, 20)]
    public void Should_draw_every_class_in_its_proportion_from_a_set_sorted_by_class(int count, int first, int second, int third)
    {
        long[] labels = new[] { 50, 30, 20 }.SelectMany((size, c) => Enumerable.Repeat((long)c, size)).ToArray();
        using ImageDataset data = ImageDataset.From("sorted", SmallImages.Bytes(100 * 3 * 4 * 5), 3, 4, 5, labels, ["a", "b", "c"]);

        long[] drawn = DatasetSplit.Draw(data, count, seed: 1);

        Assert.Equal([first, second, third], ClassCounts(data, drawn));
        Assert.Equal(drawn.Distinct().Order(), drawn);
        Assert.Equal(drawn, DatasetSplit.Draw(data, count, seed: 1));
        Assert.Equal(count == 100, drawn.SequenceEqual(DatasetSplit.Draw(data, count, seed: 2)));
    }

    [Fact]
    public void Should_refuse_to_draw_nothing_or_more_than_there_is()
    {
        using ImageDataset data = SmallImages.Dataset(5, 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => DatasetSplit.Draw(data, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DatasetSplit.Draw(data, 11, 1));
    }

    private static (long[] Train, long[] Validation) Indices(ImageDataset data, int validation, ulong seed, int? trainLimit = null)
    {
        using DatasetSplit split = DatasetSplit.Create(data, validation, seed, trainLimit);
        return (split.Train.ToArray<long>(), split.Validation.ToArray<long>());
    }

    private static int[] ClassCounts(ImageDataset data, long[] indices)
    {
        long[] labels = data.HostLabels.ToArray();
        return Enumerable.Range(0, data.ClassNames.Count).Select(c => indices.Count(i => labels[i] == c)).ToArray();
    }
}
