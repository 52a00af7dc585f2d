using DistillSharp.Conformance;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Conformance;

public class GoldenFolderTests
{
    [Fact]
    public void Should_reproduce_every_golden_value_that_is_implemented()
    {
        var seen = new List<FixtureResult>();
        ConformanceReport report = ConformanceRunner.Run(FixtureFolder.Golden, seen.Add);
        Assert.Equal(report.Fixtures, seen);
        Assert.Empty(report.Fixtures.SelectMany(f => f.Problems.Where(_ => f.Status == FixtureStatus.Failed).Select(p => $"{f.Name}: {p}")));
        Assert.True(report.Conforms(all: false));
        Assert.Equal(report.Count(FixtureStatus.NotImplemented) == 0, report.Conforms(all: true));
        string[] passed = [.. report.Fixtures.Where(f => f.Status == FixtureStatus.Passed).Select(f => f.Name)];
        Assert.Superset(
            new HashSet<string>
            {
                "analysis.json: cka", "analysis.json: grad_cam", "analysis.json: iterative_fgsm", "analysis.json: predictions",
                "losses/crd.json", "losses/hint.json", "losses/kd.json",
                "trajectories.json: ce-sgd", "trajectories.json: kd-adamw",
            },
            passed.ToHashSet());
        Assert.Equal(8, passed.Count(name => name.StartsWith("models.json: imagenet.", StringComparison.Ordinal)));
        Assert.Equal(22, passed.Count(name => name.StartsWith("models.json: cifar.", StringComparison.Ordinal)));
        Assert.All(report.Fixtures.Where(f => f.Status == FixtureStatus.Passed), f => Assert.True(f.Worst!.Error < 1e-10, $"{f.Name}: {f.Worst}"));
    }

    [Fact]
    public void Should_give_all_memory_back()
    {
        using var folder = new FixtureFolder();
        folder.With("losses/crd.json", _ => { }).With("analysis.json", _ => { });
        _ = folder.Run();
        long before = Tensor.LiveCount;
        _ = folder.Run();
        Assert.Equal(before, Tensor.LiveCount);
    }
}
