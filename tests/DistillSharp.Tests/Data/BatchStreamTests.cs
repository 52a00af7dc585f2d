using DistillSharp.Data;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Data;

public class BatchStreamTests
{
    private static readonly Augmentation Everything = new() { Crop = 2, Flip = true, Brightness = 0.4, Contrast = 0.4, Saturation = 0.4, Hue = 0.1 };

    [Fact]
    public void Should_give_each_image_once_an_epoch_with_its_own_label()
    {
        using ImageDataset data = SmallImages.Dataset(13, 10);
        long[] subset = [1, 2, 3, 5, 8, 13, 21];
        using Tensor indices = Tensor.From(subset);
        using BatchStream stream = BatchStream.ForTraining(data, indices, 3, seed: 4, dropLast: false);
        Assert.Equal((7, 3), (stream.Count, stream.BatchCount));
        byte[] all = data.Images.ToArray<byte>();
        for (int epoch = 0; epoch < 3; epoch++)
        {
            var seen = new List<long>();
            for (int b = 0; b < stream.BatchCount; b++)
            {
                using ImageBatch batch = stream.Batch(epoch, b);
                Assert.Equal((epoch, b), (batch.Epoch, batch.Index));
                long[] samples = batch.SampleIndices.ToArray<long>();
                Assert.Equal([samples.Length, 3, 4, 5], batch.Images.Shape);
                Assert.Equal(samples.Select(s => data.HostLabels[(int)subset[s]]), batch.Targets.ToArray<long>());
                float[] expected = samples.SelectMany(s => all.Skip((int)subset[s] * 60).Take(60)).Select(v => v / 255f).ToArray();
                Assert.Equal(expected, batch.Images.ToArray<float>());
                seen.AddRange(samples);
            }

            Assert.Equal(stream.Epoch(epoch), seen);
            Assert.Equal(Enumerable.Range(0, 7).Select(i => (long)i), seen.Order());
        }

        Assert.NotEqual(stream.Epoch(0), stream.Epoch(1));
    }

    [Fact]
    public void Should_give_the_same_batch_whatever_was_asked_before()
    {
        using ImageDataset data = SmallImages.Dataset(20, 20);
        using BatchStream whole = BatchStream.ForTraining(data, null, 8, seed: 6, Everything);
        var images = new Dictionary<(int, int), (float[] Images, long[] Targets, long[] Samples)>();
        for (int epoch = 0; epoch < 3; epoch++)
        {
            for (int b = 0; b < whole.BatchCount; b++)
            {
                images[(epoch, b)] = Read(whole, epoch, b);
            }
        }

        foreach ((int epoch, int b) in new[] { (2, 4), (1, 3), (1, 0), (2, 0), (0, 1) })
        {
            using BatchStream resumed = BatchStream.ForTraining(data, null, 8, seed: 6, Everything);
            AssertSame(images[(epoch, b)], Read(resumed, epoch, b));
            AssertSame(images[(epoch, b)], Read(whole, epoch, b));
        }

        using BatchStream other = BatchStream.ForTraining(data, null, 8, seed: 7, Everything);
        Assert.NotEqual(images[(0, 0)].Samples, Read(other, 0, 0).Samples);
    }

    [Fact]
    public void Should_drop_the_last_partial_batch_for_training_and_keep_it_for_evaluation()
    {
        using ImageDataset data = SmallImages.Dataset(10);
        using BatchStream training = BatchStream.ForTraining(data, null, 4, seed: 1);
        using BatchStream evaluation = BatchStream.ForEvaluation(data, null, 4);
        Assert.Equal((2, 3), (training.BatchCount, evaluation.BatchCount));
        using ImageBatch last = evaluation.Batch(0, 2);
        Assert.Equal([8, 9], last.SampleIndices.ToArray<long>());
        Assert.Equal(evaluation.Epoch(0), evaluation.Epoch(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => training.Batch(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => training.Batch(-1, 0));
    }

    [Fact]
    public void Should_refuse_batches_that_cannot_be_filled()
    {
        using ImageDataset data = SmallImages.Dataset(10);
        Assert.Contains("10 images of small give no batch of 11", Assert.Throws<ArgumentException>(() => BatchStream.ForTraining(data, null, 11, seed: 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => BatchStream.ForTraining(data, null, 0, seed: 1));
    }

    [Fact]
    public void Should_leave_no_tensors_behind()
    {
        long before = LiveTensors.Settled();
        using (ImageDataset data = SmallImages.Dataset(10, 10))
        using (BatchStream stream = BatchStream.ForTraining(data, null, 4, seed: 1, Everything))
        {
            stream.Batch(0, 0).Dispose();
            long steady = LiveTensors.Settled();
            using (new TensorScope())
            {
                for (int step = 0; step < 50; step++)
                {
                    _ = stream.Batch(step / 5, step % 5);
                }
            }

            Assert.Equal(steady, Tensor.LiveCount);
            stream.Batch(0, 1).Dispose();
            Assert.Equal(steady, Tensor.LiveCount);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_not_let_a_batch_change_the_order_or_the_data()
    {
        using ImageDataset data = SmallImages.Dataset(10);
        using BatchStream stream = BatchStream.ForEvaluation(data, null, 10);
        byte[] images = data.Images.ToArray<byte>();
        using (ImageBatch batch = stream.Batch(0, 0))
        {
            batch.SampleIndices.ZeroInPlace();
            batch.Images.ZeroInPlace();
            batch.Targets.FillInPlace(5);
        }

        using ImageBatch again = stream.Batch(0, 0);
        Assert.Equal(stream.Epoch(0), again.SampleIndices.ToArray<long>());
        Assert.Equal(images, data.Images.ToArray<byte>());
        Assert.All(again.Targets.ToArray<long>(), t => Assert.Equal(0, t));
    }

    [Fact]
    public void Should_give_batches_to_train_on_after_an_evaluation_without_gradients()
    {
        using ImageDataset data = SmallImages.Dataset(10);
        using BatchStream stream = BatchStream.ForTraining(data, null, 5, seed: 1);
        using var scope = new TensorScope();
        using (Autograd.Inference())
        {
            _ = stream.Batch(0, 0);
        }

        ImageBatch batch = stream.Batch(0, 1);
        Tensor bank = Operators.Zeros([10, 2]);
        bank.RequiresGrad = true;
        bank.IndexSelect(0, batch.SampleIndices).Sum().Backward();
        Assert.Equal(10.0, bank.Grad!.Sum().Item());
    }

    private static void AssertSame((float[] Images, long[] Targets, long[] Samples) expected, (float[] Images, long[] Targets, long[] Samples) found)
    {
        Assert.Equal(expected.Samples, found.Samples);
        Assert.Equal(expected.Targets, found.Targets);
        Assert.Equal(expected.Images, found.Images);
    }

    private static (float[] Images, long[] Targets, long[] Samples) Read(BatchStream stream, int epoch, int index)
    {
        using ImageBatch batch = stream.Batch(epoch, index);
        return (batch.Images.ToArray<float>(), batch.Targets.ToArray<long>(), batch.SampleIndices.ToArray<long>());
    }
}
