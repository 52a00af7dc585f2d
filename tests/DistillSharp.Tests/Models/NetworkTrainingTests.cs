using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Models;

/// <summary>Every network for small images trains on 28x28 images of one channel, from fresh weights.</summary>
public class NetworkTrainingTests
{
    private static readonly ImageTask Task = new(1, 28, 28, 10);

    public static TheoryData<string> Names { get; } = [.. ModelZoo.All.Where(f => f.Group == ModelGroup.SmallImages).Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_send_gradients_to_every_weight_and_give_memory_back(string name)
    {
        long before = Tensor.LiveCount;
        using (var scope = new TensorScope())
        using (var generator = new Generator(9))
        using (ImageModel model = ModelZoo.Create(name, Task, 2))
        {
            Tensor images = Operators.Empty([4, 1, 28, 28], DType.Float32).NormalInPlace(0, 1, generator);
            Tensor logits = model.Call(images);
            logits.CrossEntropyLoss(Tensor.From(new long[] { 0, 3, 5, 9 }, 4)).Backward();
            Assert.Equal([4L, 10], logits.Shape);
            HashSet<string> idle = BiasesBeforeNorms(model);
            Assert.All(model.NamedParameters(), p =>
            {
                double size = p.Value.Grad!.Abs().Max().Item();
                Assert.True(idle.Contains(p.Key) ? size < 1e-3 : size > 0, $"{p.Key}: {size}");
            });

            // One step moved the running statistics, so that evaluation gives sound numbers too.
            model.Eval();
            using GradModeScope noGrad = Autograd.NoGrad();
            Assert.True(model.Call(images).Isfinite().All().Item() > 0);
            model.ZeroGradients();
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_draw_weights_as_the_public_networks_do()
    {
        using var scope = new TensorScope();
        using ImageModel vgg = ModelZoo.Create("vgg11", Task, 4);
        AssertSpread(Math.Sqrt(2.0 / (9 * 512)), Weight(vgg, "block4.3"));
        AssertSpread(0.01, ((Linear)vgg.Find("classifier")).Weight);
        Assert.Equal(0, ((Conv2d)vgg.Find("block4.3")).Bias!.Abs().Max().Item());
        Assert.Equal(0, ((Linear)vgg.Find("classifier")).Bias!.Abs().Max().Item());

        // The fan-out counts all channels of the output, also where each sees one of the input only.
        using ImageModel mobile = ModelZoo.Create("MobileNetV2", Task, 4);
        AssertSpread(Math.Sqrt(2.0 / (9 * 480)), Weight(mobile, "blocks.6.0.conv.3"));
        using ImageModel wide = ModelZoo.Create("wrn_16_2", Task, 4);
        AssertSpread(Math.Sqrt(2.0 / (9 * 128)), Weight(wide, "block3.layer.1.conv2"));
        Assert.Equal(0, ((Linear)wide.Find("fc")).Bias!.Abs().Max().Item());

        // The ShuffleNets keep PyTorch's own: uniform up to 1/sqrt(fan-in).
        using ImageModel shuffle = ModelZoo.Create("ShuffleV1", Task, 4);
        Assert.InRange(Weight(shuffle, "layer3.1.conv1").Abs().Max().Item(), 0.99 / Math.Sqrt(320), 1 / Math.Sqrt(320));
    }

    private static Tensor Weight(Module model, string path) => ((Conv2d)model.Find(path)).Weight;

    private static void AssertSpread(double expected, Tensor weights) =>
        Assert.InRange(weights.Square().Mean().Sqrt().Item() / expected, 0.93, 1.07);

    /// <summary>A norm takes away what the bias before it adds: its gradient is rounding only.</summary>
    private static HashSet<string> BiasesBeforeNorms(ImageModel model) =>
        [.. model.NamedModules().Where(m => m.Value is Conv2d { HasBias: true } && model is CifarVgg).Select(m => m.Key + ".bias")];
}
