using DistillSharp.Configuration;
using DistillSharp.Distillation;
using DistillSharp.Torch;
using DistillSharp.Training;

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
            long afterTwo = LiveTensors.Settled();
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
    [MemberData(nameof(Methods))]
    public void Should_refuse_a_weight_that_leaves_the_teacher_out(string name)
    {
        MethodDescription method = MethodRegistry.Get(name);
        if (method.Options.All(o => o.Name != "weight"))
        {
            return;
        }

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

    [Theory]
    [MemberData(nameof(Methods))]
    public void Should_lower_every_term_that_counts_alone(string name)
    {
        if (!MethodRegistry.Get(name).NeedsTeacher)
        {
            return;
        }

        using var scope = new TensorScope();
        // The labels here are drawn: what they teach may take the student away from its teacher.
        using Pair pair = Make(name, labelWeight: 1e-6);
        (string, double)[] before = Terms(pair), after;
        pair.Repeat(0, 25, 0.01);
        after = Terms(pair);
        Assert.All(before.Zip(after), p => Assert.True(p.Second.Item2 < p.First.Item2, $"{p.First.Item1}: {p.First.Item2} became {p.Second.Item2}"));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Should_reach_everything_that_is_trained_with_its_first_batch(string name)
    {
        using var scope = new TensorScope();
        using Pair pair = Make(name);
        IReadOnlyList<LossTerm> terms = pair.Terms(0);
        FirstStep.Check(name, pair.Student, pair.Method, terms);
        Assert.Equal(terms.Select(t => t.Name), pair.Terms(7).Select(t => t.Name));
    }

    // An initial stage ends in the middle of the ten steps, so that a resumed run goes on into the next.
    private static Pair Make(string name, double? labelWeight = null)
    {
        var options = new List<(string, object)>();
        foreach (OptionSpec option in MethodRegistry.Get(name).Options)
        {
            (string Name, object Value)? given = option.Name switch
            {
                "initial-share" => (option.Name, 0.5),
                "negatives" => (option.Name, 16),
                "dimension" => (option.Name, 8),
                "label-weight" when labelWeight is { } weight => (option.Name, weight),
                _ => null,
            };
            if (given is { } value)
            {
                options.Add(value);
            }
        }

        return new Pair(name, [.. options]);
    }

    private static (string, double)[] Terms(Pair pair) =>
        [.. pair.Terms(0).Where(t => t.Weight != 0 && t.Name != "labels").Select(t => (t.Name, t.Value.Item()))];

    private static NetworkTaps Taps(string hint, string penultimate) => new("", hint, penultimate, [hint, penultimate], [hint]);
}
