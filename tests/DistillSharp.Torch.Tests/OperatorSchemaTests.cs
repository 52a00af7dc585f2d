using DistillSharp.Torch.Internal;

namespace DistillSharp.Torch.Tests;

public class OperatorSchemaTests
{
    private const string Sum = "sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor";

    [Fact]
    public void Should_parse_names_types_and_defaults()
    {
        OperatorSchema schema = OperatorSchema.Parse("aten::max.dim(Tensor(a!) self, int[2] dim=[0, 1], *, str mode=\"a,b\") -> (Tensor values, Tensor(b)[] parts)");
        Assert.Equal(("max", "dim", "max.dim"), (schema.Name, schema.Overload, schema.FullName));
        Assert.Equal(["Tensor", "int[]", "str"], schema.Arguments.Select(a => a.Type));
        Assert.Equal(["self", "dim", "mode"], schema.Arguments.Select(a => a.Name));
        Assert.Equal([null, "[0, 1]", "\"a,b\""], schema.Arguments.Select(a => a.Default));
        Assert.Equal(["Tensor", "Tensor[]"], schema.Returns);
        Assert.True(OperatorSchema.Parse("relu_(Tensor(a!) self) -> Tensor(a!)").IsInPlace);
    }

    [Theory]
    [InlineData("")]
    [InlineData("relu")]
    [InlineData("relu(Tensor self)")]
    [InlineData("relu(self) -> Tensor")]
    public void Should_refuse_what_is_no_schema(string text) => Assert.Throws<FormatException>(() => OperatorSchema.Parse(text));

    [Theory]
    [InlineData("sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor")]
    [InlineData("sum.dim_IntList(Tensor self, SymInt[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor")]
    [InlineData("sum.dim_IntList(Tensor self, int[]? dim=None, bool keepdim=False, *, ScalarType? dtype=None, bool fast=True) -> Tensor(a)")]
    public void Should_accept_harmless_differences(string loaded) => Assert.Null(Difference(loaded));

    [Theory]
    [InlineData("sum.dim_IntList(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor", "argument 2 is 'int dim' where 'int[]? dim' was expected")]
    [InlineData("sum.dim_IntList(Tensor self, int[1]? axis, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor", "argument 2 is 'int[]? axis'")]
    [InlineData("sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim, *, ScalarType? dtype=None) -> Tensor", "argument 'keepdim' lost its default")]
    [InlineData("sum.dim_IntList(Tensor self, int[1]? dim) -> Tensor", "it has no argument 'keepdim'")]
    [InlineData("sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None, int more) -> Tensor", "further argument 'more' without a default")]
    [InlineData("sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> (Tensor, Tensor)", "it returns (Tensor, Tensor) where (Tensor) was expected")]
    public void Should_name_a_difference_that_matters(string loaded, string said) => Assert.Contains(said, Difference(loaded));

    [Fact]
    public void Should_compare_defaults_as_numbers()
    {
        Assert.Null(Parse("a(float x=1.0000000000000001e-05) -> Tensor").DifferenceFrom(Parse("a(float x=1e-05) -> Tensor")));
        Assert.Contains("the default of 'x' is 0.2 where 0.1 was expected", Parse("a(float x=0.1) -> Tensor").DifferenceFrom(Parse("a(float x=0.2) -> Tensor")));
    }

    [Fact]
    public void Should_name_every_operator_that_does_not_fit_in_one_error()
    {
        const string List = """
            # a comment
            relu(Tensor self) -> Tensor
            conjure(Tensor self) -> Tensor
            neg(Tensor self, int strength=1) -> Tensor
            mm(Tensor self, Scalar mat2) -> Tensor
            pow.Tensor_Scalar(Tensor self, Scalar exponent=2) -> Tensor
            """;
        string message = Assert.Throws<TorchException>(() => OperatorTable.Resolve(List, 5)).Message;
        Assert.Contains($"({TorchRuntime.Version}) does not fit: 4 of 5 operators differ", message);
        Assert.Contains("conjure: this libtorch has no such operator", message);
        Assert.Contains("neg: it has no argument 'strength'", message);
        Assert.Contains("mm: argument 2 is 'Tensor mat2' where 'Scalar mat2' was expected", message);
        Assert.Contains("pow.Tensor_Scalar: argument 'exponent' lost its default", message);
        Assert.DoesNotContain("relu", message);
    }

    [Fact]
    public void Should_find_every_operator_in_use() => Assert.NotEqual(0, OperatorTable.EnsureLoaded());

    private static string? Difference(string loaded) => Parse(Sum).DifferenceFrom(Parse(loaded));

    private static OperatorSchema Parse(string text) => OperatorSchema.Parse(text);
}
