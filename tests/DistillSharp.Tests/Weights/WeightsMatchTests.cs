using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Weights;

public class WeightsMatchTests
{
    private static readonly ImageTask Task = new(3, 32, 32, 10);

    [Fact]
    public void Should_match_a_network_with_its_own_entries()
    {
        using ImageModel model = ModelZoo.Create("resnet8", Task, seed: 1);
        WeightsMatch match = WeightsMatch.Of(model, WeightsMatch.EntriesOf(model));
        Assert.True(match.Fits);
        Assert.Equal(model.StateDict().Count, match.Matched);
        Assert.Equal($"{match.Matched} of the network's {match.Matched} tensors match by name and shape.", match.Explain());
    }

    [Fact]
    public void Should_name_what_is_missing_misshapen_and_unexpected()
    {
        using ImageModel model = ModelZoo.Create("lenet5", Task, seed: 1);
        List<WeightsEntry> entries = [.. WeightsMatch.EntriesOf(model)];
        entries[entries.FindIndex(e => e.Name == "fc1.weight")] = new WeightsEntry("fc1.weight", DType.Float32, [120, 256]);
        entries[entries.FindIndex(e => e.Name == "fc2.bias")] = new WeightsEntry("fc2.offset", DType.Float32, [84]);
        entries.Add(new WeightsEntry("head\u001b.scale", DType.Float32, [5]));
        WeightsMatch match = WeightsMatch.Of(model, entries);

        Assert.False(match.Fits);
        Assert.Equal("fc2.bias", Assert.Single(match.Missing).Entry.Name);
        Assert.Equal(["fc2.offset"], match.Missing[0].Candidates);
        Assert.Equal("fc1.weight", Assert.Single(match.Misshapen).Entry.Name);
        Assert.Equal(["fc2.offset", "head\u001b.scale"], match.Unexpected.Select(u => u.Name));
        string said = match.Explain();
        Assert.Contains("8 of the network's 10 tensors match by name and shape; 1 missing, 1 of another shape, 2 unexpected.", said);
        Assert.Contains("missing: fc2.bias [84] (of this shape, unexpected: fc2.offset)", said);
        Assert.Contains("shape: fc1.weight is [120, 256], expected [120, 400]", said);
        Assert.Contains("unexpected: head?.scale [5]", said);
    }

    [Theory]
    [InlineData("backbone.", "", "backbone.=")]
    [InlineData("", "net.", "=net.")]
    [InlineData("fc.", "linear.", "linear.=fc.")]
    [InlineData("layer2.", "stages.1.", "stages.1.=layer2.")]
    public void Should_suggest_the_mapping_that_helps(string own, string theirs, string line)
    {
        // "backbone." stands before all names of the file, "net." before all of the network.
        using ImageModel model = ModelZoo.Create("resnet8", Task, seed: 1);
        IReadOnlyList<WeightsEntry> entries = [.. WeightsMatch.EntriesOf(model)
            .Select(e => own == "backbone." ? e with { Name = own + e.Name } : own.Length > 0 && e.Name.StartsWith(own, StringComparison.Ordinal) ? e with { Name = theirs + e.Name[own.Length..] } : e)];
        if (own.Length == 0)
        {
            using var wrapped = new Sequential((theirs[..^1], model));
            WeightsMatch inside = WeightsMatch.Of(wrapped, entries);
            Assert.Equal([line], inside.Suggestions);
            Assert.True(WeightsMatch.Of(wrapped, entries, WeightsMapping.Parse(inside.Suggestions)).Fits);
            return;
        }

        WeightsMatch match = WeightsMatch.Of(model, entries);
        Assert.Equal([line], match.Suggestions);
        Assert.Contains($"try: --mapping {line}", match.Explain());
        Assert.True(WeightsMatch.Of(model, entries, WeightsMapping.Parse(match.Suggestions)).Fits);
    }

    [Fact]
    public void Should_suggest_several_mappings_that_help_together()
    {
        using ImageModel model = ModelZoo.Create("resnet20", Task, seed: 1);
        IReadOnlyList<WeightsEntry> entries = [.. WeightsMatch.EntriesOf(model).Select(e => e with
        {
            Name = "encoder." + e.Name.Replace("fc.", "linear.", StringComparison.Ordinal).Replace("downsample", "shortcut", StringComparison.Ordinal),
        })];
        WeightsMatch match = WeightsMatch.Of(model, entries);
        Assert.Equal(
            ["encoder.layer2.0.shortcut.=layer2.0.downsample.", "encoder.layer3.0.shortcut.=layer3.0.downsample.", "encoder.linear.=fc.", "encoder.="],
            match.Suggestions);
        Assert.True(WeightsMatch.Of(model, entries, WeightsMapping.Parse(match.Suggestions)).Fits);
    }

    [Fact]
    public void Should_take_counters_that_old_files_lack_as_0()
    {
        using var scope = new TensorScope();
        using ImageModel model = ModelZoo.Create("resnet8", Task, seed: 1);
        var tensors = model.StateDict().Where(p => !p.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToDictionary(p => p.Key, p => p.Value);
        WeightsMatch match = WeightsMatch.Of(model, [.. tensors.Select(t => new WeightsEntry(t.Key, t.Value.DType, t.Value.Shape))]);
        Assert.True(match.Fits);
        Assert.Contains("bn1.num_batches_tracked", match.Defaulted);
        IReadOnlyList<KeyValuePair<string, Tensor>> arranged = match.Arrange(tensors);
        Assert.Equal(model.StateDict().Select(p => p.Key), arranged.Select(p => p.Key));
        model.LoadStateDict(arranged);
    }

    [Theory]
    [InlineData("a.weight=b.weight", "a.weight", "b.weight")]
    [InlineData("a.=b.", "a.weight", "b.weight")]
    [InlineData("a.=", "a.weight", "weight")]
    [InlineData("=b.", "weight", "b.weight")]
    [InlineData("a.=b.", "aa.weight", "aa.weight")]
    public void Should_rename_by_mapping(string line, string old, string @new) => Assert.Equal(@new, WeightsMapping.Parse([line]).Apply(old));

    [Theory]
    [InlineData("a")]
    [InlineData("a=b=c")]
    [InlineData("a.=b")]
    [InlineData("a=")]
    public void Should_refuse_what_is_no_mapping(string line) =>
        Assert.Contains($"found '{line}'", Assert.Throws<ArgumentException>(() => WeightsMapping.Parse([line])).Message);

    [Fact]
    public void Should_refuse_a_mapping_that_gives_one_name_twice_and_name_one_that_does_nothing()
    {
        using ImageModel model = ModelZoo.Create("lenet5", Task, seed: 1);
        IReadOnlyList<WeightsEntry> entries = WeightsMatch.EntriesOf(model);
        Assert.Contains("'fc1.weight'", Assert.Throws<ArgumentException>(() => WeightsMatch.Of(model, entries, WeightsMapping.Parse(["fc2.=fc1."]))).Message);
        Assert.Equal(["nope.=fc1."], WeightsMatch.Of(model, entries, WeightsMapping.Parse(["nope.=fc1."])).IdleMappings);
    }
}
