using System.Text.Json.Nodes;
using DistillSharp.Conformance;

namespace DistillSharp.Tests.Conformance;

/// <summary>Files that are not what the format says: each is named with its defect, and the others are checked all the same.</summary>
public class BrokenFixtureTests
{
    public static TheoryData<string, string, string> Files()
    {
        string kd = File.ReadAllText(Path.Combine(FixtureFolder.Golden, "losses", "kd.json"));
        string Change(Action<JsonObject> change)
        {
            JsonObject root = JsonNode.Parse(kd)!.AsObject();
            change(root);
            return root.ToJsonString();
        }

        return new()
        {
            { "cut off", kd[..(kd.Length / 2)], "not well-formed JSON" },
            { "empty", "", "not well-formed JSON" },
            { "NaN", kd.Replace("5.056345868530659", "NaN", StringComparison.Ordinal), "not well-formed JSON" },
            { "infinite", kd.Replace("5.056345868530659", "1e999", StringComparison.Ordinal), "expected.loss: a finite number was expected, found 1e999." },
            { "twice", "{\"format\": 1, \"format\": 1}", "not well-formed JSON" },
            { "list", "[1]", "an object was expected at the top, found [1]." },
            { "text", Change(r => r["expected"]!["loss"] = "5"), "expected.loss: a number was expected, found the text '5'." },
            { "format", Change(r => r["format"] = 2), "format: version 1 was expected, found 2." },
            { "no format", Change(r => r.Remove("format")), "the key 'format' is missing." },
            { "no kind", Change(r => r.Remove("kind")), "the key 'kind' is missing." },
            { "kind", Change(r => r["kind"] = "lost"), "kind: There is no kind of fixture 'lost'. Did you mean 'loss'?" },
            { "method", Change(r => r["method"] = "dkdd"), "method: There is no loss 'dkdd'. Did you mean 'dkd'" },
            { "no inputs", Change(r => r.Remove("inputs")), "the key 'inputs' is missing." },
            { "no teacher", Change(r => r["inputs"]!.AsObject().Remove("teacher_logits")), "inputs: the key 'teacher_logits' is missing." },
            { "no temperature", Change(r => r["hyperparameters"]!.AsObject().Remove("temperature")), "hyperparameters: the key 'temperature' is missing." },
            { "temperature", Change(r => r["hyperparameters"]!["temperature"] = 0), "hyperparameters.temperature: a number above 0 was expected, found 0." },
            { "hyperparameter", Change(r => r["hyperparameters"]!["alpha"] = 1), "hyperparameters.alpha: the format has no such key here; known are temperature." },
            { "quantity", Change(r => r["expected"]!["entropy"] = 1), "expected.entropy: the format has no such key here; known are gradients, loss, parts." },
            { "nothing", Change(r => r["expected"] = new JsonObject()), "the fixture states nothing to compare." },
            { "gradient of nothing", Change(r => r["expected"]!["gradients"]!["student"] = 1), "expected.gradients.student: There is no input 'student'." },
            { "gradient transposed", Change(r => r["expected"]!["gradients"]!["student_logits"]!["shape"] = new JsonArray(10, 8)), "gradient student_logits: the shape [10, 8] is stated, [8, 10] was computed." },
            { "input transposed", Change(r => r["inputs"]!["teacher_logits"]!["shape"] = new JsonArray(10, 8)), "have one shape, found [8, 10] and [10, 8]." },
            { "too few", Change(r => r["inputs"]!["teacher_logits"]!["shape"] = new JsonArray(8, 11)), "inputs.teacher_logits.data: 88 numbers were expected for the shape [8, 11], found 80." },
            { "huge", Change(r => r["inputs"]!["teacher_logits"]!["shape"] = new JsonArray(2000000000, 2000000000, 2000000000)), "inputs.teacher_logits.shape: a shape of at most 268435456 elements was expected" },
            { "negative", Change(r => r["inputs"]!["teacher_logits"]!["shape"] = new JsonArray(-8, -10)), "inputs.teacher_logits.shape[0]: a whole number from 0" },
            { "null", Change(r => r["inputs"]!["teacher_logits"]!["data"]![7] = null), "inputs.teacher_logits.data[7]: a number was expected, found null." },
        };
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Should_name_the_file_and_its_defect_and_go_on(string name, string content, string message)
    {
        using var folder = new FixtureFolder();
        folder.WithText("broken.json", content).With("losses/hint.json", _ => { }, "deep/below/hint.json");
        ConformanceReport report = folder.Run();
        FixtureResult broken = report.Fixtures.Single(f => f.Name == "broken.json");
        Assert.Equal(FixtureStatus.Failed, broken.Status);
        Assert.True(broken.Problems.Any(p => p.Contains(message, StringComparison.Ordinal)), $"{name}: {string.Join(" | ", broken.Problems)}");
        Assert.Equal(FixtureStatus.Passed, report.Fixtures.Single(f => f.Name == "deep/below/hint.json").Status);
    }

    [Fact]
    public void Should_fail_only_the_network_and_the_run_that_are_unknown()
    {
        using var folder = new FixtureFolder();
        folder.With("models.json", root =>
        {
            JsonNode known = root["cifar"]!["resnet8"]!.DeepClone();
            root.Remove("imagenet");
            root["cifar"] = new JsonObject { ["resnet9"] = known.DeepClone(), ["resnet8"] = known, ["wrn_16_1"] = known.DeepClone() };
        }).With("trajectories.json", root =>
        {
            JsonNode run = root["runs"]!["ce-sgd"]!.DeepClone();
            root["runs"] = new JsonObject { ["ce-sgd"] = run, ["ce-lion"] = run.DeepClone(), ["mse-sgd"] = run.DeepClone(), ["ce-rmsprop"] = run.DeepClone() };
            root["optimizers"]!["rmsprop"] = new JsonObject { ["lr"] = 0.1 };
        });
        IReadOnlyList<FixtureResult> results = folder.Run().Fixtures;
        Assert.Equal(FixtureStatus.Passed, results.Single(f => f.Name == "models.json: cifar.resnet8").Status);
        Assert.Contains("There is no network 'resnet9'. Did you mean 'resnet8'", Assert.Single(results.Single(f => f.Name == "models.json: cifar.resnet9").Problems));
        Assert.Equal(FixtureStatus.Passed, results.Single(f => f.Name == "trajectories.json: ce-sgd").Status);
        Assert.Contains("There is no optimiser 'lion'", Assert.Single(results.Single(f => f.Name == "trajectories.json: ce-lion").Problems));
        Assert.Contains("a run is named after its loss", Assert.Single(results.Single(f => f.Name == "trajectories.json: mse-sgd").Problems));
        Assert.Contains("begins with sgd, nesterov, adam or adamw, not 'rmsprop'", Assert.Single(results.Single(f => f.Name == "trajectories.json: ce-rmsprop").Problems));
    }

    [Fact]
    public void Should_name_indices_labels_and_dimensions_that_do_not_fit()
    {
        using var folder = new FixtureFolder();
        folder.With("losses/crd.json", r => r["calls"]![0]!["negatives"]!["data"]![3] = 40, "index.json")
            .With("losses/crd.json", r => r["hyperparameters"]!["feature_dim"] = 9, "dimension.json")
            .With("losses/crd.json", r => r["calls"]![1]!["expected"]!["accuracy"] = 1, "quantity.json")
            .With("analysis.json", r => Keep(r, "grad_cam")["labels"]![1] = 10, "labels.json")
            .With("analysis.json", r => Keep(r, "grad_cam")["grad_cam"]!["layer"] = "layer4 (the last)", "layer.json")
            .With("analysis.json", r => Keep(r, "grad_cam")["grad_cam"]!["cosine"]![1] = 0.5, "cosine.json")
            .With("analysis.json", r => Keep(r, "predictions")["predictions"]!["student_ece_0"] = 0.5, "bins.json");
        Dictionary<string, string> problems = folder.Run().Fixtures.ToDictionary(f => f.Name.Split(':')[0], f => string.Join(" | ", f.Problems));
        Assert.Contains("calls[0].negatives: whole numbers from 0 to 39 were expected (dataset_size), found 40.", problems["index.json"]);
        Assert.Contains("banks_before.memory_v1: the shape [40, 9] was expected (dataset_size by feature_dim), found [40, 8].", problems["dimension.json"]);
        Assert.Contains("calls[1].expected.accuracy: the format has no such quantity.", problems["quantity.json"]);
        Assert.Contains("labels: whole numbers from 0 to 9 were expected (classes), found 10.", problems["labels.json"]);
        Assert.Contains("There is no layer 'layer4'. Did you mean 'layer1'", problems["layer.json"]);
        Assert.Contains("cosine[1]: 0.5 is stated, NaN was computed", problems["cosine.json"]);
        Assert.Contains("predictions.student_ece_0: the format has no such quantity.", problems["bins.json"]);
    }

    [Fact]
    public void Should_fail_what_is_not_implemented_only_when_all_are_wanted()
    {
        // Made by hand: every network that the format knows is implemented.
        using var folder = new FixtureFolder();
        ConformanceReport passed = folder.With("losses/kd.json", _ => { }).Run();
        Assert.True(passed.Conforms(all: true));
        var missing = new FixtureResult("later.json", FixtureStatus.NotImplemented, [], ["not implemented yet: another loss"], TimeSpan.Zero);
        ConformanceReport report = passed with { Fixtures = [.. passed.Fixtures, missing] };
        Assert.Equal(1, report.Count(FixtureStatus.NotImplemented));
        Assert.True(report.Conforms(all: false));
        Assert.False(report.Conforms(all: true));
    }

    [Fact]
    public void Should_refuse_a_folder_without_fixtures()
    {
        using var folder = new FixtureFolder();
        Assert.Contains("there is no .json file", Assert.Throws<InvalidDataException>(() => folder.Run()).Message);
        folder.WithText("package.json", "{}");
        Assert.Contains("no .json file in it or below states", Assert.Throws<InvalidDataException>(() => folder.Run()).Message);
        Assert.Throws<DirectoryNotFoundException>(() => ConformanceRunner.Run(Path.Combine(folder.Path, "none")));
    }

    private static JsonObject Keep(JsonObject root, string section)
    {
        foreach (string other in new[] { "grad_cam", "iterative_fgsm", "predictions", "cka" }.Where(s => s != section))
        {
            root.Remove(other);
        }

        return root;
    }
}
