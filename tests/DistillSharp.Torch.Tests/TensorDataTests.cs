namespace DistillSharp.Torch.Tests;

public class TensorDataTests
{
    public static TheoryData<DType, int> Sizes => new()
    {
        { DType.Float64, 8 }, { DType.Float32, 4 }, { DType.BFloat16, 2 }, { DType.Float16, 2 }, { DType.Int64, 8 }, { DType.Int32, 4 }, { DType.Int16, 2 }, { DType.Int8, 1 }, { DType.UInt8, 1 }, { DType.Bool, 1 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Should_convert_between_all_types(DType dtype, int size) => Check.LeavesNoTensor(() =>
    {
        Tensor source = Tensor.From([0.0, 1.0, 1.0, 0.0], 2, 2);
        Tensor cast = source.To(dtype);
        Assert.Equal(dtype, cast.DType);
        Assert.Equal(size, dtype.Size());
        Assert.Equal(4 * size, cast.AsBytes().Length);
        Check.Close([0, 1, 1, 0], cast);
        Assert.Equal(dtype, DTypeOf(cast.Clone()));
        Assert.Equal(dtype is not (DType.Int64 or DType.Int32 or DType.Int16 or DType.Int8 or DType.UInt8 or DType.Bool), dtype.IsFloatingPoint());
    });

    [Fact]
    public void Should_map_each_element_type_to_its_dtype()
    {
        Assert.Equal(
            [DType.Float32, DType.Float64, DType.Int64, DType.UInt8, DType.Bool, DType.Float16],
            [DTypes.Of<float>(), DTypes.Of<double>(), DTypes.Of<long>(), DTypes.Of<byte>(), DTypes.Of<bool>(), DTypes.Of<Half>()]);
        Assert.Contains("No tensor holds elements of Int32", Assert.Throws<NotSupportedException>(() => DTypes.Of<int>()).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => ((DType)99).Size());
    }

    [Fact]
    public void Should_round_to_bfloat16_and_back() => Check.LeavesNoTensor(() =>
        Check.Close([1.0, 3.140625, 65536], Tensor.From([1f, 3.14159f, 65500f]).To(DType.BFloat16)));

    [Fact]
    public void Should_keep_whole_numbers_exact() => Check.LeavesNoTensor(() =>
        Assert.Equal([long.MinValue, (1L << 53) + 1, long.MaxValue], Tensor.From([long.MinValue, (1L << 53) + 1, long.MaxValue]).ToArray<long>()));

    [Fact]
    public void Should_show_writes_through_a_span_to_operators() => Check.LeavesNoTensor(() =>
    {
        Tensor a = Operators.Zeros([2, 2]);
        Tensor view = a.Select(0, 1);
        a.AsSpan<float>()[3] = 5;
        Check.Close([0, 5], view);
        view.AddInPlace(1);
        Assert.Equal([0f, 0f, 1f, 6f], a.AsSpan<float>().ToArray());
        Tensor truth = Tensor.From([false, true]);
        truth.AsSpan<byte>()[0] = 1;
        Assert.Equal([true, true], truth.AsSpan<bool>().ToArray());
    });

    [Fact]
    public void Should_refuse_spans_of_the_wrong_kind() => Check.LeavesNoTensor(() =>
    {
        Tensor a = Operators.Zeros([2, 3]);
        string wrongType = Assert.Throws<InvalidOperationException>(() => a.AsSpan<double>().Length).Message;
        Assert.Contains("Float32 [2, 3] cpu", wrongType);
        Assert.Contains("span of Double", wrongType);
        Assert.Contains("(not contiguous)", Assert.Throws<InvalidOperationException>(() => a.T().AsSpan<float>().Length).Message);
        Assert.Throws<InvalidOperationException>(() => a.T().AsBytes().Length);
    });

    [Fact]
    public void Should_refuse_a_span_of_more_elements_than_a_span_holds() => Check.LeavesNoTensor(() =>
    {
        Tensor huge = Operators.Zeros([1], DType.UInt8).Expand([3L << 30]);
        Assert.Throws<InvalidOperationException>(() => huge.AsSpan<byte>().Length);
    });

    [Fact]
    public void Should_copy_views_row_by_row() => Check.LeavesNoTensor(() =>
    {
        Tensor a = Tensor.From([1f, 2f, 3f, 4f, 5f, 6f], 2, 3);
        Assert.Equal([1f, 4f, 2f, 5f, 3f, 6f], a.T().ToArray<float>());
        Assert.Equal([4f, 5f, 6f], a.Rows(1, 2).ToArray<float>());
        Assert.Equal([2, 3], a.Shape);
        Assert.Equal([3, 1], a.Strides);
        Assert.Equal([1, 3], a.T().Strides);
        Assert.Equal(3, a.Size(-1));
        Assert.Equal(2, a.Dimensions);
        Assert.Throws<ArgumentOutOfRangeException>(() => a.Size(2));
    });

    [Fact]
    public void Should_read_one_number_of_every_type() => Check.LeavesNoTensor(() =>
    {
        foreach (DType dtype in Sizes.Select(row => row.Data.Item1))
        {
            Assert.Equal(1, Tensor.Of(1, dtype).Item());
        }

        Tensor graph = Tensor.Of(2, DType.Float64);
        graph.RequiresGrad = true;
        Assert.Equal(4, graph.Square().Item());
        Assert.Contains("has 2 elements", Assert.Throws<InvalidOperationException>(() => Tensor.From([1f, 2f]).Item()).Message);
        Assert.Throws<InvalidOperationException>(() => Operators.Zeros([0]).Item());
    });

    [Fact]
    public void Should_refuse_a_shape_that_does_not_hold_the_elements() => Check.LeavesNoTensor(() =>
    {
        Assert.Contains("[2, 2] holds 4 elements; 3 were given", Assert.Throws<ArgumentException>(() => Tensor.From([1f, 2f, 3f], 2, 2)).Message);
        Assert.Throws<ArgumentException>(() => Tensor.From([1f, 2f, 3f, 4f], -2, -2));
        Assert.Throws<ArgumentException>(() => Tensor.From(new float[0], 1L << 32, 1L << 32));
        Assert.Equal([0, 3], Tensor.From(new float[0], 0, 3).Shape);
    });

    [Fact]
    public void Should_compute_as_C_sharp_writes_it() => Check.LeavesNoTensor(() =>
    {
        Tensor a = Tensor.From([1.0, 2.0]);
        Tensor b = Tensor.From([4.0, 8.0]);
        Check.Close([5, 10], a + b);
        Check.Close([-3, -6], a - b);
        Check.Close([4, 16], a * b);
        Check.Close([0.25, 0.25], a / b);
        Check.Close([2, 3, 2, 3], Operators.Cat([a + 1, 1 + a]));
        Check.Close([0, 1, 0, -1], Operators.Cat([a - 1, 1 - a]));
        Check.Close([2, 4, 2, 4], Operators.Cat([a * 2, 2 * a]));
        Check.Close([0.5, 1, -1, -2], Operators.Cat([a / 2, -a]));
    });

    [Fact]
    public void Should_share_memory_and_graph_with_a_second_handle() => Check.LeavesNoTensor(() =>
    {
        Tensor a = Tensor.From([1.0]);
        Tensor second = a.AliasHandle();
        a.Dispose();
        Assert.Equal(1, second.Item());
    });

    private static DType DTypeOf(Tensor tensor) => tensor.DType;
}
