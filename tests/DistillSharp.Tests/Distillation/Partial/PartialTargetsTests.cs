using DistillSharp.Distillation;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Distillation;

public class PartialTargetsTests
{
    public PartialTargetsTests() => TorchRuntime.EnsureStarted();

    [Fact]
    public void Should_keep_the_confidence_and_even_out_the_rest()
    {
        using var scope = new TensorScope();
        Tensor target = PartialTargets.EvenRest(Tensor.From([0.7, 0.1]), Tensor.From([1L, 0L]), 3);
        AssertClose(Tensor.From([0.15, 0.7, 0.15, 0.1, 0.45, 0.45], 2, 3), target, 1e-15);
    }

    [Fact]
    public void Should_share_the_rest_by_groups()
    {
        using var scope = new TensorScope();
        Tensor relations = PartialTargets.GroupRelations([5, 5, 2, 2], 4);
        AssertClose(Tensor.From([0, 4.0, 1, 1]) / 6.0, relations.Select(0, 0), 1e-15);
        AssertClose(Tensor.From([1, 1, 4.0, 0]) / 6.0, relations.Select(0, 3), 1e-15);
        AssertClose(Tensor.From([0.1, 0.1, 0.4, 0.4], 1, 4), PartialTargets.RelatedRest(Tensor.From([0.4]), Tensor.From([3L]), relations), 1e-15);
    }

    [Fact]
    public void Should_keep_the_likeliest_classes()
    {
        using var scope = new TensorScope();
        Tensor p = Tensor.From([0.1, 0.5, 0.05, 0.05, 0.3], 1, 5);
        AssertClose(Tensor.From([0.2 / 3, 0.5, 0.2 / 3, 0.2 / 3, 0.3], 1, 5), PartialTargets.TopK(p, 2), 1e-15);
    }

    [Fact]
    public void Should_keep_the_lower_class_of_equally_likely_ones()
    {
        using var scope = new TensorScope();
        Tensor p = Tensor.From([0.1, 0.3, 0.3, 0.3], 1, 4);
        AssertClose(Tensor.From([0.2, 0.3, 0.3, 0.2], 1, 4), PartialTargets.TopK(p, 2), 1e-15);
        Tensor even = Operators.Full([1, 40], 1.0 / 40, DType.Float64);
        AssertClose(even, PartialTargets.TopK(even, 10), 1e-15);
    }

    [Fact]
    public void Should_let_the_true_class_go_where_the_teacher_is_wrong()
    {
        // One class kept of a teacher that is right is KD-pt; of one that is wrong, the true class is among the even ones.
        using var scope = new TensorScope();
        Tensor right = Tensor.From([0.2, 0.7, 0.1], 1, 3);
        AssertClose(PartialTargets.EvenRest(Tensor.From([0.7]), Tensor.From([1L]), 3), PartialTargets.TopK(right, 1), 1e-15);
        Tensor wrong = Tensor.From([0.2, 0.1, 0.7], 1, 3);
        Tensor target = PartialTargets.TopK(wrong, 1);
        AssertClose(Tensor.From([0.15, 0.15, 0.7], 1, 3), target, 1e-15);
        Assert.Equal(1, PartialTargets.MisledShare(target, Tensor.From([1L]), 0.9, 0.1).Item());
        Assert.Equal(0, PartialTargets.MisledShare(target, Tensor.From([2L]), 0.9, 0.1).Item());
    }

    [Theory]
    [InlineData(0.25, 100, 25)]
    [InlineData(0.25, 10, 3)]
    [InlineData(0.25, 3, 1)]
    [InlineData(0.01, 10, 1)]
    [InlineData(1, 7, 7)]
    public void Should_keep_a_rounded_share_and_at_least_one_class(double share, long classes, long kept) =>
        Assert.Equal(kept, KdTopkMethod.Kept(share, classes));

    [Fact]
    public void Should_permute_the_wrong_classes_of_each_image()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        using var again = new Generator(1);
        Tensor p = Tensor.From(Enumerable.Range(0, 200).Select(i => (double)(i % 10)).ToArray(), 20, 10);
        Tensor targets = Tensor.From(Enumerable.Range(0, 20).Select(i => (long)(i % 10)).ToArray());
        Tensor target = PartialTargets.PermutedRest(p, targets, generator);
        Assert.True(target.Equal(PartialTargets.PermutedRest(p, targets, again)));
        Assert.True(target.Sort(1).Item1.Equal(p));
        AssertClose(p.Gather(1, targets.Unsqueeze(1)), target.Gather(1, targets.Unsqueeze(1)), 0);
        Assert.InRange(target.Eq(p).To(DType.Float64).Mean().Item(), 0.1, 0.35);
    }

    [Fact]
    public void Should_mean_over_the_images_of_each_class()
    {
        using var scope = new TensorScope();
        Tensor p = Tensor.From([0.6, 0.2, 0.2, 0.2, 0.4, 0.4, 0.0, 1.0, 0.0], 3, 3);
        Tensor table = PartialTargets.ClassMeans(p, Tensor.From([0L, 0L, 1L]));
        AssertClose(Tensor.From([0.4, 0.3, 0.3, 0, 1, 0, 1.0 / 3, 1.0 / 3, 1.0 / 3], 3, 3), table, 1e-15);
    }

    [Fact]
    public void Should_shuffle_confidences_within_each_class()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(2);
        double[] own = [.. Enumerable.Range(0, 60).Select(i => (double)i)];
        long[] labels = [.. Enumerable.Range(0, 60).Select(i => i < 10 ? DistillationBatch.NoLabel : i % 3)];
        double[] shuffled = PartialTargets.ShuffledWithinClass(Tensor.From(own), Tensor.From(labels), generator).ToArray<double>();
        Assert.Equal(own[..10], shuffled[..10]);
        for (long c = 0; c < 3; c++)
        {
            int[] members = [.. Enumerable.Range(10, 50).Where(i => labels[i] == c)];
            Assert.Equal(members.Select(i => own[i]), members.Select(i => shuffled[i]).Order());
            Assert.NotEqual(members.Select(i => own[i]), members.Select(i => shuffled[i]));
        }
    }

    [Fact]
    public void Should_find_the_likeness_of_class_weights()
    {
        // Cosines 1, 0.6 and -1 from the first class.
        using var scope = new TensorScope();
        Tensor weights = Tensor.From([2.0, 0, 3, 4, -5, 0], 3, 2);
        double[] scores = [Math.Exp(2), Math.Exp(1.2), Math.Exp(-2)];
        AssertClose(Tensor.From(scores) / scores.Sum(), PartialTargets.Similarities(weights, 0.5, 1).Select(0, 0), 1e-12);
        double[] squared = [Math.Exp(4), Math.Exp(1.44), Math.Exp(-4)];
        AssertClose(Tensor.From(squared) / squared.Sum(), PartialTargets.Similarities(weights, 0.5, 2).Select(0, 0), 1e-12);
        Tensor relations = PartialTargets.SimilarityRelations(weights, 0.5, 1);
        AssertClose(Tensor.From([0, scores[1], scores[2]]) / (scores[1] + scores[2]), relations.Select(0, 0), 1e-12);
        AssertClose(Operators.Ones([3], DType.Float64), relations.Sum(1), 1e-12);
    }
}
