using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Weights;

public class WeightsNetworksTests
{
    [Theory]
    [InlineData("lenet5", 1, 28, 10)]
    [InlineData("lenet5", 3, 32, 47)]
    [InlineData("mnist-cnn", 3, 28, 10)]
    [InlineData("convnet", 1, 28, 10)]
    [InlineData("resnet20", 3, 32, 100)]
    [InlineData("resnet8x4", 1, 28, 2)]
    public void Should_find_the_network_its_channels_and_its_classes(string name, int channels, int size, int classes)
    {
        IReadOnlyList<WeightsEntry> entries = Entries(name, new ImageTask(channels, size, size, classes));
        NetworkFit fit = Assert.Single(WeightsNetworks.Find(entries));
        Assert.Equal((name, channels, classes), (fit.Name, fit.Task.Channels, fit.Task.Classes));

        // In the order of another program: the alphabet's, backwards.
        NetworkFit again = Assert.Single(WeightsNetworks.Find([.. entries.OrderByDescending(e => e.Name, StringComparer.Ordinal)]));
        Assert.Equal((name, channels, classes), (again.Name, again.Task.Channels, again.Task.Classes));
    }

    [Fact]
    public void Should_find_none_for_other_weights()
    {
        Assert.Empty(WeightsNetworks.Find([]));
        Assert.Empty(WeightsNetworks.Find([new WeightsEntry("conv.weight", DType.Float32, [2, 1, 3, 3])]));
        Assert.Empty(WeightsNetworks.Find([.. Entries("resnet8", new ImageTask(3, 32, 32, 10)).Skip(1)]));
        Assert.Empty(WeightsNetworks.Find([new WeightsEntry("fc.weight", DType.Float32, [1L << 50, 1]), new WeightsEntry("conv1.weight", DType.Float32, [1, 1L << 40, 3, 3])]));
    }

    [Fact]
    public void Should_keep_to_what_is_known_of_images_and_classes()
    {
        IReadOnlyList<WeightsEntry> entries = Entries("resnet8", new ImageTask(3, 32, 32, 10));
        WeightsMatch match = WeightsNetworks.Compare("resnet8", entries, new ImageTaskHint(Channels: 1, Classes: 7)).Match;
        Assert.Equal(["conv1.weight", "fc.weight", "fc.bias"], match.Misshapen.Select(m => m.Entry.Name));
    }

    [Fact]
    public void Should_refuse_weights_of_another_network_and_copy_nothing()
    {
        using var scope = new TensorScope();
        string path = Path.Combine(Path.GetTempPath(), $"distillsharp-test-{Guid.NewGuid():N}.pth");
        try
        {
            using ImageModel lenet = ModelZoo.Create("lenet5", new ImageTask(1, 28, 28, 10), seed: 1);
            WeightsFile.Write(path, lenet.StateDict());
            using WeightsFile file = WeightsFile.Open(path);
            WeightsMismatchException e = Assert.Throws<WeightsMismatchException>(() => WeightsNetworks.Load("resnet8", file));
            Assert.Contains(path, e.Message);
            Assert.Contains("missing: bn1.weight [16]", e.Message);
            Assert.False(e.Match.Fits);

            using ImageModel other = ModelZoo.Create("lenet5", new ImageTask(1, 28, 28, 7), seed: 2);
            double[] before = other.Parameters()[0].ToArray<double>();
            Assert.Throws<WeightsMismatchException>(() => file.LoadInto(other));
            Assert.Equal(before, other.Parameters()[0].ToArray<double>());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Should_leave_weights_undrawn_only_where_that_is_asked_for()
    {
        var task = new ImageTask(1, 28, 28, 10);
        using ImageModel drawn = ModelZoo.Create("lenet5", task, seed: 1);
        using (IDisposable skip = Initialization.Skip())
        {
            Assert.True(Initialization.IsSkipped);
            skip.Dispose();
            Assert.False(Initialization.IsSkipped);
        }

        Assert.False(Initialization.IsSkipped);
        using ImageModel again = ModelZoo.Create("lenet5", task, seed: 1);
        Assert.True(drawn.Parameters()[0].Equal(again.Parameters()[0]));
    }

    private static IReadOnlyList<WeightsEntry> Entries(string name, ImageTask task)
    {
        using ImageModel model = ModelZoo.Create(name, task, seed: 1);
        return WeightsMatch.EntriesOf(model);
    }
}
