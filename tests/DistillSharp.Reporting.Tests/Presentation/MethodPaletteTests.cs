using DistillSharp.Reporting.Presentation;
using DistillSharp.Reporting.Tests.Samples;

namespace DistillSharp.Reporting.Tests.Presentation;

public sealed class MethodPaletteTests
{
    [Fact]
    public void Should_tell_twenty_methods_apart()
    {
        var sample = SampleStudy.Create();
        var palette = new MethodPalette(sample with
        {
            Findings = [.. Enumerable.Range(0, 20).Select(number => sample.Findings[0] with { Method = $"method-{number}" })],
        });

        Assert.Equal(20, palette.Methods.Where(method => method.Name.StartsWith("method-", StringComparison.Ordinal)).Select(method => (method.Colour, method.Dash)).Distinct().Count());
    }

    [Fact]
    public void Should_give_a_model_the_look_of_its_method()
    {
        var sample = SampleStudy.Create();
        var palette = new MethodPalette(sample);

        Assert.Equal(palette.Of("kd"), palette.Of(sample.Models.First(model => model.Method == "kd")));
        Assert.Equal(Method.Teacher, palette.Of(sample.Models[0]));
        Assert.Equal(Method.OtherTeacher, palette.Of(sample.Models[1]));
        Assert.Equal(Method.Independent, palette.Of(sample.Models[2]));
    }
}
