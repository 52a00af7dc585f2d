using DistillSharp.Configuration;
using DistillSharp.Optimization;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Optimization;

public class OptimizerTests
{
    private static readonly Dictionary<string, Func<Tensor, Optimizer>> Makers = new()
    {
        ["sgd"] = p => new Sgd([p], 0.1),
        ["momentum"] = p => new Sgd([p], 0.1, 0.9, 0.01),
        ["nesterov"] = p => new Sgd([p], 0.1, 0.9, 0.01, nesterov: true),
        ["adam"] = p => new Adam([p], 0.1, weightDecay: 0.01),
        ["adamw"] = p => new Adam([p], 0.1, weightDecay: 0.01, decoupled: true),
    };

    public OptimizerTests() => TorchRuntime.EnsureStarted();

    public static TheoryData<string> Names() => new(Makers.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_go_on_bit_equal_from_a_saved_state(string name)
    {
        using var scope = new TensorScope();
        Tensor through = Parameter();
        using Optimizer whole = Makers[name](through);
        Train(whole, through, 0, 7);

        Tensor stopped = Parameter();
        using Optimizer first = Makers[name](stopped);
        Train(first, stopped, 0, 3);
        Dictionary<string, Tensor> saved = first.StateDict().ToDictionary(p => p.Key, p => p.Value.Clone());
        long steps = first.Steps;
        using Optimizer second = Makers[name](stopped);
        second.LoadState(steps, saved);
        Train(second, stopped, 3, 7);
        Assert.Equal(through.ToArray<float>(), stopped.ToArray<float>());
        Assert.Equal(7, second.Steps);
        Assert.All(whole.StateDict().Zip(second.StateDict()), p => Assert.True(p.First.Value.Equal(p.Second.Value), p.First.Key));
    }

    [Fact]
    public void Should_step_as_the_formulas_say()
    {
        using var scope = new TensorScope();
        Assert.Equal(0.9, First(p => new Sgd([p], 0.1, 0.5)), 1e-12); // 1 - 0.1·1
        Assert.Equal(0.75, First(p => new Sgd([p], 0.1, 0.5), steps: 2), 1e-12); // 0.9 - 0.1·(0.5·1 + 1)
        Assert.Equal(0.85, First(p => new Sgd([p], 0.1, 0.5, nesterov: true)), 1e-12); // 1 - 0.1·(1 + 0.5·1)
        Assert.Equal(0.88, First(p => new Sgd([p], 0.1, weightDecay: 0.2)), 1e-12); // 1 - 0.1·(1 + 0.2·1)
        Assert.Equal(0.9, First(p => new Adam([p], 0.1, epsilon: 0)), 1e-12); // the first step has the rate's size, whatever the gradient's
        Assert.Equal(0.88, First(p => new Adam([p], 0.1, epsilon: 0, weightDecay: 0.2, decoupled: true)), 1e-12); // 1·(1 - 0.1·0.2) - 0.1

        static double First(Func<Tensor, Optimizer> make, int steps = 1)
        {
            Tensor p = Tensor.From([1.0]);
            p.RequiresGrad = true;
            using Optimizer optimizer = make(p);
            for (int i = 0; i < steps; i++)
            {
                p.Sum().Backward();
                optimizer.Step();
            }

            return p.Item();
        }
    }

    [Fact]
    public void Should_drop_the_gradients_after_a_step()
    {
        using var scope = new TensorScope();
        Tensor p = Parameter();
        using var optimizer = new Sgd([p], 0.1);
        p.Sum().Backward();
        optimizer.Step();
        Assert.Null(p.Grad);
    }

    // As PyTorch has it: what a stage leaves out neither decays nor moves, and its bias correction starts with its own first step.
    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    public void Should_leave_a_parameter_without_gradient_as_it_is_and_count_its_steps_alone(string name)
    {
        using var scope = new TensorScope();
        Tensor early = Parameter(), late = Parameter(), alone = Parameter();
        using Optimizer both = Make(early, late);
        using Optimizer one = Make(alone);
        double before = late.Sum().Item();
        for (int step = 0; step < 6; step++)
        {
            Tensor loss = early.Square().Sum();
            (step < 3 ? loss : loss + late.Square().Sum()).Backward();
            both.Step();
            if (step < 3)
            {
                Assert.Equal(before, late.Sum().Item());
                alone.Square().Sum().Backward();
                one.Step();
            }
        }

        Assert.NotEqual(before, late.Sum().Item());
        Assert.Equal(alone.ToArray<float>(), late.ToArray<float>());

        Optimizer Make(params Tensor[] parameters) => name == "sgd"
            ? new Sgd(parameters, 0.1, 0.9, 0.01, nesterov: true)
            : new Adam(parameters, 0.1, weightDecay: 0.01);
    }

    [Fact]
    public void Should_name_the_state_that_does_not_fit()
    {
        using var scope = new TensorScope();
        using var optimizer = new Adam([Parameter()]);
        Dictionary<string, Tensor> state = new() { ["0.mean"] = Operators.Zeros([3]), ["0.square"] = Operators.Zeros([4]) };
        Assert.Contains("lacks '0.square' with shape [3]", Assert.Throws<ArgumentException>(() => optimizer.LoadState(1, state)).Message);
    }

    [Fact]
    public void Should_refuse_nesterov_without_momentum() => Assert.Throws<ArgumentException>(() => new Sgd([], 0.1, nesterov: true));

    [Fact]
    public void Should_be_made_by_name_with_the_published_defaults()
    {
        using var scope = new TensorScope();
        foreach ((string name, IReadOnlyList<OptionSpec> options) in Recipes.Optimizers)
        {
            using Optimizer optimizer = Recipes.CreateOptimizer(name, new OptionValues(options), [Parameter()]);
            Assert.Equal(name == "sgd" ? 0.05 : 0.001, optimizer.LearningRate);
        }

        Assert.Contains("Did you mean 'adamw'", Assert.Throws<ArgumentException>(() => Recipes.CreateOptimizer("adanw", new OptionValues([]), [])).Message);
    }

    private static Tensor Parameter()
    {
        Tensor p = Tensor.From([0.5f, -1.25f, 3f]);
        p.RequiresGrad = true;
        return p;
    }

    private static void Train(Optimizer optimizer, Tensor parameter, int from, int to)
    {
        for (int step = from; step < to; step++)
        {
            ((parameter - step).Square() * (parameter + 0.3)).Sum().Backward();
            optimizer.Step();
        }
    }
}
