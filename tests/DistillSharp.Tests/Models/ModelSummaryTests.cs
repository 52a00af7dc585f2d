using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Models;

public class ModelSummaryTests
{
    private static readonly ImageTask Task = ModelGroup.SmallImages.UsualTask;

    [Fact]
    public void Should_count_multiply_adds_as_by_hand()
    {
        using ImageModel model = ModelZoo.Create("resnet8", Task, 1);
        ModelSummary summary = ModelSummary.Of(model, Task);
        const long Stem = 3 * 9 * 16 * 32 * 32;
        const long Layer1 = 2 * 16 * 9 * 16 * 32 * 32;
        const long Layer2 = ((16 * 9) + (32 * 9) + 16) * 32 * 16 * 16;
        const long Layer3 = ((32 * 9) + (64 * 9) + 32) * 64 * 8 * 8;
        Assert.Equal([("conv1", Stem), ("layer1", Layer1), ("layer2", Layer2), ("layer3", Layer3), ("fc", 6_400)], Counted("conv1", "layer1", "layer2", "layer3", "fc"));
        Assert.Equal(12_507_392, summary.MultiplyAdds);
        Assert.Equal(Stem + Layer1 + Layer2 + Layer3 + 6_400, summary.MultiplyAdds);
        Assert.Equal(83_892, summary.Parameters);

        (string, long)[] Counted(params string[] paths) => [.. paths.Select(p => (p, summary.Layers.Single(l => l.Path == p).MultiplyAdds))];
    }

    [Fact]
    public void Should_count_groups_of_channels_apart()
    {
        using ImageModel model = ModelZoo.Create("ShuffleV1", Task, 1);
        ILookup<string, LayerSummary> layers = ModelSummary.Of(model, Task).Layers.ToLookup(l => l.Path);

        // 240 channels in three groups of 80 to 60; then each of 60 alone; then three groups of 20 to 240.
        Assert.Equal(80L * 60 * 16 * 16, layers["layer1.1.conv1"].Single().MultiplyAdds);
        Assert.Equal(9L * 60 * 16 * 16, layers["layer1.1.conv2"].Single().MultiplyAdds);
        Assert.Equal(20L * 240 * 16 * 16, layers["layer1.1.conv3"].Single().MultiplyAdds);
        Assert.Equal(0, layers["layer1.1.bn1"].Single().MultiplyAdds);
    }

    [Fact]
    public void Should_list_every_layer_with_kind_and_shape_and_leave_the_model_as_it_was()
    {
        long before = LiveTensors.Settled();
        using (ImageModel model = ModelZoo.Create("vgg8", Task, 1))
        {
            long owned = LiveTensors.Settled();
            ModelSummary summary = ModelSummary.Of(model, Task);
            Assert.Equal(owned, Tensor.LiveCount);
            Assert.True(model.IsTraining);
            Assert.Equal(model.NamedModules().Select(m => m.Key).Skip(1), summary.Layers.Select(l => l.Path));
            LayerSummary block = summary.Layers.Single(l => l.Path == "block1");
            Assert.Equal(("Sequential", 128L * ((64 * 9) + 3)), (block.Kind, block.Parameters));
            Assert.Equal([128L, 16, 16], block.Shape);
            Assert.All(model.StateDict().Where(p => p.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)), p => Assert.Equal(0, p.Value.Item()));
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_count_rows_of_a_linear_layer_and_leave_out_layers_off_the_path()
    {
        using var generator = new Generator(1);
        using var model = new Rows(generator);
        ModelSummary summary = ModelSummary.Of(model, new ImageTask(2, 3, 4, 5));

        // 6 rows of 4 columns, twice: the layer is called twice.
        Assert.Equal(2 * 6 * 4 * 4, summary.Layers[0].MultiplyAdds);
        Assert.Equal([2L, 3, 4], summary.Layers[0].Shape);
        Assert.Null(summary.Layers[1].Shape);
        Assert.Equal(0, summary.Layers[1].MultiplyAdds);
        Assert.Equal(20, summary.Layers[1].Parameters);
    }

    private sealed class Rows : ImageModel
    {
        private readonly Linear _mix;

        public Rows(Generator generator)
        {
            _mix = Register("mix", new Linear(4, 4, generator));
            Register("idle", new Linear(4, 4, generator));
        }

        public override IReadOnlyList<string> FeatureLayers => ["mix", "mix"];

        protected override Tensor Forward(Tensor input) => _mix.Call(_mix.Call(input));
    }
}
