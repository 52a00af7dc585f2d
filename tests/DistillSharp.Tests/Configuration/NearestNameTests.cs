using DistillSharp.Configuration;

namespace DistillSharp.Tests.Configuration;

public class NearestNameTests
{
    private static readonly string[] Few = ["kl", "hint", "crd"];
    private static readonly string[] Many = [.. Enumerable.Range(10, 30).Select(i => $"resnet{i}"), "wrn_16_1"];

    [Fact]
    public void Should_name_what_was_probably_meant_and_all_where_they_are_few()
    {
        Assert.Equal("There is no method 'hin'. Did you mean 'hint'? There are: kl, hint, crd.", NearestName.Explain("method", "hin", Few));
        Assert.Equal("There is no method 'crossbow'. There are: kl, hint, crd.", NearestName.Explain("method", "crossbow", Few));
        Assert.Equal("There is no method 'x'.", NearestName.Explain("method", "x", []));
    }

    [Fact]
    public void Should_always_name_some_of_many()
    {
        string text = NearestName.Explain("model", "wrn_99_99", Many);
        Assert.StartsWith("There is no model 'wrn_99_99'.", text, StringComparison.Ordinal);
        Assert.Contains("'wrn_16_1'", NearestName.Explain("model", "wrn_16", Many), StringComparison.Ordinal);
        Assert.Contains("The nearest of 31 are: ", NearestName.Explain("model", "a quite different thing", Many), StringComparison.Ordinal);
    }
}
