using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;
using FsCheck;
using FsCheck.Fluent;

namespace DistillSharp.Tests.Inheritance;

public sealed class GradientAttackTests
{
    private static readonly double[] Weights = [0.3, -0.4, 1.2, 0];

    public static TheoryData<string> Names => [.. GradientAttack.All.Select(a => a.Name)];

    /// <summary>Two classes, logits (w x, -w x): the cross-entropy with class 0 falls along w.</summary>
    private static Module Linear => new FormulaModel(input =>
    {
        Tensor projected = (input.Flatten(1) * Tensor.From(Weights, 1, 4)).Sum([1], keepdim: true);
        return Operators.Cat([projected, -projected], 1);
    });

    /// <summary>Two classes, logits (0, -10 |x - 0.5|): the cross-entropy with class 0 rises towards 0.5, where its gradient turns.</summary>
    private static Module Ridge => new FormulaModel(input =>
    {
        Tensor height = (input.Flatten(1) - 0.5).Abs().Sum([1], keepdim: true) * -10.0;
        return Operators.Cat([height.ZerosLike(), height], 1);
    });

    /// <summary>From 0.4, 0.15 a step: at 0.55 the gradient points back. Gathered are mu - 1 then, so that mu above 1 goes on, 1 stays and below 1 returns.</summary>
    [Theory]
    [InlineData(0, 0.4)]
    [InlineData(0.5, 0.4)]
    [InlineData(1, 0.55)]
    [InlineData(2, 0.7)]
    public void Should_Gather_Gradients_With_Momentum(double momentum, double expected)
    {
        using var scope = new TensorScope();
        using Module model = Ridge;
        Tensor image = Tensor.From([0.4], 1, 1, 1, 1);

        Tensor adversarial = MomentumFgsm.Perturb(model, image, Tensor.From([0L]), new AttackBudget(0.4, 0.15, 2), momentum);

        Assert.Equal(expected, adversarial.Item(), 1e-12);
    }

    [Fact]
    public void Should_Be_Iterative_Fgsm_Without_Momentum()
    {
        using var scope = new TensorScope();
        using ImageClassifier model = TinyClassifiers.Random(1);
        ImageSet set = TinyClassifiers.Images(20, 1);
        var budget = new AttackBudget(0.1, 0.03, 4);

        Assert.Equal(
            IterativeFgsm.Perturb(model, set.Images, set.Labels, budget).ToArray<float>(),
            MomentumFgsm.Perturb(model, set.Images, set.Labels, budget, momentum: 0).ToArray<float>());
    }

    /// <summary>w has the norm 1.3: one step goes from the start, against w, by alpha; then back to the ball along the straight line.</summary>
    [Theory]
    [InlineData(0.05)]
    [InlineData(0.5)]
    public void Should_Step_Along_The_Gradient_In_L2_From_A_Random_Start(double alpha)
    {
        const double epsilon = 0.2;
        using var scope = new TensorScope();
        using Module model = Linear;
        using var generator = new Generator(new SeedStream(3).Derive("pgd-start"));
        Tensor clean = Tensor.From([0.5, 0.5, 0.5, 0.5], 1, 1, 2, 2);
        double[] start = [.. ProjectedGradientDescent.InUnitBall(clean, AttackNorm.L2, generator).ToArray<double>().Select(v => epsilon * v)];
        double[] moved = [.. start.Zip(Weights, (s, w) => s - (alpha * w / 1.3))];
        double length = Math.Sqrt(moved.Sum(m => m * m));
        double[] expected = [.. moved.Select(m => 0.5 + (m * Math.Min(1, epsilon / length)))];

        Tensor adversarial = ProjectedGradientDescent.Perturb(model, clean, Tensor.From([0L]), new AttackBudget(epsilon, alpha, 1), AttackNorm.L2, seed: 3);

        Assert.Equal(alpha > epsilon, length > epsilon);
        Assert.Equal(expected, adversarial.ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    /// <summary>A step of twice epsilon crosses the whole ball: every value ends at the bound, and what has no gradient where it started.</summary>
    [Fact]
    public void Should_Reach_The_Bound_In_Every_Value_With_A_Large_Step()
    {
        using var scope = new TensorScope();
        using Module model = Linear;
        using var generator = new Generator(new SeedStream(0).Derive("pgd-start"));
        Tensor clean = Tensor.From([0.5, 0.5, 0.95, 0.5], 1, 1, 2, 2);
        double start = 0.5 + (0.1 * ProjectedGradientDescent.InUnitBall(clean, AttackNorm.LInfinity, generator).ToArray<double>()[3]);

        double[] ofZero = ProjectedGradientDescent.Perturb(model, clean, Tensor.From([0L]), new AttackBudget(0.1, 0.2, 1)).ToArray<double>();
        double[] ofOne = ProjectedGradientDescent.Perturb(model, clean, Tensor.From([1L]), new AttackBudget(0.1, 0.2, 1)).ToArray<double>();

        Assert.Equal([0.4, 0.6, 0.85, start], ofZero, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([0.6, 0.4, 1, start], ofOne, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Should_Bring_Images_Back_To_The_Ball_And_The_Range_And_Leave_What_Is_Within()
    {
        Gen<double[]> images = Gen.ArrayOf(Gen.Choose(0, 1000).Select(v => v / 1000.0), 6);
        Gen<double[]> changes = Gen.ArrayOf(Gen.Choose(-1000, 1000).Select(v => v / 500.0), 6);
        Gen<(double[], double[], double)> cases = from image in images from change in changes from epsilon in Gen.Choose(1, 1500) select (image, change, epsilon / 1000.0);
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(cases.ToArbitrary(), c =>
        {
            using var scope = new TensorScope();
            (double[] image, double[] change, double epsilon) = c;
            var budget = new AttackBudget(epsilon, 0, 0);
            Tensor clean = Tensor.From(image, 1, 1, 2, 3), moved = clean + Tensor.From(change, 1, 1, 2, 3);
            double[] before = moved.ToArray<double>();
            bool Stays(Tensor kept, Func<double[], double> size)
            {
                double[] after = kept.ToArray<double>();
                bool within = size([.. after.Zip(image, (a, b) => a - b)]) <= epsilon * (1 + 1e-9) && after.All(v => v is >= 0 and <= 1);
                bool unmoved = size(change) > epsilon * (1 - 1e-9) || before.Any(v => v is < 0 or > 1) || after.Zip(before, (a, b) => Math.Abs(a - b)).Max() < 1e-12;
                return within && unmoved;
            }

            return Stays(GradientSteps.WithinEach(moved, clean, budget), d => d.Max(Math.Abs))
                && Stays(GradientSteps.WithinL2(moved, clean, budget), d => Math.Sqrt(d.Sum(v => v * v)));
        }));
    }

    [Fact]
    public void Should_Draw_Starts_Evenly_From_The_Ball()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(5);
        Tensor like = Operators.Zeros([4000, 1, 2, 2], DType.Float64);

        double[] lengths = ProjectedGradientDescent.InUnitBall(like, AttackNorm.L2, generator).Flatten(1).Square().Sum(1).Sqrt().ToArray<double>();
        double[] values = ProjectedGradientDescent.InUnitBall(like, AttackNorm.LInfinity, generator).ToArray<double>();

        // In four dimensions the fourth power of the length is even on 0 to 1.
        Assert.InRange(lengths.Max(), 0.99, 1 + 1e-6);
        Assert.Equal(0.5, lengths.Average(l => Math.Pow(l, 4)), 0.02);
        Assert.InRange(values.Min(), -1, -0.99);
        Assert.InRange(values.Max(), 0.99, 1);
        Assert.Equal(0, values.Average(), 0.02);
    }

    [Fact]
    public void Should_Divide_Tiny_Gradients_By_Their_Norms_And_Leave_Zero()
    {
        using var scope = new TensorScope();
        Tensor gradients = Tensor.From([3e-40, -4e-40, 0, 0], 2, 1, 1, 2).To(DType.Float64);

        Assert.Equal([0.6, -0.8, 0, 0], GradientSteps.UnitL2(gradients).ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([3 / 7.0, -4 / 7.0, 0, 0], GradientSteps.UnitL1(gradients).ToArray<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_Fool_More_The_Larger_Epsilon_Within_It_And_Give_The_Same_Images_Again(string name)
    {
        using ImageClassifier model = TinyClassifiers.Random(1);
        GradientAttack attack = GradientAttack.Get(name);
        long before = LiveTensors.Settled();
        using (var scope = new TensorScope())
        {
            ImageSet set = TinyClassifiers.Images(100, 1);
            int[] clean = ClassificationMetrics.Predictions(model.Evaluate(set.Images));
            double scale = attack.Scale(set.Images);
            var rates = new List<double>();
            foreach (double epsilon in new[] { 0.005, 0.05, 0.2 }.Select(e => e * scale))
            {
                var budget = new AttackBudget(epsilon, epsilon / 3, 6);
                Tensor adversarial = attack.Craft(model, set.Images, set.Labels, budget, 30, 0);

                Assert.Equal(adversarial.ToArray<float>(), attack.Craft(model, set.Images, set.Labels, budget, 30, 0).ToArray<float>());
                Tensor change = adversarial - ImageClassifier.ToUnitRange(set.Images);
                double[] sizes = attack.Norm == AttackNorm.L2
                    ? change.Flatten(1).Square().Sum(1).Sqrt().ToArray<double>()
                    : change.Flatten(1).Abs().Amax([1]).ToArray<double>();
                Assert.InRange(sizes.Max(), 0.9 * epsilon, epsilon * (1 + 1e-4));
                Assert.InRange(adversarial.Min().Item(), 0, 1);
                Assert.InRange(adversarial.Max().Item(), 0, 1);
                rates.Add(ClassificationMetrics.Predictions(model.Evaluate(adversarial)).Zip(clean, (a, b) => a == b ? 0.0 : 1).Average());
            }

            Assert.True(rates[0] < rates[1] && rates[1] < rates[2], string.Join(", ", rates));
            Assert.InRange(rates[2], 0.8, 1);
            Assert.All(model.Network.Parameters(), p => Assert.Null(p.Grad));
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_Start_Elsewhere_For_Another_Seed_And_For_Another_Part_Of_The_Images()
    {
        using var scope = new TensorScope();
        using ImageClassifier model = TinyClassifiers.Random(1);
        ImageSet set = TinyClassifiers.Images(20, 1);
        float[] Craft(ulong seed, long position, int from, int to) => ProjectedGradientDescent
            .Perturb(model, set.Images.Rows(from, to), set.Labels.Rows(from, to), new AttackBudget(0.1, 0.01, 1), AttackNorm.L2, seed, 10, position).ToArray<float>();

        Assert.NotEqual(Craft(0, 0, 0, 10), Craft(1, 0, 0, 10));
        Assert.NotEqual(Craft(0, 0, 0, 10), Craft(0, 10, 0, 10));
        Assert.Equal(Craft(0, 0, 0, 20)[^360..], Craft(0, 10, 10, 20));
    }

    [Fact]
    public void Should_Search_Epsilon_Of_L2_In_Its_Own_Range()
    {
        using var scope = new TensorScope();
        using ImageClassifier model = TinyClassifiers.Random(1);
        ImageSet set = TinyClassifiers.Images(150, 1);
        GradientAttack attack = GradientAttack.Get("pgd-l2");

        EpsilonSearchResult found = new EpsilonSearch { Attack = attack, Scale = attack.Scale(set.Images) }.Find(model, set.Images, set.Labels);

        Assert.Equal(6, attack.Scale(set.Images));
        Assert.True(found.Reached, found.Problem);
        Assert.InRange(found.Epsilon, 0.3, 3);
    }
}
