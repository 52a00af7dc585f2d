using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

/// <summary>Grad-CAM++ and Score-CAM on networks whose maps can be computed by hand.</summary>
public sealed class ExplanationTests
{
    public static TheoryData<string> Names => [.. MapMethod.All.Select(m => m.Name)];

    /// <summary>Two channels of 2x2: 1 2 / 0 1 and 0 3 / 0 0.</summary>
    private static Tensor Image => Tensor.From([1.0, 2, 0, 1, 0, 3, 0, 0], 1, 2, 2, 2);

    /// <summary>
    /// Gradients of class 1: 0.5 -1 / 0 -0.5 in the first channel (sum of the map 4), 0 2 / 0 0 in the second (3). The weights are 0.5 / (2 + 4 · 0.5) = 0.125
    /// and 2 / (2 + 3 · 2) = 0.25; where the gradient is -0.5 the divisor is 0, and must not count.
    /// </summary>
    [Fact]
    public void Should_Weight_Places_As_Grad_Cam_Plus_Plus_Does()
    {
        using var scope = new TensorScope();
        using var model = Network([0.5, -1, 0, -0.5, 0, 2, 0, 0]);

        Assert.Equal([0.125, 1, 0, 0.125], GradCamPlusPlus.Maps(model, "map", Image, Tensor.From([1L])).ToArray<double>(), Close);
        Assert.Equal([0.0, 0, 0, 0], GradCamPlusPlus.Maps(model, "map", Image, Tensor.From([0L])).ToArray<double>());
    }

    /// <summary>The masks are 0.5 1 / 0 0.5 and 0 1 / 0 0: behind the first class 1 has the logit 0.5 + 1, behind the second 1.</summary>
    [Fact]
    public void Should_Weight_Channels_By_What_They_Leave_To_See_As_Score_Cam_Does()
    {
        using var scope = new TensorScope();
        using var model = Network([1, 0, 0, 0, 0, 1 / 3.0, 0, 0]);
        double first = Math.Exp(1.5) / (Math.Exp(1.5) + Math.Exp(1)), second = 1 - first;

        Assert.Equal([first, (2 * first) + (3 * second), 0, first], ScoreCam.Maps(model, "map", Image, Tensor.From([1L])).ToArray<double>(), Close);
        Assert.Equal([0.5, 2.5, 0, 0.5], ScoreCam.Maps(model, "map", Image, Tensor.From([0L])).ToArray<double>(), Close);
    }

    [Fact]
    public void Should_Keep_The_Channels_That_Differ_Most_And_None_That_Are_The_Same_Everywhere()
    {
        using var scope = new TensorScope();
        using var model = Network([1, 0, 0, 0, 0, 1, 0, 0]);
        Tensor even = Tensor.From([5.0, 5, 5, 5, 0, 3, 0, 0, 7, 7, 7, 7, 2, 2, 2, 2], 2, 2, 2, 2);

        Assert.Equal([0.0, 3, 0, 0], ScoreCam.Maps(model, "map", Image, Tensor.From([1L]), mostChannels: 1).ToArray<double>(), Close);
        Assert.Equal([0.0, 3, 0, 0, 0, 0, 0, 0], ScoreCam.Maps(model, "map", even, Tensor.From([1L, 0L])).ToArray<double>(), Close);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_Give_The_Same_Maps_However_Sliced_And_Leave_No_Gradients(string name)
    {
        using ImageClassifier model = TinyClassifiers.Random(1);
        MapMethod method = MapMethod.Get(name);
        long before = LiveTensors.Settled();
        using (var scope = new TensorScope())
        {
            ImageSet set = TinyClassifiers.Images(20, 1);

            Tensor maps = method.Maps(model, "map", set.Images, set.Labels, 64, 20);

            Assert.Equal([20, 6, 6], maps.Shape);
            Assert.InRange(maps.Min().Item(), 0, 1e9);
            Assert.DoesNotContain(true, GradCam.IsZero(maps));
            Closeness.AssertClose(maps, method.Maps(model, "map", set.Images, set.Labels, 64, 3), 1e-5);
            Assert.All(model.Network.Parameters(), p => Assert.Null(p.Grad));
            Assert.True(model.Network.IsTraining);
            Assert.True(Autograd.IsRecording);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    /// <summary>What is hidden is the data's mean: zero after the normalisation, not black.</summary>
    [Fact]
    public void Should_Hide_The_Networks_Input_And_Not_The_Image()
    {
        using var scope = new TensorScope();
        using ImageClassifier model = TinyClassifiers.Random(1);
        ImageSet set = TinyClassifiers.Images(5, 1);

        Tensor ofNetwork = ScoreCam.Maps(model.Network, "map", model.Normalize(ImageClassifier.ToUnitRange(set.Images)), set.Labels);

        Closeness.AssertClose(ofNetwork, ScoreCam.Maps(model, "map", set.Images, set.Labels), 1e-5);
    }

    [Fact]
    public void Should_Compare_The_Maps_Of_All_Classes_Together_And_Show_That_Of_The_True_One()
    {
        using var scope = new TensorScope();
        using ImageClassifier first = TinyClassifiers.Random(1), second = TinyClassifiers.Random(2);
        using var sample = new ImageSample(TinyClassifiers.Images(6, 1), 6);
        ClassMaps Of(ImageClassifier model) => ClassMaps.Of(MapMethod.All[0], model, "map", sample, TinyClassifiers.Classes, 64, 10);
        (ClassMaps a, ClassMaps b) = (Of(first), Of(second));

        double[] cosines = a.Cosines(b);

        for (int i = 0; i < 6; i++)
        {
            double[][] maps = [.. new[] { first, second }.Select(model => Enumerable.Range(0, TinyClassifiers.Classes)
                .SelectMany(c => GradCam.Maps(model, "map", sample.Images.Rows(i, i + 1), Tensor.From([(long)c])).ToArray<double>()).ToArray())];
            double Product(int x, int y) => maps[x].Zip(maps[y], (p, q) => p * q).Sum();
            Assert.Equal(Product(0, 1) / Math.Sqrt(Product(0, 0) * Product(1, 1)), cosines[i], 1e-5);
            Closeness.AssertClose(
                GradCam.Maps(first, "map", sample.Images.Rows(i, i + 1), sample.Labels.Rows(i, i + 1)).Squeeze(0), a.Map(i, sample.Classes[i]), 1e-5);
        }
    }

    private static bool Close(double a, double b) => Math.Abs(a - b) < 1e-9;

    /// <summary>Two classes, logits 0 and the sum of the layer's values times weights.</summary>
    private static FormulaNetwork Network(double[] weights) => new(map =>
    {
        Tensor sum = (map.Flatten(1) * Tensor.From(weights, 1, 8)).Sum([1], keepdim: true);
        return Operators.Cat([sum.ZerosLike(), sum], 1);
    });
}
