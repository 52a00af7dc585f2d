using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Nn;

public class ChannelShuffleTests
{
    [Theory]
    [InlineData(MemoryFormat.Contiguous)]
    [InlineData(MemoryFormat.ChannelsLast)]
    public void Should_take_one_channel_of_each_group_in_turn(MemoryFormat layout)
    {
        using var scope = new TensorScope();
        using var shuffle = new ChannelShuffle(3);
        Tensor input = Operators.Arange(2 * 6 * 2 * 2, DType.Float64).View([2, 6, 2, 2]).Contiguous(layout);
        input.RequiresGrad = true;
        Tensor output = shuffle.Call(input);
        Tensor expected = input.Detach().IndexSelect(1, Tensor.From(new long[] { 0, 2, 4, 1, 3, 5 }, 6));
        Assert.True(output.Detach().Equal(expected));
        Assert.Equal(layout == MemoryFormat.Contiguous, output.IsContiguous);

        // Gradients go the way back.
        Tensor weights = Operators.Arange(6, DType.Float64).View([1, 6, 1, 1]);
        Tensor gradient = Autograd.Gradients((output * weights).Sum(), [input])[0];
        Assert.Equal([0.0, 3, 1, 4, 2, 5], gradient.Narrow(2, 0, 1).Narrow(3, 0, 1).Narrow(0, 1, 1).Reshape([6]).ToArray<double>());
    }

    [Fact]
    public void Should_pass_a_single_group_on()
    {
        using var scope = new TensorScope();
        using var shuffle = new ChannelShuffle(1);
        Tensor input = Operators.Ones([1, 3, 2, 2]);
        Assert.Same(input, shuffle.Call(input));
    }
}
