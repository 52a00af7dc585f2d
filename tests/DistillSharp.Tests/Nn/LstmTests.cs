using DistillSharp.Nn;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Nn;

public class LstmTests
{
    private const int Batch = 3, Steps = 4, Width = 2, Hidden = 3;

    [Fact]
    public void Should_follow_the_recurrence_in_one_direction()
    {
        using var scope = new TensorScope();
        using LSTM lstm = Make(1, bidirectional: false, out Tensor input);
        Assert.Equal(["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"], lstm.StateDict().Select(p => p.Key));
        double[][] outputs = Recurrence(lstm, "_l0", input, 1, [0, 1, 2, 3]);
        LstmResult read = lstm.Read(input);
        AssertClose(Tensor.From([.. outputs.SelectMany(o => o)], Steps, Hidden), read.Outputs.Select(0, 1), 1e-12);
        AssertClose(Tensor.From(outputs[^1]), read.End.Hidden.Select(0, 0).Select(0, 1), 1e-12);
        Assert.True(read.Outputs.Equal(lstm.Call(input)));
    }

    [Fact]
    public void Should_follow_the_recurrence_backwards_and_join_the_two()
    {
        using var scope = new TensorScope();
        using LSTM lstm = Make(1, bidirectional: true, out Tensor input);
        Assert.Equal(2 * Hidden, lstm.OutFeatures);
        double[][] forward = Recurrence(lstm, "_l0", input, 2, [0, 1, 2, 3]);
        double[][] backward = Recurrence(lstm, "_l0_reverse", input, 2, [3, 2, 1, 0]);
        LstmResult read = lstm.Read(input);
        for (int t = 0; t < Steps; t++)
        {
            AssertClose(Tensor.From([.. forward[t], .. backward[Steps - 1 - t]]), read.Outputs.Select(0, 2).Select(0, t), 1e-12);
        }

        AssertClose(Tensor.From(backward[^1]), read.End.Hidden.Select(0, 1).Select(0, 2), 1e-12);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Should_read_each_sequence_up_to_its_length_as_if_alone(int layers, bool bidirectional)
    {
        using var scope = new TensorScope();
        using LSTM lstm = Make(layers, bidirectional, out Tensor input);
        long[] lengths = [2, 4, 1];
        LstmResult read = lstm.Read(input, Tensor.From(lengths));
        Assert.Equal([Batch, Steps, lstm.OutFeatures], read.Outputs.Shape);
        for (int i = 0; i < Batch; i++)
        {
            LstmResult alone = lstm.Read(input.Rows(i, i + 1).Slice(1, 0, lengths[i]));
            AssertClose(alone.Outputs, read.Outputs.Rows(i, i + 1).Slice(1, 0, lengths[i]), 1e-12);
            AssertClose(alone.End.Hidden, read.End.Hidden.Slice(1, i, i + 1), 1e-12);
            AssertClose(alone.End.Cell, read.End.Cell.Slice(1, i, i + 1), 1e-12);
            Assert.Equal(0, lengths[i] == Steps ? 0 : read.Outputs.Select(0, i).Slice(0, lengths[i]).Abs().Max().Item());
        }
    }

    [Fact]
    public void Should_read_on_where_another_piece_ended()
    {
        using var scope = new TensorScope();
        using LSTM lstm = Make(2, bidirectional: false, out Tensor input);
        LstmResult whole = lstm.Read(input);
        LstmResult first = lstm.Read(input.Slice(1, 0, 1));
        LstmResult second = lstm.Read(input.Slice(1, 1), first.End);
        AssertClose(whole.Outputs.Slice(1, 1), second.Outputs, 1e-12);
        AssertClose(whole.End.Cell, second.End.Cell, 1e-12);
        Assert.True(first.End.Hidden.RequiresGrad);
        Assert.False(first.End.Detached().Hidden.RequiresGrad);
    }

    [Fact]
    public void Should_send_gradients_back_through_every_step()
    {
        using var scope = new TensorScope();
        using LSTM lstm = Make(2, bidirectional: true, out Tensor input);
        Tensor lengths = Tensor.From([2L, 4, 1]);
        AssertGradientMatchesDifferences(x => lstm.Read(x, lengths).End.Hidden.Square().Sum(), input);
        lstm.Read(input, lengths).Outputs.Square().Sum().Backward();
        Assert.All(lstm.NamedParameters(), p => Assert.True(p.Value.Grad!.Abs().Max().Item() > 0, p.Key));
        lstm.ZeroGradients();
    }

    [Fact]
    public void Should_drop_between_layers_from_its_generator_while_training_only()
    {
        using var scope = new TensorScope();
        using var weights = new Generator(1);
        using var lstm = new LSTM(Width, 8, weights, layers: 2, dropout: 0.5);
        Tensor input = Operators.Ones([2, 3, Width]);
        Assert.Throws<InvalidOperationException>(() => lstm.Call(input));
        Tensor Trained(ulong seed)
        {
            using var generator = new Generator(seed);
            lstm.UseGenerator(generator);
            return lstm.Call(input);
        }

        Tensor trained = Trained(1);
        Assert.True(trained.Equal(Trained(1)));
        Assert.False(trained.Equal(Trained(2)));
        lstm.Eval();
        Assert.False(trained.Equal(lstm.Call(input)));
        Assert.True(lstm.Call(input).Equal(lstm.Call(input)));
        Assert.Equal(8, lstm.StateDict().Count);
    }

    [Fact]
    public void Should_show_its_outputs_to_taps_however_it_reads()
    {
        using var scope = new TensorScope();
        using LSTM lstm = Make(1, bidirectional: false, out Tensor input);
        using var taps = new TapRecorder(lstm, [""]);
        Assert.Same(lstm.Read(input).Outputs, taps[""]);
        Assert.Same(lstm.Read(input, Tensor.From([2L, 4, 1])).Outputs, taps[""]);
        Assert.Same(lstm.Call(input), taps[""]);
    }

    [Fact]
    public void Should_say_what_lengths_and_states_do_not_fit()
    {
        using var scope = new TensorScope();
        using LSTM lstm = Make(1, bidirectional: false, out Tensor input);
        Assert.Contains("3 lengths from 1 to 4 were expected, found [2, 4]", Assert.Throws<ArgumentException>(() => lstm.Read(input, Tensor.From([2L, 4]))).Message);
        Assert.Contains("found [0, 4, 1]", Assert.Throws<ArgumentException>(() => lstm.Read(input, Tensor.From([0L, 4, 1]))).Message);
        Assert.Contains("found [5, 4, 1]", Assert.Throws<ArgumentException>(() => lstm.Read(input, Tensor.From([5L, 4, 1]))).Message);
        var state = new LstmState(Operators.Zeros([1, 2, Hidden]), Operators.Zeros([1, 2, Hidden]));
        Assert.Contains("A state of shape [1, 3, 3] was expected", Assert.Throws<ArgumentException>(() => lstm.Read(input, state)).Message);
    }

    [Fact]
    public void Should_give_all_memory_back()
    {
        long before = Tensor.LiveCount;
        using (new TensorScope())
        {
            using LSTM lstm = Make(2, bidirectional: true, out Tensor input);
            lstm.Read(input, Tensor.From([2L, 4, 1]));
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    private static LSTM Make(int layers, bool bidirectional, out Tensor input)
    {
        using var generator = new Generator(11);
        var lstm = new LSTM(Width, Hidden, generator, layers, bidirectional);
        lstm.To(DType.Float64);
        input = Operators.Empty([Batch, Steps, Width], DType.Float64).NormalInPlace(0, 1, generator);
        return lstm;
    }

    /// <summary>One direction of one layer over one sequence, written out: gates in the order input, forget, cell, output.</summary>
    private static double[][] Recurrence(LSTM lstm, string suffix, Tensor input, int sequence, int[] order)
    {
        double[] Weights(string name) => lstm.StateDict().Single(p => p.Key == name + suffix).Value.ToArray<double>();
        (double[] ih, double[] hh) = (Weights("weight_ih"), Weights("weight_hh"));
        (double[] bi, double[] bh) = (Weights("bias_ih"), Weights("bias_hh"));
        double[] x = input.Select(0, sequence).ToArray<double>();
        double[] h = new double[Hidden], c = new double[Hidden];
        var outputs = new List<double[]>();
        foreach (int t in order)
        {
            double Gate(int gate, int unit)
            {
                int row = (gate * Hidden) + unit;
                return bi[row] + bh[row]
                    + Enumerable.Range(0, Width).Sum(j => ih[(row * Width) + j] * x[(t * Width) + j])
                    + Enumerable.Range(0, Hidden).Sum(j => hh[(row * Hidden) + j] * h[j]);
            }

            static double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));
            double[] cell = [.. Enumerable.Range(0, Hidden).Select(u => (Sigmoid(Gate(1, u)) * c[u]) + (Sigmoid(Gate(0, u)) * Math.Tanh(Gate(2, u))))];
            double[] hidden = [.. Enumerable.Range(0, Hidden).Select(u => Sigmoid(Gate(3, u)) * Math.Tanh(cell[u]))];
            (h, c) = (hidden, cell);
            outputs.Add(h);
        }

        return [.. outputs];
    }
}
