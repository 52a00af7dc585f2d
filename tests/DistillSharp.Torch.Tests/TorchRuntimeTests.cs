using O = DistillSharp.Torch.Operators;

namespace DistillSharp.Torch.Tests;

public class TorchRuntimeTests
{
    [Fact]
    public void Should_tell_of_the_libtorch_that_is_loaded()
    {
        TorchRuntime.EnsureStarted();
        Assert.Matches("^[0-9]+\\.[0-9]+", TorchRuntime.Version);
        Assert.Contains("OpenMP", TorchRuntime.Configuration);
        Assert.All(TorchRuntime.LoadedBlas(), path => Assert.True(File.Exists(path), path));
    }

    [Fact]
    public void Should_set_the_threads_for_every_thread_that_calls()
    {
        TorchRuntime.EnsureStarted();
        int before = TorchRuntime.Threads;
        try
        {
            TorchRuntime.Threads = 3;
            Assert.Equal(3, TorchRuntime.Threads);
            Assert.Equal(3, OnNewThread(() => TorchRuntime.Threads));
            TorchRuntime.Threads = 1;
            Assert.Equal(1, OnNewThread(() => TorchRuntime.Threads));
            Assert.Contains("at least 1", Assert.Throws<TorchException>(() => TorchRuntime.Threads = 0).Message);
            Assert.Equal(1, TorchRuntime.Threads);
        }
        finally
        {
            TorchRuntime.Threads = before;
        }
    }

    [Fact]
    public void Should_count_denormals_as_zero_on_every_thread()
    {
        TorchRuntime.EnsureStarted();
        Assert.Equal(0, Halved());
        Assert.Equal(0, OnNewThread(Halved));
    }

    [Fact]
    public void Should_carry_libtorchs_message_without_its_stack() => Check.LeavesNoTensor(() =>
    {
        string message = Assert.Throws<TorchException>(() => O.Zeros([2, 2]).Mm(O.Zeros([3, 1]))).Message;
        Assert.Equal("mat1 and mat2 shapes cannot be multiplied (2x2 and 3x1)", message);
        string[] others =
        [
            Assert.Throws<TorchException>(() => O.Zeros([2]).View([3])).Message,
            Assert.Throws<TorchException>(() => O.Zeros([2]).Select(0, 5)).Message,
            Assert.Throws<TorchException>(() => O.Einsum("ij,jk", [O.Zeros([2])])).Message,
            Assert.Throws<TorchException>(() => O.Zeros([1L << 60])).Message,
        ];
        Assert.All(others, text =>
        {
            Assert.NotEmpty(text);
            Assert.DoesNotContain("frame #", text);
            Assert.DoesNotContain("Exception raised from", text);
            Assert.DoesNotContain(".cpp", text);
        });
    });

    [Fact]
    public void Should_work_after_an_error() => Check.LeavesNoTensor(() =>
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.Throws<TorchException>(() => O.Cat([O.Zeros([2]), O.Zeros([2, 2])]));
            Check.Close([1, 1], O.Ones([2]).Add(O.Zeros([2])));
        }
    });

    [Fact]
    public void Should_parse_devices()
    {
        Assert.Equal(Device.Cpu, Device.Parse("cpu"));
        Assert.Equal(default, Device.Cpu);
        Assert.Equal(Device.Cuda(), Device.Parse("cuda"));
        Assert.Equal(Device.Cuda(1), Device.Parse("cuda:1"));
        Assert.Equal(["cpu", "cuda:0", "cuda:12"], [$"{Device.Cpu}", $"{Device.Cuda()}", $"{Device.Parse("cuda:12")}"]);
        Assert.Equal((-1, 3), (Device.Cpu.Index, Device.Cuda(3).Index));
        foreach (string text in (string[])["", "gpu", "CPU", "cuda:", "cuda:-1", "cuda:x", "cuda: 1", "cuda:128", "cuda:99999999999", "cpu:0"])
        {
            Assert.Equal($"'{text}' is no device; expected cpu, cuda or cuda:INDEX.", Assert.Throws<FormatException>(() => Device.Parse(text)).Message);
        }

        Assert.Throws<ArgumentNullException>(() => Device.Parse(null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => Device.Cuda(-1));
    }

    [Fact]
    public void Should_say_so_where_there_is_no_such_device() => Check.LeavesNoTensor(() =>
    {
        Assert.Equal(Device.Cpu, Tensor.Of(1).Device);
        Device missing = Device.Cuda(Device.CudaCount);
        Assert.NotEmpty(Assert.Throws<TorchException>(() => Tensor.Of(1).To(missing)).Message);
        Assert.NotEmpty(Assert.Throws<TorchException>(() => new Generator(1, missing)).Message);
    });

    private static double Halved()
    {
        using var scope = new TensorScope();
        return Tensor.Of(2e-38).Div(Tensor.Of(8.0)).Mul(Tensor.Of(8.0)).Item();
    }

    private static T OnNewThread<T>(Func<T> read)
    {
        T value = default!;
        var thread = new Thread(() => value = read());
        thread.Start();
        thread.Join();
        return value;
    }
}
