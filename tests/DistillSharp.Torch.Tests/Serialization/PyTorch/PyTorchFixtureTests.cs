using DistillSharp.Torch.Serialization;

namespace DistillSharp.Torch.Tests.Serialization;

/// <summary>Files as PyTorch writes them.</summary>
public class PyTorchFixtureTests
{
    [Theory]
    [InlineData("zip.pth", PyTorchFileKind.Zip)]
    [InlineData("legacy.pth", PyTorchFileKind.Legacy)]
    [InlineData("protocol4.pth", PyTorchFileKind.Zip)]
    public void Should_read_a_state_dict(string name, PyTorchFileKind kind) => Check.LeavesNoTensor(() =>
    {
        using PyTorchFile file = PyTorchFile.Open(PyTorchFixtures.Path(name));
        Assert.Equal(kind, file.Kind);
        Dictionary<string, Tensor> state = PyTorchFixtures.ReadAll(file);
        Assert.Equal(["conv.weight", "bn.num_batches_tracked", "fc.weight", "fc.bias"], state.Keys);
        Assert.Equal([2, 1, 3, 3], state["conv.weight"].Shape);
        Check.Close([.. Enumerable.Range(0, 18)], state["conv.weight"]);
        Assert.Equal(DType.Int64, state["bn.num_batches_tracked"].DType);
        Assert.Equal(7, state["bn.num_batches_tracked"].Item());
        Check.Close([0.5, -1.5, 2.25, 1e-3f], state["fc.weight"]);
        Check.Close([1, -1], state["fc.bias"]);
    });

    [Theory]
    [InlineData("types.pth")]
    [InlineData("types-legacy.pth")]
    public void Should_read_every_element_type_as_it_is(string name) => Check.LeavesNoTensor(() =>
    {
        using PyTorchFile file = PyTorchFile.Open(PyTorchFixtures.Path(name));
        Dictionary<string, Tensor> state = PyTorchFixtures.ReadAll(file);
        Assert.Equal(
            [DType.Int64, DType.Int32, DType.Int16, DType.Int8, DType.UInt8, DType.Float64, DType.Float32, DType.Float16, DType.BFloat16, DType.Bool],
            state.Values.Select(t => t.DType));
        Assert.All(state.Where(s => s.Key.Contains("int", StringComparison.Ordinal)), s => Check.Close([0, 1, 2, 100], s.Value));
        Assert.All(state.Where(s => s.Key.Contains("float", StringComparison.Ordinal)), s => Check.Close([0, 1, -2.5, 0.15625], s.Value));
        Assert.Equal([true, false, true, true], state["bool"].ToArray<bool>());
    });

    [Theory]
    [InlineData("views.pth")]
    [InlineData("views-legacy.pth")]
    public void Should_read_views_by_their_strides(string name) => Check.LeavesNoTensor(() =>
    {
        Dictionary<string, Tensor> state;
        using (PyTorchFile file = PyTorchFile.Open(PyTorchFixtures.Path(name)))
        {
            state = PyTorchFixtures.ReadAll(file);
        }

        Tensor whole = Operators.Arange(24).To(DType.Float32).View([4, 6]);
        Same(whole, state["base"]);
        Same(whole.T(), state["transposed"]);
        Same(whole.Select(1, 2), state["column"]);
        Same(whole.Slice(0, 1, 3).Slice(1, 2, 5), state["inner"]);
        Same(whole.Slice(0, 0, 4, 2).Slice(1, 0, 6, 3), state["every_second"]);
        Same(Operators.Zeros([3, 4]), state["expanded"]);
        Same(Operators.Empty([0, 5]), state["empty"]);
        Same(Tensor.Of(2.5), state["number"]);
        Same(Operators.Arange(24).To(DType.Float32).View([1, 2, 3, 4]), state["channels_last"]);
        Assert.False(state["channels_last"].IsContiguous);
    });

    [Theory]
    [InlineData("module.pth")]
    [InlineData("parameters.pth")]
    public void Should_read_a_module_s_state_and_parameters(string name) => Check.LeavesNoTensor(() =>
    {
        using PyTorchFile file = PyTorchFile.Open(PyTorchFixtures.Path(name));
        Dictionary<string, Tensor> state = PyTorchFixtures.ReadAll(file);
        Assert.Equal(["fc.weight", "fc.bias"], state.Keys);
        Check.Close([1 - 0.1f, 2 - 0.1f, 3 - 0.1f, 4 - 0.1f], state["fc.weight"], 1e-6);
    });

    [Fact]
    public void Should_read_what_lies_beside_the_tensors() => Check.LeavesNoTensor(() =>
    {
        using PyTorchFile file = PyTorchFile.Open(PyTorchFixtures.Path("nested.pth"));
        Assert.Equal(12L, PyTorchFixtures.At(file.Root, "epoch"));
        Assert.Equal(0.875, PyTorchFixtures.At(file.Root, "best"));
        Assert.Equal("resnet8", PyTorchFixtures.At(file.Root, "arch"));
        Assert.Equal(new PickledName("torch.float32"), PyTorchFixtures.At(file.Root, "dtype"));
        Assert.Equal(new PickledName("cpu"), PyTorchFixtures.At(file.Root, "device"));
        Assert.Equal([2L, 3L], Assert.IsType<object[]>(PyTorchFixtures.At(file.Root, "shape")));
        Assert.Equal([1L, 2L, 3L], Assert.IsType<PickledList>(PyTorchFixtures.At(file.Root, "seen")).Items);
        Assert.Equal(4, PyTorchFixtures.ReadAll(file, PyTorchFixtures.At(file.Root, "state_dict")).Count);
        Check.Close([2, 0], PyTorchFixtures.ReadAll(file, PyTorchFixtures.At(file.Root, "ema"))["module.fc.bias"]);
    });

    [Fact]
    public void Should_read_an_empty_dictionary()
    {
        using PyTorchFile file = PyTorchFile.Open(PyTorchFixtures.Path("empty.pth"));
        Assert.Empty(Assert.IsType<PickledDictionary>(file.Root).Entries);
    }

    [Theory]
    [InlineData("attack.pth", "data.pkl, byte", "asks for posix.system", "Nothing was run", "torch.save(model.state_dict(), path)")]
    [InlineData("whole-module.pth", "data.pkl, byte", "asks for torch.nn.modules.container.Sequential", "Nothing was run")]
    [InlineData("numpy-scalar.pth", "asks for numpy.core.multiarray.scalar", "Nothing was run")]
    [InlineData("complex.pth", "found torch.ComplexFloatStorage, which this engine has no elements for")]
    [InlineData("quantized.pth", "torch._utils._rebuild_qtensor")]
    [InlineData("script.pt", "a TorchScript program (torch.jit.save)", "Nothing was run")]
    [InlineData("plain-pickle.pth", "a file of pickle.dump, not of torch.save?")]
    public void Should_refuse_by_name_what_is_neither_tensor_nor_plain_container(string name, params string[] parts)
    {
        string path = PyTorchFixtures.Path(name);
        PyTorchFileException e = Assert.Throws<PyTorchFileException>(() => PyTorchFile.Open(path));
        Assert.Equal(path, e.File);
        Assert.All(parts, part => Assert.Contains(part, e.Message));
        Assert.False(File.Exists("was-run"));
    }

    private static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.DType, actual.DType);
        Assert.Equal(expected.ToArray<double>(), actual.ToArray<double>());
    }
}
