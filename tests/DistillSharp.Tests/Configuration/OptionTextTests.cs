using DistillSharp.Configuration;

namespace DistillSharp.Tests.Configuration;

public class OptionTextTests
{
    [Theory]
    [InlineData(OptionKind.Integer, "12", 12L)]
    [InlineData(OptionKind.Number, "1e-2", 0.01)]
    [InlineData(OptionKind.Boolean, "true", true)]
    [InlineData(OptionKind.Text, "a b", "a b")]
    public void Should_read_words(OptionKind kind, string text, object value) => Assert.Equal(value, OptionText.Parse(Spec(kind), text));

    [Fact]
    public void Should_read_lists()
    {
        Assert.Equal(new[] { "a", "b c" }, OptionText.Parse(Spec(OptionKind.TextList), "a,b c"));
        Assert.Equal(Array.Empty<string>(), OptionText.Parse(Spec(OptionKind.TextList), ""));
        Assert.Equal(new[] { 1L, 2 }, OptionText.Parse(Spec(OptionKind.IntegerList), "1,2"));
        Assert.Equal(new[] { 0.5, 2 }, OptionText.Parse(Spec(OptionKind.NumberList), "0.5,2"));
    }

    [Theory]
    [InlineData(OptionKind.Integer, "1.5", "takes a whole number from 0 to 20, found '1.5'")]
    [InlineData(OptionKind.Integer, "21", "takes a whole number from 0 to 20, found '21'")]
    [InlineData(OptionKind.Number, "x", "takes a number from 0 to 20, found 'x'")]
    [InlineData(OptionKind.Boolean, "yes", "takes true or false, found 'yes'")]
    [InlineData(OptionKind.IntegerList, "1,x", "takes whole numbers from 0 to 20, separated by commas, found '1,x'")]
    public void Should_say_what_is_expected(OptionKind kind, string text, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => OptionText.Parse(Spec(kind), text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Should_keep_to_choices() =>
        Assert.Contains("takes one of a, b, found 'c'", Assert.Throws<ArgumentException>(() => OptionText.Parse(Spec(OptionKind.Text) with { Choices = ["a", "b"] }, "c")).Message, StringComparison.Ordinal);

    private static OptionSpec Spec(OptionKind kind) => new("x", kind, null, "An option.", Minimum: 0, Maximum: 20);
}
