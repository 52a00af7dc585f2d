using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

public sealed class GradCamTests
{
    /// <summary>Reference: <c>analysis.json</c>, Float64, 1e-9 of the largest value.</summary>
    [Theory]
    [InlineData(200, true)]
    [InlineData(3, false)]
    public void Should_Equal_The_Reference_However_Sliced_And_Also_Where_Frozen(int slice, bool parametersRequireGradients)
    {
        using var file = new GoldenFile("analysis.json");
        string layer = file.At("grad_cam", "layer").GetString()!.Split(' ')[0];
        using ImageModel student = GoldenNetworks.Network(file, "student");
        using ImageModel teacher = GoldenNetworks.Network(file, "teacher");
        student.RequireGradients(parametersRequireGradients);
        long before = LiveTensors.Settled();
        using (var scope = new TensorScope())
        {
            Tensor images = GoldenNetworks.Images(file);
            Tensor labels = Tensor.From(GoldenNetworks.Longs(file.At("labels")));
            foreach ((ImageModel network, string name) in new[] { (student, "student"), (teacher, "teacher") })
            {
                Closeness.AssertClose(file.Tensor(DType.Float64, "grad_cam", name), GradCam.Maps(network, layer, images, labels, relu: true, slice), 1e-9);
                Closeness.AssertClose(file.Tensor(DType.Float64, "grad_cam", name + "_before_relu"), GradCam.Maps(network, layer, images, labels, relu: false, slice), 1e-9);
            }

            AssertCosines(file, "cosine", GradCam.Cosines(GradCam.Maps(student, layer, images, labels), GradCam.Maps(teacher, layer, images, labels)));
            AssertCosines(file, "cosine_before_relu", GradCam.Cosines(GradCam.Maps(student, layer, images, labels, relu: false), GradCam.Maps(teacher, layer, images, labels, relu: false)));
        }

        Assert.Equal(before, Tensor.LiveCount);
        Assert.All(student.Parameters(), p => Assert.Null(p.Grad));
    }

    [Fact]
    public void Should_Refuse_Maps_Of_One_Pixel_And_Name_Larger_Ones()
    {
        using var scope = new TensorScope();
        using ImageModel model = ModelZoo.Create("resnet8", new ImageTask(1, 4, 4, 3), 1);
        Tensor images = Operators.Zeros([2, 1, 4, 4]);
        Tensor classes = Tensor.From([0L, 1L]);

        var one = Assert.Throws<MapSizeException>(() => GradCam.Maps(model, "layer3", images, classes));
        var none = Assert.Throws<MapSizeException>(() => GradCam.Maps(model, "pool", images, classes));
        var unknown = Assert.Throws<ArgumentException>(() => GradCam.Maps(model, "layer33", images, classes));

        Assert.Contains("'layer3' gives out maps of 1x1", one.Message, StringComparison.Ordinal);
        Assert.Contains("layer2 (2x2)", one.Message, StringComparison.Ordinal);
        Assert.Contains("which is no map", none.Message, StringComparison.Ordinal);
        Assert.Contains("'layer3'", unknown.Message, StringComparison.Ordinal);
        Assert.True(model.IsTraining);
    }

    [Fact]
    public void Should_Have_No_Cosine_Where_A_Map_Is_Zero_Throughout_And_Keep_Tiny_Maps()
    {
        using var scope = new TensorScope();
        Tensor first = Tensor.From([1.0, 0, 0, 0, 1e-200, 0], 3, 1, 2);
        Tensor second = Tensor.From([1.0, 1, 1, 1, 1e-200, 0], 3, 1, 2);

        Assert.Equal([1 / Math.Sqrt(2), double.NaN, 1], GradCam.Cosines(first, second), (a, b) => a.Equals(b) || Math.Abs(a - b) < 1e-12);
        Assert.Equal([false, true, false], GradCam.IsZero(first));
        Assert.Throws<ArgumentException>(() => GradCam.Cosines(first, GradCam.Resize(second, 2, 2)));
    }

    [Fact]
    public void Should_Look_Through_The_Classifiers_Normalisation_At_Bytes()
    {
        using var scope = new TensorScope();
        using ImageClassifier model = TinyClassifiers.Random(1);
        ImageSet set = TinyClassifiers.Images(5, 1);

        Tensor ofBytes = GradCam.Maps(model, "map", set.Images, set.Labels);
        Tensor ofNetwork = GradCam.Maps(model.Network, "map", model.Normalize(ImageClassifier.ToUnitRange(set.Images)), set.Labels);

        Closeness.AssertClose(ofNetwork, ofBytes, 1e-5);
    }

    private static void AssertCosines(GoldenFile file, string name, double[] actual)
    {
        double[] expected = [.. file.At("grad_cam", name).EnumerateArray().Select(e => e.ValueKind == System.Text.Json.JsonValueKind.Null ? double.NaN : e.GetDouble())];
        Assert.Equal(expected, actual, (a, b) => (double.IsNaN(a) && double.IsNaN(b)) || Math.Abs(a - b) < 1e-9);
    }
}
