using DistillSharp.Distillation;
using DistillSharp.Torch;
using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

/// <summary>On the first batch every term that counts must teach, and every weight must be reached; nothing is changed before that is known.</summary>
public sealed class FirstStepTests : IDisposable
{
    private readonly TrainingBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Should_refuse_a_term_that_counts_and_gives_no_gradient()
    {
        Assert.Contains("'flat' counts, and its gradient is zero", Message(b => [ScriptedMethod.Labels(b), new("flat", (b.StudentLogits * 0.0).Sum(), 1)]), StringComparison.Ordinal);
        Assert.Contains("'constant' counts", Message(b => [ScriptedMethod.Labels(b), new("constant", Tensor.Of(1.0, DType.Float32), 1)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_take_a_term_that_does_not_count_yet() =>
        Train(b => [ScriptedMethod.Labels(b), new("later", Tensor.Of(1.0, DType.Float32), 0)]);

    [Fact]
    public void Should_refuse_weights_that_no_term_reaches()
    {
        using Tensor lost = Operators.Ones([2]).Unscoped();
        lost.RequiresGrad = true;
        Assert.Contains("no loss term reaches parameter 0 of the method", Message(b => [ScriptedMethod.Labels(b)], lost), StringComparison.Ordinal);

        // Reached by a term of weight 0: it will count in a later stage.
        Train(b => [ScriptedMethod.Labels(b), new("later", lost.Sum(), 0)], lost);
    }

    [Fact]
    public void Should_leave_no_trace_of_looking()
    {
        _bench.Train(TrainingBench.Options(), _bench.Run("independent", folder: "plain"));
        byte[] plain = _bench.Result("independent-s0", "plain");

        // The second term has no weight: looking at it first must not change what the other teaches.
        TrainingRun looked = _bench.Run("independent", folder: "looked", wrap: m => { m.Dispose(); return new ScriptedMethod(b => [ScriptedMethod.Labels(b), new("other", b.StudentLogits.Square().Sum(), 0)]); });
        _bench.Train(TrainingBench.Options(), looked);
        Assert.Equal(Weights(plain), Weights(_bench.Result("independent-s0", "looked")));

        static byte[] Weights(byte[] result) => result[..(result.AsSpan().IndexOf("epoch,"u8) is var end and > 0 ? end : throw new InvalidDataException())];
    }

    private string Message(Func<DistillationBatch, IReadOnlyList<LossTerm>> terms, Tensor? parameter = null) =>
        Assert.Throws<NothingToLearnException>(() => Train(terms, parameter)).Message;

    private void Train(Func<DistillationBatch, IReadOnlyList<LossTerm>> terms, Tensor? parameter = null) =>
        _bench.Train(TrainingBench.Options(workers: 1), _bench.Run("independent", epochs: 1, wrap: m => { m.Dispose(); return new ScriptedMethod(terms, parameter); }));
}
