namespace DistillSharp.Torch.Tests.Tracing;

/// <summary>A trace names every call with its arguments and results, and leaves nothing behind.</summary>
public sealed class OperatorTraceTests
{
    [Fact]
    public void Should_name_operators_with_arguments_and_defaults()
    {
        using var scope = new TensorScope();
        Tensor images = Operators.Ones([2, 3, 8, 8]);
        Tensor weight = Operators.Ones([4, 3, 3, 3]);
        using var trace = new OperatorTrace();
        Tensor result = Operators.Conv2d(images, weight, null, [2, 2], [1, 1]);
        trace.Stop();
        _ = result.Relu();

        OperatorCall call = Assert.Single(trace.Calls);
        Assert.Equal("conv2d", call.Operator);
        Assert.Same(trace.Find(images), call.Tensor("input"));
        Assert.Same(trace.Find(weight), call.Tensor("weight"));
        Assert.Null(call.OptionalTensor("bias"));
        Assert.Equal([2L, 2], call.Integers("stride"));
        Assert.Equal([1L], call.Integers("dilation"));
        Assert.Equal(1, call.Integer("groups"));
        Assert.Same(trace.Find(result), Assert.Single(call.Results));
        Assert.Same(call, trace.Find(result)!.Producer);
        Assert.Null(trace.Find(images)!.Producer);
        Assert.Equal([2L, 4, 4, 4], trace.Find(result)!.Shape);
        Assert.Throws<InvalidOperationException>(() => call.Flag("groups"));
        Assert.Contains("padding", Assert.Throws<ArgumentException>(() => call["paddings"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_tell_scalars_texts_lists_and_truth_values()
    {
        using var scope = new TensorScope();
        Tensor x = Operators.Ones([2, 4]);
        using var trace = new OperatorTrace();
        Tensor[] parts = x.Chunk(2, 1);
        _ = Operators.Cat([parts[1], parts[0]], 1).Gelu().Sum([1L], true).Add(2).Add(0.5);
        trace.Stop();

        Assert.Equal(["chunk", "cat", "gelu", "sum.dim_IntList", "add.Scalar", "add.Scalar"], trace.Calls.Select(c => c.Operator));
        Assert.Equal(2, trace.Calls[0].Results.Count);
        Assert.Equal(trace.Calls[0].Results.Reverse(), trace.Calls[1].Tensors("tensors"));
        Assert.Equal("none", trace.Calls[2].Text("approximate"));
        Assert.True(trace.Calls[3].Flag("keepdim"));
        Assert.Equal(2L, trace.Calls[4]["other"]);
        Assert.Equal(0.5, trace.Calls[5].Number("other"));
    }

    [Fact]
    public void Should_follow_values_through_changes_in_place()
    {
        using var scope = new TensorScope();
        Tensor x = Operators.Ones([3]);
        using var trace = new OperatorTrace();
        Tensor sum = x.Add(1.0);
        sum.MulInPlace(2.0);
        Tensor view = sum.View([1, 3]);
        trace.Stop();

        Assert.True(trace.Calls[1].IsInPlace);
        Assert.Same(trace.Calls[0].Results[0], trace.Calls[1].Tensor("self"));
        Assert.Same(trace.Calls[1].Results[0], trace.Calls[2].Tensor("self"));
        Assert.NotSame(trace.Calls[0].Results[0], trace.Calls[1].Results[0]);
        Assert.Same(trace.Calls[1].Results[0], trace.Find(sum));
        Assert.True(trace.Find(view)!.SharesMemoryWith(trace.Find(sum)!));
        Assert.False(trace.Find(view)!.SharesMemoryWith(trace.Find(x)!));
    }

    [Fact]
    public void Should_know_a_tensor_that_is_only_handed_through()
    {
        using var scope = new TensorScope();
        Tensor x = Operators.Ones([2, 3]);
        using var trace = new OperatorTrace();
        Tensor same = Operators.Dropout(x.Contiguous(), 0.5, train: false);
        trace.Stop();

        Assert.Equal(["contiguous", "dropout"], trace.Calls.Select(c => c.Operator));
        Assert.Same(trace.Find(x), trace.Find(same));
        Assert.All(trace.Calls, c => Assert.Same(trace.Find(x), Assert.Single(c.Results)));
    }

    [Fact]
    public void Should_tell_a_new_tensor_from_a_freed_one()
    {
        using var scope = new TensorScope();
        Tensor x = Operators.Ones([64]);
        using var trace = new OperatorTrace();
        for (int i = 0; i < 50; i++)
        {
            // Without the trace, the next round's tensors would be given the same memory and the same handles.
            using Tensor product = x.Mul(i);
            using Tensor sum = product.Add(1.0);
        }

        trace.Stop();
        Assert.Equal(100, trace.Calls.SelectMany(c => c.Results).Distinct().Count());
        for (int i = 0; i < 50; i++)
        {
            Assert.Same(trace.Calls[2 * i].Results[0], trace.Calls[(2 * i) + 1].Tensor("self"));
            Assert.Equal(i, trace.Calls[2 * i].Results[0].Value.ToArray<float>()[0]);
        }
    }

    [Fact]
    public void Should_see_its_own_thread_only_and_be_alone_on_it()
    {
        using var trace = new OperatorTrace();
        Assert.Throws<InvalidOperationException>(() => new OperatorTrace());
        var other = new Thread(() => Operators.Ones([2]).Dispose());
        other.Start();
        other.Join();
        Assert.Empty(trace.Calls);
        Operators.Ones([2]).Dispose();
        Assert.Single(trace.Calls);
        trace.Stop();
        Operators.Ones([2]).Dispose();
        Assert.Single(trace.Calls);
        using var next = new OperatorTrace();
    }

    [Fact]
    public void Should_free_what_it_kept()
    {
        long before = Check.Settled();
        using (var scope = new TensorScope())
        {
            using (var trace = new OperatorTrace())
            {
                Tensor x = Operators.Ones([4]).Add(1.0);
                x.AddInPlace(x).Chunk(2);
                Assert.Throws<TorchException>(() => x.View([3]));
                Assert.Equal(4, trace.Calls.Count);
            }

            Assert.Equal(4, Tensor.LiveCount - before);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }
}
