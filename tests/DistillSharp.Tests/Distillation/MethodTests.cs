using DistillSharp.Configuration;
using DistillSharp.Distillation;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Distillation;

/// <summary>What holds for every method.</summary>
public class MethodTests
{
    public MethodTests() => TorchRuntime.EnsureStarted();

    public static TheoryData<string> Methods => [.. MethodRegistry.All.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Should_go_on_bit_equal_from_a_saved_state(string name)
    {
        using var whole = Make(name);
        whole.Train(0, 3);
        Dictionary<string, Tensor> saved = whole.Snapshot();
        whole.Train(3, 6);
        Dictionary<string, Tensor> expected = whole.Snapshot();

        using var resumed = Make(name);
        resumed.Restore(saved, 3);
        resumed.Train(3, 6);
        Dictionary<string, Tensor> found = resumed.Snapshot();
        Assert.Equal(expected.Keys, found.Keys);
        Assert.All(expected, p => Assert.True(p.Value.Equal(found[p.Key]), p.Key));
        Assert.Contains(expected, p => p.Key.StartsWith("student.", StringComparison.Ordinal) && !p.Value.Equal(saved[p.Key]));
        foreach (Tensor tensor in saved.Values.Concat(expected.Values).Concat(found.Values))
        {
            tensor.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Should_give_all_memory_back(string name)
    {
        long before = LiveTensors.Settled();
        using (var pair = Make(name))
        {
            pair.Train(0, 2);
            long afterTwo = Tensor.LiveCount;
            pair.Train(2, 6);
            Assert.Equal(afterTwo, Tensor.LiveCount);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Should_lower_its_loss(string name)
    {
        using var pair = Make(name);
        (double before, double after) = pair.TrainOn(1, 8);
        Assert.True(double.IsFinite(before) && after < before, $"{before} before, {after} after.");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Should_describe_itself_completely(string name)
    {
        MethodDescription method = MethodRegistry.Get(name);
        Assert.Matches("^[a-z][a-z0-9-]*$", method.Name);
        Assert.All([method.Title, method.Paper, method.Needs, method.Formula], text => Assert.False(string.IsNullOrWhiteSpace(text)));
        Assert.True(method.Year is > 2000 and < 2100 || !method.NeedsTeacher);
        Assert.Equal(method.Options.Count, method.Options.Select(o => o.Name).Distinct().Count());
        foreach (OptionSpec option in method.Options)
        {
            Assert.False(string.IsNullOrWhiteSpace(option.Description), option.Name);
            if (option.Default is long or double)
            {
                Assert.InRange(Convert.ToDouble(option.Default), option.Minimum!.Value, option.Maximum!.Value);
            }

            if (option.Choices is { } choices)
            {
                Assert.Contains((string)option.Default!, choices);
            }
        }

        using DistillationMethod made = method.Create(new OptionValues(method.Options), new LayerDefaults(Taps("a", "c"), Taps("b", "d")));
        Assert.Equal(method.NeedsTeacher, made.NeedsTeacher);
    }

    [Theory]
    [InlineData("kl")]
    [InlineData("hint")]
    [InlineData("crd")]
    [InlineData("reverse-kl")]
    [InlineData("mse-logits")]
    [InlineData("teacher-free")]
    [InlineData("logit-standardization")]
    [InlineData("mlkd")]
    [InlineData("transformed-teacher-weighted")]
    [InlineData("curriculum-temperature")]
    [InlineData("kd-pt")]
    [InlineData("kd-rel")]
    public void Should_refuse_a_weight_that_leaves_the_teacher_out(string name)
    {
        MethodDescription method = MethodRegistry.Get(name);
        var options = new OptionValues(method.Options, new Dictionary<string, object?> { ["weight"] = 0.0 });
        var layers = new LayerDefaults(Taps("a", "a"), Taps("b", "b"));
        Assert.Contains("'independent'", Assert.Throws<ArgumentException>(() => method.Create(options, layers)).Message);
        Dictionary<string, long[]> none = [];
        Assert.Contains("'independent'", method.Check!(options, layers, none, none));
    }

    [Theory]
    [InlineData("kl", "kd")]
    [InlineData("hint", "hints")]
    [InlineData("crd", "CRD")]
    public void Should_name_the_nearest_method(string expected, string asked) =>
        Assert.Contains($"'{expected}'", Assert.Throws<ArgumentException>(() => MethodRegistry.Get(asked)).Message);

    private static Pair Make(string name) => name == "crd" ? new Pair("crd", ("negatives", 16), ("dimension", 8)) : new Pair(name);

    private static NetworkTaps Taps(string hint, string penultimate) => new("", hint, penultimate, [hint, penultimate], [hint]);
}
