using DistillSharp.Configuration;
using DistillSharp.Distillation;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Distillation;

public class PartialMethodTests
{
    private static readonly LayerDefaults NoLayers = new(NetworkTaps.None, NetworkTaps.None);

    public PartialMethodTests() => TorchRuntime.EnsureStarted();

    public static TheoryData<string> Names => [.. MethodRegistry.All.Where(m => m.Name.StartsWith("kd-", StringComparison.Ordinal)).Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_need_every_label_and_start_at_the_published_weights(string name)
    {
        using var scope = new TensorScope();
        Assert.True(MethodRegistry.Get(name).NeedsLabels);
        using var pair = new Pair(name);
        Assert.Equal([("labels", 0.1), ("partial", 0.9)], pair.Probe(1).Terms.Select(t => (t.Name, t.Weight)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_have_the_gradient_of_its_target(string name)
    {
        // The gradient of H(target, softmax(z/T)) is (q - target)/T: what is not in it is no distribution, or not the one that counts.
        using var scope = new TensorScope();
        using var pair = new Pair(name, ("student-temperature", 2.0), ("teacher-temperature", 3.0));
        DistillationBatch batch = pair.Sample(1);
        Tensor leaf = batch.StudentLogits.Detach();
        leaf.RequiresGrad = true;
        pair.Method.Compute(batch with { StudentLogits = leaf })[1].Value.Backward();
        Tensor target = (leaf.Detach() / 2.0).Softmax(1) - (leaf.Grad! * (2.0 * 4));
        Assert.True(target.Min().Item() > -1e-6);
        AssertClose(Operators.Ones([4]), target.Sum(1), 1e-5);

        double own = (batch.TeacherLogits! / 3.0).Softmax(1).Gather(1, batch.Targets.Unsqueeze(1)).Select(0, 0).Item();
        double found = target.Gather(1, batch.Targets.Unsqueeze(1)).Select(0, 0).Item();
        if (name is "kd-pt" or "kd-pt-rel" or "kd-perm")
        {
            Assert.Equal(own, found, 1e-5);
        }
    }

    [Fact]
    public void Should_scale_by_the_student_temperature_where_asked()
    {
        using var scope = new TensorScope();
        using var plain = new Pair("kd-pt", ("student-temperature", 4.0));
        using var scaled = new Pair("kd-pt", ("student-temperature", 4.0), ("scale-by-temperature", true));
        Assert.Equal(0.9, plain.Probe(1).Terms[1].Weight, 1e-12);
        Assert.Equal(0.9 * 16, scaled.Probe(1).Terms[1].Weight, 1e-12);
    }

    [Fact]
    public void Should_give_every_image_the_mean_confidence()
    {
        Tensor target = Target("kd-unif", Survey());
        Assert.Equal([0.6f, 0.2f, 0.2f, 0.2f, 0.2f, 0.6f], target.ToArray<float>().Select(v => MathF.Round(v, 5)));
        target.Dispose();
    }

    [Fact]
    public void Should_share_the_mean_rest_by_superclasses()
    {
        Tensor target = Target("kd-rel", Survey(), ("superclasses", new long[] { 0, 1, 0 }), ("within-ratio", 3.0));
        Assert.Equal([0.6f, 0.1f, 0.3f, 0.3f, 0.1f, 0.6f], target.ToArray<float>().Select(v => MathF.Round(v, 5)));
        target.Dispose();
    }

    [Fact]
    public void Should_give_every_image_the_mean_of_its_class()
    {
        Tensor target = Target("kd-classavg", Survey());
        Assert.Equal([0.7f, 0.2f, 0.1f, 0.1f, 0.4f, 0.5f], target.ToArray<float>().Select(v => MathF.Round(v, 5)));
        target.Dispose();
    }

    [Theory]
    [InlineData("kd-rel")]
    [InlineData("kd-pt-rel")]
    public void Should_refuse_superclasses_of_the_wrong_length(string name)
    {
        Exception error = Assert.Throws<ArgumentException>(() => new Pair(name, ("superclasses", new long[] { 0, 1 })));
        Assert.Contains("2 groups; there are 3 classes", error.Message);
        MethodDescription method = MethodRegistry.Get(name);
        var options = new OptionValues(method.Options, new Dictionary<string, object?> { ["superclasses"] = new long[] { 0, 1 } });
        var shapes = new Dictionary<string, long[]> { ["conv"] = [8, 4, 4], ["classifier"] = [3] };
        Assert.Contains("2 groups; there are 3 classes", method.Check!(options, NoLayers, shapes, shapes));
        shapes["classifier"] = [2];
        Assert.Null(method.Check!(options, NoLayers, shapes, shapes));
    }

    [Fact]
    public void Should_refuse_to_keep_no_class()
    {
        var options = new OptionValues(KdTopkMethod.Description.Options, new Dictionary<string, object?> { ["share"] = 0.0 });
        Assert.Contains("'share' is 0", KdTopkMethod.Description.Check!(options, NoLayers, new Dictionary<string, long[]>(), new Dictionary<string, long[]>()));
    }

    [Theory]
    [InlineData("kd-unif", "answers to all training images")]
    [InlineData("kd-pt-shuffled", "answers to all training images")]
    [InlineData("kd-classavg", "answers to all training images")]
    [InlineData("kd-sim", "last linear layer")]
    [InlineData("kd-pt-rel", "'superclasses'")]
    public void Should_say_what_it_lacks(string name, string expected)
    {
        using var scope = new TensorScope();
        using var pair = new Pair("kl");
        using DistillationMethod method = Make(name);
        DistillationBatch sample = pair.Sample(0);
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => method.Build(sample, new MethodSetup(20, 3, sample.Generator))).Message);
    }

    [Fact]
    public void Should_warn_where_the_true_class_is_not_the_largest()
    {
        // The teacher is wrong about one image of four: with a weight of 0.9 that one is taught wrongly, with 0.15 it is not.
        using var scope = new TensorScope();
        string warning = Assert.Single(Warnings("kd-topk", ("share", 1.0)));
        Assert.Contains("25.0", warning);
        Assert.Contains("'weight'", warning);
        Assert.Empty(Warnings("kd-topk", ("share", 1.0), ("weight", 0.15)));
        Assert.Empty(Warnings("kd-unif"));

        static List<string> Warnings(string name, params (string Name, object Value)[] options)
        {
            using var pair = new Pair("kl");
            using DistillationMethod method = Make(name, options);
            using TeacherSurvey survey = Survey();
            var warnings = new List<string>();
            DistillationBatch sample = pair.Sample(0);
            method.Build(sample, new MethodSetup(4, 3, sample.Generator) { Survey = () => survey, Warn = warnings.Add });
            return warnings;
        }
    }

    // The teacher's answers to four images, wrong about the third, and to one without a label. Its confidences are 0.7, 0.7, 0.2 and 0.8.
    private static TeacherSurvey Survey() => new(
        Tensor.From([0.7f, 0.2f, 0.1f, 0.7f, 0.2f, 0.1f, 0.1f, 0.7f, 0.2f, 0.1f, 0.1f, 0.8f, 0.98f, 0.01f, 0.01f], 5, 3).Log().Unscoped(),
        Tensor.From([0L, 0L, 2L, 2L, DistillationBatch.NoLabel]).Unscoped());

    private static DistillationMethod Make(string name, params (string Name, object Value)[] options)
    {
        MethodDescription method = MethodRegistry.Get(name);
        return method.Create(new OptionValues(method.Options, options.ToDictionary(o => o.Name, o => (object?)o.Value)), NoLayers);
    }

    // The target of one image of class 0 and one of class 2, out of the gradient of even logits.
    private static Tensor Target(string name, TeacherSurvey survey, params (string Name, object Value)[] options)
    {
        using var scope = new TensorScope();
        using (survey)
        {
            using var pair = new Pair("kl");
            using DistillationMethod method = Make(name, options);
            DistillationBatch sample = pair.Sample(0);
            method.Build(sample, new MethodSetup(5, 3, sample.Generator) { Survey = () => survey });
            Tensor leaf = Operators.Zeros([2, 3], DType.Float32);
            leaf.RequiresGrad = true;
            method.Compute(sample with
            {
                StudentLogits = leaf,
                TeacherLogits = Operators.Zeros([2, 3], DType.Float32),
                Targets = Tensor.From([0L, 2L]),
                SampleIndices = Tensor.From([1L, 3L]),
            })[1].Value.Backward();
            return scope.Keep(leaf.Detach().Softmax(1) - (leaf.Grad! * 2.0));
        }
    }
}
