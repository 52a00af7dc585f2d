namespace DistillSharp.Torch.Tests;

public class AutogradTests
{
    [Fact]
    public void Should_add_gradients_up_until_they_are_cleared() => Check.LeavesNoTensor(() =>
    {
        Tensor x = Leaf(1, 2);
        Assert.Null(x.Grad);
        x.Square().Sum().Backward();
        x.Square().Sum().Backward();
        Check.Close([4, 8], x.Grad!);
        x.Grad = null;
        Assert.Null(x.Grad);
        x.Grad = Tensor.From([5.0, 6.0]);
        x.Sum().Backward();
        Check.Close([6, 7], x.Grad!);
    });

    [Fact]
    public void Should_refuse_a_gradient_of_another_kind() => Check.LeavesNoTensor(() =>
    {
        Tensor x = Leaf(1, 2);
        string message = Assert.Throws<TorchException>(() => x.Grad = Tensor.From([1.0, 2.0, 3.0])).Message;
        Assert.Contains("expected Double [2] on cpu, found Double [3] on cpu", message);
        Assert.Throws<TorchException>(() => x.Grad = Tensor.From([1f, 2f]));
    });

    [Fact]
    public void Should_give_gradients_without_touching_the_leaves() => Check.LeavesNoTensor(() =>
    {
        Tensor x = Leaf(1, 2);
        Tensor y = Leaf(3, 4);
        Tensor[] found = Autograd.Gradients(x * y, [x, y], Tensor.From([1.0, 10.0]));
        Check.Close([3, 40], found[0]);
        Check.Close([1, 20], found[1]);
        Assert.Null(x.Grad);
    });

    [Fact]
    public void Should_differentiate_gradients() => Check.LeavesNoTensor(() =>
    {
        Tensor x = Leaf(2, 3);
        Tensor first = Autograd.Gradients(x.Pow(3).Sum(), [x], createGraph: true)[0];
        Check.Close([12, 18], Autograd.Gradients(first.Sum(), [x])[0]);
    });

    [Fact]
    public void Should_go_backward_twice_only_where_the_graph_is_kept() => Check.LeavesNoTensor(() =>
    {
        Tensor x = Leaf(2);
        Tensor y = x.Exp().Sum();
        y.Backward(keepGraph: true);
        y.Backward();
        Assert.Contains("second time", Assert.Throws<TorchException>(() => y.Backward()).Message);
    });

    [Fact]
    public void Should_refuse_an_input_without_a_part_in_the_output() => Check.LeavesNoTensor(() =>
    {
        Tensor x = Leaf(1);
        Assert.Throws<TorchException>(() => Autograd.Gradients(x.Sum(), [Leaf(2)]));
        Assert.Throws<TorchException>(() => Tensor.Of(1).Backward());
    });

    [Fact]
    public void Should_nest_scopes_and_restore() => Check.LeavesNoTensor(() =>
    {
        Tensor x = Leaf(1);
        Assert.True(Autograd.IsRecording);
        using (Autograd.NoGrad())
        {
            Assert.False(x.Square().RequiresGrad);
            using (Autograd.EnableGrad())
            {
                Assert.True(Autograd.IsRecording);
                Assert.True(x.Square().RequiresGrad);
            }

            Assert.False(Autograd.IsRecording);
        }

        Assert.True(Autograd.IsRecording);
        Assert.True(x.Square().RequiresGrad);
        Assert.True(x.IsLeaf && !x.Square().IsLeaf);
    });

    [Fact]
    public void Should_restore_when_an_exception_passes()
    {
        void Fail()
        {
            using GradModeScope noGrad = Autograd.NoGrad();
            using InferenceScope inference = Autograd.Inference();
            throw new FormatException();
        }

        Assert.Throws<FormatException>(Fail);
        Assert.True(Autograd.IsRecording);
    }

    [Fact]
    public void Should_keep_inference_tensors_out_of_graphs() => Check.LeavesNoTensor(() =>
    {
        Tensor x = Leaf(1);
        Tensor y;
        using (Autograd.Inference())
        {
            using (Autograd.Inference())
            {
                y = x.Square();
            }

            Assert.True(x.Square().IsInference);
        }

        Assert.True(y.IsInference && !y.RequiresGrad);
        Assert.False(x.Square().IsInference);
        Assert.Contains("Inference tensors cannot be saved for backward", Assert.Throws<TorchException>(() => x * y).Message);
        Check.Close([1], y);
    });

    [Fact]
    public void Should_refuse_to_leave_inference_on_another_thread()
    {
        using InferenceScope scope = Autograd.Inference();
        Exception? found = null;
        var thread = new Thread(() => found = Record.Exception(scope.Dispose));
        thread.Start();
        thread.Join();
        Assert.IsType<InvalidOperationException>(found);
        scope.Dispose();
    }

    private static Tensor Leaf(params double[] values)
    {
        Tensor x = Tensor.From(values);
        x.RequiresGrad = true;
        return x;
    }
}
