using DistillSharp.Configuration;
using DistillSharp.Inheritance;

namespace DistillSharp.Tests.Inheritance;

/// <summary>What analyses refuse before anything is trained, where a study's reader cannot show it with its small catalogue.</summary>
public class AnalysisCheckTests
{
    private static readonly Dictionary<string, long[]> Layers = new() { ["conv"] = [8, 7, 7], ["last"] = [8, 1, 1], ["pool"] = [8] };

    private static readonly AnalysisSetting Setting = new(3, 28, 28, 10, 1000) { StudentLayers = Layers, TeacherLayers = Layers };

    [Theory]
    [InlineData("student-layer", "last", "[8, 1, 1]")]
    [InlineData("teacher-layer", "pool", "[8]")]
    public void Should_refuse_a_layer_without_maps_to_look_at(string option, string layer, string shape)
    {
        OptionProblem problem = Assert.Single(Check("localization", Setting, (option, layer)));

        Assert.Equal(option, problem.Option);
        Assert.Contains($"found '{layer}', which gives out {shape} for an image. Layers with larger maps: conv (7x7).", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_let_pass_a_layer_with_maps_and_networks_that_are_not_known()
    {
        Assert.Empty(Check("localization", Setting, ("student-layer", "conv")));
        Assert.Empty(Check("localization", Setting with { StudentLayers = null }, ("student-layer", "last")));
    }

    [Theory]
    [InlineData("decision-boundary", 2, "at least three classes")]
    [InlineData("shape-bias", 1, "at least two classes")]
    public void Should_refuse_images_of_too_few_classes(string analysis, int classes, string words)
    {
        OptionProblem problem = Assert.Single(Check(analysis, Setting with { Classes = classes }));

        Assert.Null(problem.Option);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.Empty(Check(analysis, Setting));
    }

    [Theory]
    [InlineData("bias")]
    [InlineData("domain-adaptation")]
    public void Should_refuse_images_without_one_attribute_to_group_them_by(string analysis)
    {
        var domain = new AttributeSetting("domain", [("photo", 5), ("sketch", 5)]);

        Assert.Contains("0 attributes", Assert.Single(Check(analysis, Setting)).Message, StringComparison.Ordinal);
        Assert.Contains("2 attributes: domain, person", Assert.Single(Check(analysis, Setting with { Attributes = [domain, domain with { Name = "person" }] })).Message, StringComparison.Ordinal);
        Assert.Empty(Check(analysis, Setting with { Attributes = [domain] }));
    }

    [Fact]
    public void Should_refuse_an_attribute_that_is_the_same_for_all_test_images()
    {
        AnalysisSetting alike = Setting with { Attributes = [new AttributeSetting("domain", [("photo", 5), ("sketch", 0)])] };

        Assert.Contains("'domain' is the same for all: photo", Assert.Single(Check("bias", alike)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_a_change_that_is_not_defined_for_the_images()
    {
        Assert.Contains("1 or 3 channels, these have 4", Check("invariance", Setting with { Channels = 4 })[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_let_every_analysis_pass_with_its_defaults_on_usual_images()
    {
        AnalysisSetting usual = Setting with { Attributes = [new AttributeSetting("domain", [("photo", 5), ("sketch", 5)])] };

        Assert.All(AnalysisRegistry.All, a => Assert.Empty(Check(a.Name, usual)));
    }

    private static OptionProblem[] Check(string analysis, AnalysisSetting setting, params (string Name, string Value)[] options) =>
        [.. AnalysisRegistry.Get(analysis).Check(new OptionValues(AnalysisRegistry.Get(analysis).Options, options.ToDictionary(o => o.Name, object? (o) => o.Value)), setting)];
}
