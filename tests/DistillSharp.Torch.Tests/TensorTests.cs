namespace DistillSharp.Torch.Tests;

public class TensorTests
{
    [Fact]
    public void Should_add_and_give_the_memory_back()
    {
        TorchRuntime.EnsureStarted();
        long before = Tensor.LiveCount;
        using (new TensorScope())
        {
            Tensor a = Tensor.From([1f, 2f, 3f, 4f], 2, 2);
            Tensor b = a.Matmul(a) + 1.0;
            Assert.Equal([8f, 11f, 16f, 23f], b.ToArray<float>());
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_carry_libtorchs_message_without_its_stack()
    {
        using var scope = new TensorScope();
        Tensor a = Tensor.From([1f, 2f, 3f, 4f], 2, 2);
        var error = Assert.Throws<TorchException>(() => a.Mm(Tensor.From([1f, 2f, 3f], 3, 1)));
        Assert.Contains("mat1 and mat2 shapes cannot be multiplied (2x2 and 3x1)", error.Message);
        Assert.DoesNotContain("frame #", error.Message);
    }

    [Fact]
    public void Should_differentiate()
    {
        using var scope = new TensorScope();
        Tensor x = Tensor.From([1.0, 2.0, 3.0]);
        x.RequiresGrad = true;
        Tensor y = x.Square().Sum();
        y.Backward();
        Assert.Equal([2.0, 4.0, 6.0], x.Grad!.ToArray<double>());
    }
}
