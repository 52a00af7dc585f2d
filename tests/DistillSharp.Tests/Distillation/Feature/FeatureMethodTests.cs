using DistillSharp.Configuration;
using DistillSharp.Distillation;
using DistillSharp.Models;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Distillation;

/// <summary>Stages, trained parts, choices of layers and refusals of the methods on features.</summary>
public class FeatureMethodTests
{
    private static readonly string[] Maps = ["stem", "one", "two", "three"];

    public FeatureMethodTests() => TorchRuntime.EnsureStarted();

    [Theory]
    [InlineData("fsp", "fsp", 50)]
    [InlineData("activation-boundary", "boundary", 1)]
    public void Should_teach_the_body_alone_at_first(string name, string term, double weight)
    {
        using var scope = new TensorScope();
        using var pair = new Pair(name, ("initial-share", 0.2));
        Assert.Equal([("labels", 0.0), (term, weight)], Weights(pair, 1));
        Assert.Equal([("labels", 1.0), (term, weight)], Weights(pair, 2));
        using var dropped = new Pair(name, ("initial-share", 0.2), ("keep", false));
        Assert.Equal([("labels", 1.0), (term, 0.0)], Weights(dropped, 2));
    }

    [Fact]
    public void Should_freeze_the_paraphraser_after_it_has_learnt()
    {
        using var scope = new TensorScope();
        using var pair = new Pair("factor-transfer", ("initial-share", 0.2));
        Assert.Equal([("labels", 1.0), ("paraphrase", 1.0), ("factor", 0.0)], Weights(pair, 1));
        Assert.Equal([("labels", 1.0), ("paraphrase", 0.0), ("factor", 200.0)], Weights(pair, 2));

        Dictionary<string, Tensor> start = pair.Snapshot();
        pair.Train(0, 2);
        Dictionary<string, Tensor> taught = pair.Snapshot();
        pair.Train(2, 4);
        Dictionary<string, Tensor> end = pair.Snapshot();
        foreach (string name in start.Keys.Where(k => k.StartsWith("method.", StringComparison.Ordinal) && k.EndsWith("conv.weight", StringComparison.Ordinal)))
        {
            bool translator = name.StartsWith("method.translator", StringComparison.Ordinal);
            Assert.Equal(translator, start[name].Equal(taught[name]));
            Assert.Equal(!translator, taught[name].Equal(end[name]));
        }

        foreach (Tensor tensor in start.Values.Concat(taught.Values).Concat(end.Values))
        {
            tensor.Dispose();
        }
    }

    [Fact]
    public void Regression_The_variances_are_trained_and_saved()
    {
        // Defect seen in public code: the variances of variational distillation are not registered as parameters, so nothing trains them.
        using var scope = new TensorScope();
        using var pair = new Pair("vid");
        KeyValuePair<string, Tensor>[] variances = [.. pair.Method.StateDict().Where(p => p.Key.EndsWith("log_scale", StringComparison.Ordinal))];
        Assert.Equal(["heads.0.log_scale", "heads.1.log_scale"], variances.Select(v => v.Key));
        Assert.All(variances, v => Assert.Contains(v.Value, pair.Method.Parameters));
        AssertClose(Math.Log(Math.Exp(5 - 1e-5) - 1), variances[0].Value.ToArray<double>()[0], 1e-6);
        double[] before = variances[0].Value.ToArray<double>();
        pair.Train(0, 1);
        Assert.All(variances[0].Value.ToArray<double>().Zip(before), v => Assert.NotEqual(v.Second, v.First));
    }

    [Theory]
    [InlineData("attention-transfer", 0)]
    [InlineData("activation-boundary", 8)]
    [InlineData("overhaul", 6)]
    [InlineData("vid", 8)]
    [InlineData("correlation-congruence", 4)]
    public void Should_train_what_stands_between(string name, int parameters)
    {
        using var scope = new TensorScope();
        using var pair = new Pair(name);
        (_, IReadOnlyList<bool> moved) = pair.Probe(5);
        Assert.Equal(parameters, moved.Count);

        // A convolution's bias before a batch norm is taken out again by it.
        Assert.All(moved.Where((_, i) => name != "activation-boundary" || i % 4 != 1), Assert.True);
    }

    [Fact]
    public void Should_train_every_fusion()
    {
        using var scope = new TensorScope();
        using var pair = new Pair("review");
        (_, IReadOnlyList<bool> moved) = pair.Probe(5);
        Assert.Equal((3 * 6) + (2 * 2), moved.Count);
        Assert.All(moved, Assert.True);
    }

    [Fact]
    public void Should_leave_out_the_stem_where_there_are_more_than_two_maps()
    {
        Assert.Equal(["one", "two", "three"], Made("nst").StudentTaps);
        Assert.Equal(["stem", "one", "two", "three"], Made("fsp").StudentTaps);
        Assert.Equal(["three"], Made("similarity-preserving").TeacherTaps);
        Assert.Equal(["vector"], Made("rkd").TeacherTaps);
        Assert.Equal(["one-before", "two-before", "three-before"], Made("overhaul").StudentTaps);
        DistillationMethod review = Made("review");
        Assert.Equal(["one", "two", "three", "vector"], review.StudentTaps);
        Assert.Equal(["one-before", "two-before", "three-before", "vector"], review.TeacherTaps);
        Assert.Equal(["two"], Made("nst", ("student-layers", new[] { "two" }), ("teacher-layers", new[] { "one" })).StudentTaps);
    }

    [Theory]
    [InlineData("resnet56", "resnet20", 0.6)]
    [InlineData("resnet32x4", "ShuffleV2", 8)]
    [InlineData("convnet", "lenet5", 5)]
    public void Should_weigh_a_review_as_published_for_the_pair(string teacher, string student, double weight)
    {
        using var scope = new TensorScope();
        using var pair = new Pair("review");
        var description = MethodRegistry.Get("review");
        var layers = new LayerDefaults(pair.Layers.Student with { Model = student }, pair.Layers.Teacher with { Model = teacher });
        using DistillationMethod method = description.Create(new OptionValues(description.Options, new Dictionary<string, object?> { ["warm-up"] = 0L }), layers);
        Assert.Equal(weight, pair.Terms(0, method)[1].Weight);
        using DistillationMethod warming = description.Create(new OptionValues(description.Options, new Dictionary<string, object?> { ["weight"] = 3.0 }), layers);
        Assert.Equal(3.0 / 20, pair.Terms(0, warming)[1].Weight, 1e-12);
    }

    [Fact]
    public void Should_say_that_margins_come_from_the_first_batch_where_no_batch_norm_gives_them()
    {
        using var scope = new TensorScope();
        using var pair = new Pair("overhaul");
        Assert.Contains(pair.Warnings, w => w.Contains("no batch norm", StringComparison.Ordinal));
        Assert.All(pair.Method.StateDict().Where(p => p.Key.StartsWith("margins", StringComparison.Ordinal)), m => Assert.True(m.Value.Max().Item() <= 0));
    }

    [Theory]
    [InlineData("nst", "student-layers", new[] { "one" }, "1 layers of the student")]
    [InlineData("nst", "student-layers", new[] { "one", "two", "fore" }, "no layer")]
    [InlineData("nst", "student-layers", new[] { "one", "two", "vector" }, "a layer before the pooling")]
    [InlineData("fsp", "", new string[0], "channels")]
    [InlineData("kdsvd", "", new string[0], "channels")]
    public void Should_say_what_to_change_about_layers(string name, string option, string[] value, string expected)
    {
        string? problem = Check(name, option.Length > 0 ? [(option, value)] : []);
        Assert.Contains(expected, problem, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("factor-transfer", "initial-share", 0.0, "never learn")]
    [InlineData("attention-transfer", "label-weight", 0.0, "behind its layer 'three'")]
    public void Should_say_what_to_change_about_numbers(string name, string option, double value, string expected) =>
        Assert.Contains(expected, Check(name, (option, value)));

    [Fact]
    public void Should_refuse_to_leave_the_teacher_out_of_both_stages()
    {
        Assert.Contains("keep the term", Check("activation-boundary", ("initial-share", 0.0), ("keep", false)));
        Assert.Contains("'distance-weight' and 'angle-weight'", Check("rkd", ("distance-weight", 0.0), ("angle-weight", 0.0)));
        Assert.Contains("singular vectors", Check("kdsvd", equal: true, ("vectors", 60L)));
    }

    [Theory]
    [InlineData("attention-transfer", "student-layers")]
    [InlineData("factor-transfer", "student-layer")]
    public void Should_refuse_attention_over_one_pixel(string name, string option)
    {
        Dictionary<string, long[]> shapes = new() { ["small"] = [4, 1, 1], ["logits"] = [10] };
        MethodDescription method = MethodRegistry.Get(name);
        bool list = option.EndsWith('s');
        var options = new OptionValues(method.Options, new Dictionary<string, object?>
        {
            [option] = list ? new[] { "small" } : "small",
            [option.Replace("student", "teacher", StringComparison.Ordinal)] = list ? new[] { "small" } : "small",
        });
        Assert.Contains("one pixel", method.Check!(options, Defaults, shapes, shapes));
    }

    private static LayerDefaults Defaults => new(Network, Network);

    private static NetworkTaps Network => new("", "two", "vector", [.. Maps, "vector"], [.. Maps.Select(m => m + "-before")]);

    private static IEnumerable<(string, double)> Weights(Pair pair, int step) => pair.Terms(step).Select(t => (t.Name, t.Weight));

    private static DistillationMethod Made(string name, params (string Name, object Value)[] options)
    {
        MethodDescription method = MethodRegistry.Get(name);
        return method.Create(new OptionValues(method.Options, options.ToDictionary(o => o.Name, o => (object?)o.Value)), Defaults);
    }

    private static string? Check(string name, params (string Name, object Value)[] options) => Check(name, equal: false, options);

    private static string? Check(string name, bool equal, params (string Name, object Value)[] options)
    {
        MethodDescription method = MethodRegistry.Get(name);
        return method.Check!(
            new OptionValues(method.Options, options.ToDictionary(o => o.Name, o => (object?)o.Value)), Defaults, Shapes(4), Shapes(equal ? 4 : 5));
    }

    private static Dictionary<string, long[]> Shapes(long channels)
    {
        Dictionary<string, long[]> shapes = [];
        long size = 16;
        foreach (string map in Maps)
        {
            shapes[map + "-before"] = [channels, size, size];
            shapes[map] = [channels, size, size];
            (channels, size) = (channels * 2, size / 2);
        }

        shapes["vector"] = [channels];
        shapes["logits"] = [10];
        return shapes;
    }

    [Theory]
    [InlineData("resnet56", "resnet20", 0.6)]
    [InlineData("resnet110", "resnet32", 1)]
    [InlineData("resnet32x4", "ShuffleV2", 8)]
    [InlineData("resnet32x4", "resnet8x4", 5)]
    [InlineData("wrn_40_2", "wrn_16_2", 5)]
    public void Should_know_the_published_weights_of_knowledge_review_by_names_of_the_zoo(string teacher, string student, double expected)
    {
        Assert.Equal(expected, ReviewMethod.Published.For(teacher, student));
        Assert.All(ReviewMethod.Published.Pairs.Concat(DkdMethod.Published.Pairs), p =>
        {
            Assert.Equal(p.Teacher, ModelZoo.Get(p.Teacher).Name);
            Assert.Equal(p.Student, ModelZoo.Get(p.Student).Name);
        });
    }
}
