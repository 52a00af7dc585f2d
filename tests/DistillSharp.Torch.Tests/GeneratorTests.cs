using O = DistillSharp.Torch.Operators;

namespace DistillSharp.Torch.Tests;

public class GeneratorTests
{
    [Fact]
    public void Should_give_the_same_numbers_for_the_same_seed() => Check.LeavesNoTensor(() =>
    {
        using var a = new Generator(42);
        using var b = new Generator(42);
        using var other = new Generator(43);
        double[] first = Draw(a);
        Assert.Equal(first, Draw(b));
        Assert.NotEqual(first, Draw(other));
        Assert.NotEqual(first, Draw(a));
        a.Seed(42);
        Assert.Equal(first, Draw(a));
    });

    [Fact]
    public void Should_go_back_to_a_saved_state() => Check.LeavesNoTensor(() =>
    {
        using var a = new Generator(1);
        Draw(a);
        Tensor state = a.GetState();
        Assert.Equal(DType.UInt8, state.DType);
        double[] after = Draw(a);
        using var b = new Generator(99);
        b.SetState(state);
        Assert.Equal(after, Draw(b));
        a.SetState(Tensor.From(state.ToArray<byte>()));
        Assert.Equal(after, Draw(a));
        Assert.Throws<TorchException>(() => a.SetState(Tensor.From([1f])));
    });

    [Fact]
    public void Should_draw_apart_from_other_generators() => Check.LeavesNoTensor(() =>
    {
        using var a = new Generator(7);
        double[] alone = [.. Draw(a), .. Draw(a)];
        a.Seed(7);
        using var b = new Generator(7);
        double[] first = Draw(a);
        Draw(b);
        TorchRuntime.ManualSeed(3);
        O.Dropout(O.Ones([100]), 0.5, true);
        Assert.Equal(alone, first.Concat(Draw(a)));
    });

    [Fact]
    public void Should_seed_what_draws_without_a_generator() => Check.LeavesNoTensor(() =>
    {
        TorchRuntime.ManualSeed(11);
        double[] first = O.Dropout(O.Ones([100]), 0.5, true).ToArray<double>();
        TorchRuntime.ManualSeed(11);
        Assert.Equal(first, O.Dropout(O.Ones([100]), 0.5, true).ToArray<double>());
    });

    [Fact]
    public void Should_refuse_to_draw_once_freed()
    {
        var a = new Generator(1);
        Assert.Equal(Device.Cpu, a.Device);
        a.Dispose();
        a.Dispose();
        Assert.Throws<ObjectDisposedException>(() => a.Seed(1));
    }

    private static double[] Draw(Generator generator) => O.Empty([16], DType.Float64).UniformInPlace(generator: generator).ToArray<double>();
}
