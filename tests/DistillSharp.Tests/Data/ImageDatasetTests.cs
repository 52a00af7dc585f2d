using DistillSharp.Data;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Data;

public class ImageDatasetTests
{
    [Fact]
    public void Should_hold_images_and_labels_beyond_the_scope_they_were_made_in()
    {
        long before = LiveTensors.Settled();
        ImageDataset dataset;
        using (new TensorScope())
        {
            dataset = ImageDataset.From("small", IdxBytes.Ramp(24), 1, 2, 3, [0, 1, 1, 0], ["a", "b"]);
        }

        Assert.Equal((4, 1, 2, 3), (dataset.Count, dataset.Channels, dataset.Height, dataset.Width));
        Assert.Equal(IdxBytes.Ramp(24), dataset.Images.ToArray<byte>());
        Assert.Equal([0, 1, 1, 0], dataset.Labels.ToArray<long>());
        Assert.Equal([0, 1, 1, 0], dataset.HostLabels.ToArray());
        dataset.Dispose();
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void Should_name_a_label_out_of_range(long label)
    {
        long before = LiveTensors.Settled();
        var error = Assert.Throws<DataFormatException>(() => ImageDataset.From("small", IdxBytes.Ramp(18), 1, 2, 3, [0, 1, label], ["a", "b"]));
        Assert.Equal("label 2 (counted from 0)", error.Place);
        Assert.Equal("a class from 0 to 1", error.Expected);
        Assert.Equal(label.ToString(), error.Found);
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_refuse_another_number_of_labels_than_images()
    {
        var error = Assert.Throws<DataFormatException>(() => ImageDataset.From("small", IdxBytes.Ramp(18), 1, 2, 3, [0, 1], ["a", "b"], labelsOrigin: "labels.idx"));
        Assert.Equal("labels.idx, number of labels: expected 3, one for each image of small, found 2.", error.Message);
    }

    [Fact]
    public void Should_refuse_images_that_are_none()
    {
        Assert.Throws<DataFormatException>(() => ImageDataset.From("small", [], 1, 2, 3, [], ["a"]));
        Assert.Throws<DataFormatException>(() => ImageDataset.From("small", IdxBytes.Ramp(7), 1, 2, 3, [0], ["a"]));
        Assert.Throws<DataFormatException>(() => ImageDataset.From("small", IdxBytes.Ramp(7), 1, 0, 3, [0], ["a"]));
        using var scope = new TensorScope();
        Assert.Throws<DataFormatException>(() => new ImageDataset("small", Operators.Zeros([1, 1, 2, 2]), Operators.Zeros([1], DType.Int64), ["a"]));
        Assert.Throws<DataFormatException>(() => new ImageDataset("small", Operators.Zeros([1, 1, 2, 2], DType.UInt8), Operators.Zeros([1]), ["a"]));
    }

    [Fact]
    public void Should_compute_statistics_exactly()
    {
        byte[] images = IdxBytes.Ramp(5 * 2 * 12);
        Normalization found = Normalization.Of(images, channels: 2, pixels: 12);
        for (int channel = 0; channel < 2; channel++)
        {
            double[] values = images.Where((_, i) => i / 12 % 2 == channel).Select(b => b / 255.0).ToArray();
            double mean = values.Average();
            Assert.Equal(mean, found.Mean[channel], 12);
            Assert.Equal(Math.Sqrt(values.Average(v => (v - mean) * (v - mean))), found.StandardDeviation[channel], 12);
        }

        Assert.Equal([1.0], Normalization.Of(new byte[12], 1, 12).StandardDeviation);
    }
}
