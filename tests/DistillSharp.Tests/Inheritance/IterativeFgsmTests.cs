using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

public sealed class IterativeFgsmTests
{
    /// <summary>Reference: <c>analysis.json</c>, Float64, relative 1e-9; slices of three must give the same.</summary>
    [Theory]
    [InlineData(200)]
    [InlineData(3)]
    public void Should_Equal_The_Reference(int slice)
    {
        using var file = new GoldenFile("analysis.json");
        using ImageModel student = GoldenNetworks.Network(file, "student");
        using ImageModel teacher = GoldenNetworks.Network(file, "teacher");
        long before = LiveTensors.Settled();
        using (var scope = new TensorScope())
        {
            Tensor images = GoldenNetworks.Images(file);
            Tensor labels = Tensor.From(GoldenNetworks.Longs(file.At("labels")));
            var budget = new AttackBudget(
                file.Number("iterative_fgsm", "epsilon"), file.Number("iterative_fgsm", "alpha"), (int)file.Number("iterative_fgsm", "steps"),
                file.Number("iterative_fgsm", "clip", 0), file.Number("iterative_fgsm", "clip", 1));
            ImageModel attacked = file.At("iterative_fgsm", "attacked").GetString() == "teacher" ? teacher : student;

            Tensor adversarial = IterativeFgsm.Perturb(attacked, images, labels, budget, slice);

            using GradModeScope noGrad = Autograd.NoGrad();
            Tensor change = adversarial - images;
            double atBound = change.Abs().Ge(budget.Epsilon - 1e-9).To(DType.Float64).Mean().Item();
            Closeness.AssertClose(file.Number("iterative_fgsm", "adversarial_sum"), adversarial.Sum().Item(), 1e-9);
            Closeness.AssertClose(file.Number("iterative_fgsm", "adversarial_l2_from_x"), change.Square().Sum().Sqrt().Item(), 1e-9);
            Closeness.AssertClose(file.Number("iterative_fgsm", "fraction_at_bound"), atBound, 1e-9);
            foreach ((ImageModel network, string name) in new[] { (student, "student"), (teacher, "teacher") })
            {
                network.Eval();
                Closeness.AssertClose(file.Tensor(DType.Float64, "iterative_fgsm", name + "_logits_clean"), network.Call(images), 1e-9);
                Closeness.AssertClose(file.Tensor(DType.Float64, "iterative_fgsm", name + "_logits_adversarial"), network.Call(adversarial), 1e-9);
            }
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_Stay_Within_Epsilon_And_The_Range_Of_Images_And_Leave_No_Gradients()
    {
        using ImageClassifier model = TinyClassifiers.Random(1);
        long before = LiveTensors.Settled();
        using (var scope = new TensorScope())
        {
            ImageSet set = TinyClassifiers.Images(30, 1);

            Tensor adversarial = IterativeFgsm.Perturb(model, set.Images, set.Labels, new AttackBudget(0.1, 0.04, 7), slice: 7);

            double[] values = adversarial.ToArray<double>();
            double[] change = (adversarial - ImageClassifier.ToUnitRange(set.Images)).Abs().ToArray<double>();
            Assert.InRange(values.Min(), 0, 1);
            Assert.InRange(values.Max(), 0, 1);
            Assert.InRange(change.Max(), 0.09, 0.1 + 1e-6);
            Assert.All(model.Network.Parameters(), p => Assert.Null(p.Grad));
            Assert.True(Autograd.IsRecording);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory]
    [InlineData(0.85)]
    [InlineData(0.5)]
    public void Should_Find_The_Epsilon_That_Changes_The_Wanted_Share_The_Same_Each_Time(double target)
    {
        using var scope = new TensorScope();
        using ImageClassifier model = TinyClassifiers.Random(1);
        ImageSet set = TinyClassifiers.Images(200, 1);
        var search = new EpsilonSearch { Target = target };

        EpsilonSearchResult first = search.Find(model, set.Images, set.Labels);
        EpsilonSearchResult second = search.Find(model, set.Images, set.Labels);

        Assert.True(first.Reached);
        Assert.InRange(first.Rate, target - 0.02, target + 0.02);
        Assert.Equal(first, second);
    }

    [Fact]
    public void Should_Say_That_A_Model_Without_Gradients_Cannot_Be_Attacked()
    {
        using var scope = new TensorScope();
        using ImageClassifier model = TinyClassifiers.Stepped(1);
        ImageSet set = TinyClassifiers.Images(50, 1);

        EpsilonSearchResult found = new EpsilonSearch().Find(model, set.Images, set.Labels);

        Assert.False(found.Reached);
        Assert.Equal(0, found.Rate);
        Assert.Contains("changes about 85 % of its predictions", found.Problem, StringComparison.Ordinal);
    }
}
