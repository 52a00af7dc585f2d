using System.Text.Json.Nodes;
using DistillSharp.Conformance;

namespace DistillSharp.Tests.Conformance;

/// <summary>Golden files with one thing changed: each change is found, and named.</summary>
public class MutatedFixtureTests
{
    public static TheoryData<string, string, double> Values() => new()
    {
        { "losses/kd.json", "expected.loss", 1e-6 },
        { "losses/kd.json", "expected.parts.0", 1e-6 },
        { "losses/kd.json", "expected.gradients.student_logits.data.3", 1e-6 },
        { "losses/kd.json", "hyperparameters.temperature", 1e-6 },
        { "losses/hint.json", "expected.gradients.student.data.700", 1e-4 },
        { "losses/hint.json", "inputs.teacher.data.5", 1e-4 },
        { "losses/crd.json", "calls.0.expected.loss", 1e-6 },
        { "losses/crd.json", "calls.1.expected.z_teacher", 1e-6 },
        { "losses/crd.json", "calls.1.expected.bank_student_after.data.40", 1e-4 },
        { "losses/crd.json", "calls.0.expected.parameter_gradients.embed_t.linear.bias.data.2", 1e-6 },
        { "losses/crd.json", "hyperparameters.momentum", 1e-6 },
        { "losses/crd.json", "hyperparameters.eps", 1e-2 },
        { "analysis.json", "grad_cam.student.data.1", 1e-6 },
        { "analysis.json", "grad_cam.cosine.0", 1e-6 },
        { "analysis.json", "iterative_fgsm.adversarial_sum", 1e-6 },
        { "analysis.json", "iterative_fgsm.epsilon", 1e-4 },
        { "analysis.json", "predictions.student_ece_15", 1e-6 },
        { "analysis.json", "predictions.ensemble_of_both_first_row.4", 1e-6 },
        { "analysis.json", "cka.linear_unbiased", 1e-6 },
        { "analysis.json", "fill_parameters.teacher_gain", 1e-6 },
        { "analysis.json", "input_parameters.offset", 1e-6 },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Should_find_a_value_that_is_a_little_off(string file, string path, double relative)
    {
        using var folder = new FixtureFolder();
        folder.With(file, root => Replace(root, path, n => n.GetValue<double>() * (1 + relative)));
        ConformanceReport report = folder.Run();
        Assert.False(report.Conforms(all: false));
        Assert.Contains(report.Fixtures.SelectMany(f => f.Problems), p => p.Contains("relative error", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_pass_the_same_value_under_a_wider_tolerance()
    {
        using var folder = new FixtureFolder();
        folder.With("losses/kd.json", root => Replace(root, "expected.loss", n => n.GetValue<double>() * (1 + 1e-6)));
        FixtureResult strict = folder.Single();
        Assert.Equal(FixtureStatus.Failed, strict.Status);
        Assert.Equal("loss", strict.Worst!.Name);
        Assert.InRange(strict.Worst.Error, 0.9e-6, 1.1e-6);
        Assert.Equal(FixtureStatus.Passed, folder.Single(tolerance: 1e-5).Status);
    }

    [Theory]
    [InlineData("cifar.resnet8.logits.1.4", "logits: relative error")]
    [InlineData("cifar.resnet8.feature_norms.2", "feature_norms[2]: relative error")]
    [InlineData("cifar.resnet8.logits_norm", "logits_norm: relative error")]
    [InlineData("cifar.resnet8.feature_means.4", "feature_means[4]: relative error")]
    [InlineData("fill_parameters.gain", "logits: relative error")]
    [InlineData("input_parameters.b", "logits: relative error")]
    public void Should_find_a_network_that_is_a_little_off(string path, string message)
    {
        using var folder = new FixtureFolder();
        folder.With("models.json", root =>
        {
            Only(root, "resnet8");
            Replace(root, path, n => n.GetValue<double>() * (1 + 1e-6));
        });
        Assert.Contains(folder.Single().Problems, p => p.StartsWith(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Should_name_the_weight_whose_shape_or_place_is_another()
    {
        using var folder = new FixtureFolder();
        folder.With("models.json", root => Replace(Only(root, "resnet8"), "cifar.resnet8.state_dict.fc.weight", _ => new JsonArray(64, 100), "fc.weight"));
        Assert.Contains("state_dict: fc.weight is stated as [64, 100]; the network's is [100, 64].", folder.Single().Problems);

        using var renamed = new FixtureFolder();
        renamed.WithText("m.json", File.ReadAllText(Path.Combine(FixtureFolder.Golden, "models.json")).Replace("layer1.0.bn1.running_mean", "layer1.0.bn1.mean", StringComparison.Ordinal));
        Assert.Contains(renamed.Run().Fixtures.Single(f => f.Name == "m.json: cifar.resnet8").Problems, p => p.Contains("entry 9 is stated as 'layer1.0.bn1.mean'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("runs.kd-adam.losses.4", "losses[4]: relative error")]
    [InlineData("runs.kd-adam.parameter_norm_after_each_step.0", "parameter_norm_after_each_step[0]: relative error")]
    [InlineData("runs.kd-adam.eval_logits_after.1.9", "eval_logits_after: relative error")]
    [InlineData("runs.kd-adam.bn1_running_mean.6", "bn1_running_mean: relative error")]
    [InlineData("kd.label_weight", "losses[0]: relative error")]
    [InlineData("optimizers.adam.lr", "losses[1]: relative error")]
    public void Should_find_training_that_is_a_little_off(string path, string message)
    {
        using var folder = new FixtureFolder();
        folder.With("trajectories.json", root =>
        {
            foreach (string other in root["runs"]!.AsObject().Select(r => r.Key).Where(k => k != "kd-adam").ToList())
            {
                root["runs"]!.AsObject().Remove(other);
            }

            Replace(root, path, n => n.GetValue<double>() * (1 + 1e-5));
        });
        Assert.Contains(folder.Single().Problems, p => p.StartsWith(message, StringComparison.Ordinal));
    }

    private static JsonObject Only(JsonObject root, string network)
    {
        root.Remove("imagenet");
        foreach (string other in root["cifar"]!.AsObject().Select(n => n.Key).Where(k => k != network).ToList())
        {
            root["cifar"]!.AsObject().Remove(other);
        }

        return root;
    }

    /// <summary>Replaces the value at a path of keys and positions; <paramref name="last"/> is a last key that holds dots itself.</summary>
    private static void Replace(JsonNode root, string path, Func<JsonNode, JsonNode> change, string? last = null)
    {
        string[] steps = Steps(last is null ? path : path[..^(last.Length + 1)]);
        JsonNode at = root;
        foreach (string step in last is null ? steps[..^1] : steps)
        {
            at = at is JsonArray list ? list[int.Parse(step)]! : at[step]!;
        }

        string key = last ?? steps[^1];
        if (at is JsonArray array)
        {
            array[int.Parse(key)] = change(array[int.Parse(key)]!);
        }
        else
        {
            at[key] = change(at[key]!);
        }
    }

    // Names of weights hold dots.
    private static string[] Steps(string path) =>
        [.. path.Replace("embed_t.linear.bias", "embed_t/linear/bias", StringComparison.Ordinal).Split('.').Select(s => s.Replace('/', '.'))];
}
