using DistillSharp.Data;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Data;

public class ImageAttributeTests
{
    [Fact]
    public void Should_name_what_does_not_exist()
    {
        using ImageDataset data = With(new ImageAttribute("domain", ["photo", "art"], [1, 0]));
        Assert.Equal([0L], data.IndicesWhere("domain", "art"));
        Assert.Contains("'domain'", Assert.Throws<ArgumentException>(() => data.IndicesWhere("domian", "art")).Message);
        Assert.Contains("'photo'", Assert.Throws<ArgumentException>(() => data.IndicesWhere("domain", "foto")).Message);
    }

    [Fact]
    public void Should_refuse_values_that_do_not_fit_and_free_the_tensors()
    {
        long before = LiveTensors.Settled();
        Assert.Equal("1", Assert.Throws<DataFormatException>(() => With(new ImageAttribute("a", ["x"], [0]))).Found);
        Assert.Equal("1", Assert.Throws<DataFormatException>(() => With(new ImageAttribute("a", ["x"], [0, 1]))).Found);
        Assert.Equal("'a' twice", Assert.Throws<DataFormatException>(() => With(new ImageAttribute("a", ["x"], [0, 0]), new ImageAttribute("a", ["x"], [0, 0]))).Found);
        Assert.Equal(before, Tensor.LiveCount);
    }

    private static ImageDataset With(params ImageAttribute[] attributes) =>
        ImageDataset.From("small", new byte[8], 1, 2, 2, [0, 0], ["only"], attributes: attributes);
}
