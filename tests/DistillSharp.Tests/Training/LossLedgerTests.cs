using DistillSharp.Data;
using DistillSharp.Distillation;
using DistillSharp.Torch;
using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

/// <summary>The sums of an epoch do not depend on when they were read.</summary>
public sealed class LossLedgerTests
{
    [Fact]
    public void Should_Sum_The_Same_However_Often_It_Is_Read()
    {
        TorchRuntime.EnsureStarted();
        using var scope = new TensorScope();
        using var often = new LossLedger(["labels", "kl"], 10);
        using var once = new LossLedger(["labels", "kl"], 10);
        LossLedger resumed = LossLedger.FromState(once.State, 10);
        var random = new Random(1);
        for (int batch = 0; batch < 10; batch++)
        {
            var image = new ImageBatch(Operators.Zeros([4, 1, 2, 2]), Tensor.From(new long[] { 0, 1, 0, 1 }), Tensor.From(new long[] { 0, 1, 2, 3 }), 0, batch);
            Tensor loss = Tensor.Of(random.NextDouble() * 1e3, DType.Float32);
            LossTerm[] terms = [new("labels", Tensor.Of(random.NextDouble(), DType.Float32), 1), new("kl", Tensor.Of(random.NextDouble() * 1e-6, DType.Float32), 1)];
            Tensor logits = Tensor.From(new float[] { 1, 0, 1, 0, 1, 0, 0, 1 }, 4, 2);
            foreach (LossLedger ledger in new[] { often, once, resumed })
            {
                ledger.Record(image, terms, loss, logits);
            }

            often.Read("run");
            if (batch % 3 == 0)
            {
                resumed.Read("run");
                LossLedger next = LossLedger.FromState(resumed.State, 10);
                resumed.Dispose();
                resumed = next;
            }
        }

        once.Read("run");
        resumed.Read("run");
        Assert.Equal(once.State, often.State);
        Assert.Equal(once.State, resumed.State);
        Assert.Equal(0.75, once.CloseEpoch(1, 0.1, double.NaN, double.NaN).TrainAccuracy);
        resumed.Dispose();
    }
}
