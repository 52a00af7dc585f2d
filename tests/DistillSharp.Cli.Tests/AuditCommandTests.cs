using System.Text.Json.Nodes;
using DistillSharp.Cli.Tests.Support;
using DistillSharp.Models;
using DistillSharp.Torch;
using DistillSharp.Weights;

namespace DistillSharp.Cli.Tests;

/// <summary><c>distill audit</c> as a process: on the models of a finished study, on files, on wrong input.</summary>
public sealed class AuditCommandTests(AuditCommandTests.FinishedStudy finished) : IClassFixture<AuditCommandTests.FinishedStudy>, IDisposable
{
    private static readonly string[] Asked =
        ["--analyses", "fidelity,localization,adversarial,representation,shape-bias", "--option", "localization.images=24", "adversarial.images=16", "representation.batch=6", "shape-bias.images=40"];

    private readonly TinyStudy _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void Should_Measure_What_The_Study_Measured()
    {
        string teacher = finished.Run("teacher-first-s100"), other = finished.Run("other-teacher-second-s200");
        string[] students = finished.Runs("student-kl");
        Ended ended = DistillProcess.Run(
        [
            "audit", "--teacher", teacher, "--student", .. students, "--independent", .. finished.Runs("independent-independent"),
            "--other-teacher", other, "--other-student", .. finished.Runs("cross-student-kl"), "--data", "idx", "--path", _study["data"], .. Asked, "-o", _study["audit"],
        ]).Expect(ExitCodes.Done);

        JsonNode study = Findings(finished.Results), audit = Findings(_study["audit"]);
        JsonNode[] of = [.. study["findings"]!.AsArray().Where(f => !f!["measure"]!.ToString().EndsWith("-train", StringComparison.Ordinal))!];
        Assert.True(of.Length >= 7);
        Assert.Contains(of, f => f["verdict"]!.ToString() != "not-applicable");
        Assert.Equal(of.Select(f => f.ToJsonString()), audit["findings"]!.AsArray().Select(f => f!.ToJsonString()));
        foreach (string table in new[] { "fidelity.test.csv", "localization.test.csv", "adversarial.test.csv", "adversarial.facts.csv", "representation.batches.csv", "shape-bias.cue-conflict.csv" })
        {
            Assert.Equal(Table(finished.Results, table), Table(_study["audit"], table));
        }

        string[] figures = ["role", "method", "seed", "architecture", "parameters", "testAccuracy", "testNll", "testEce"];
        string[] Models(JsonNode results) => [.. results["models"]!.AsArray().Select(m => string.Join(' ', figures.Select(f => m![f]!.ToJsonString()))).Order(StringComparer.Ordinal)];
        Assert.Equal(Models(study), Models(audit));
        Assert.Matches(@"independent students\s+3, paired with the", ended.Output);
        Results.Clean(_study["audit"]);

        // The same from its record, and shown and reported as a study is.
        DistillProcess.Run("audit", "--repeat", _study["audit"], "-o", _study["again"]).Expect(ExitCodes.Done);
        Assert.Equal(audit["findings"]!.ToJsonString(), Findings(_study["again"])["findings"]!.ToJsonString());
        Assert.Contains("Controls:", DistillProcess.Run("study", "show", _study["audit"]).Expect(ExitCodes.Done).Output);
        DistillProcess.Run("study", "report", _study["audit"]).Expect(ExitCodes.Done);
        Assert.Contains("## Controls", File.ReadAllText(Path.Combine(_study["audit"], "report.md")));

        // Runs know what they are, and whose.
        Ended swapped = DistillProcess.Run("audit", "--teacher", students[0], "--student", teacher, "--data", "idx", "--path", _study["data"]).Expect(ExitCodes.WrongRequest);
        Assert.Contains("--teacher: ", swapped.Errors);
        Assert.Contains("expected a teacher, found a run of the role 'student', which goes with --student", swapped.Errors);
        Assert.Contains("expected a distilled student, found a run of the role 'teacher'", swapped.Errors);
        Ended stranger = DistillProcess.Run("audit", "--teacher", other, "--student", students[0], "--data", "idx", "--path", _study["data"]).Expect(ExitCodes.WrongRequest);
        Assert.Contains("expected a student of the run 'other-teacher-second-s200", stranger.Errors);
        Ended into = DistillProcess.Run("audit", "--teacher", teacher, "--student", students[0], "--data", "idx", "--path", _study["data"], "-o", finished.Results).Expect(ExitCodes.WrongRequest);
        Assert.Contains("found the results of a study", into.Errors);
    }

    [Fact]
    public void Should_Show_Levels_Of_Three_Students_Without_A_Floor_And_Name_It()
    {
        string[] students = [.. finished.Runs("student-kl").Select((run, i) => Copy(run, $"student-{i}.safetensors"))];
        string teacher = Copy(finished.Run("teacher-first-s100"), "teacher.safetensors");

        Ended ended = DistillProcess.Run(
        [
            "audit", "--teacher", teacher, "--teacher-model", "convnet", "widths=8,16", "--student", .. students, "--student-model", "convnet", "widths=4,8",
            "--data", "idx", "--path", _study["data"], "--analyses", "fidelity,localization,adversarial", "-o", _study["audit"],
        ]).Expect(ExitCodes.Done);

        Assert.Matches(@"independent students\s+none \(--independent\)", ended.Output);
        Assert.Matches(@"seeds\s+3 students a method\s+-", ended.Output);
        JsonNode results = Findings(_study["audit"]);
        Assert.All(results["findings"]!.AsArray(), f => Assert.Equal("not-applicable", f!["verdict"]!.ToString()));
        JsonNode agreement = results["findings"]![0]!, studied = Findings(finished.Results)["findings"]![0]!;
        Assert.Equal("agreement-test", agreement["measure"]!.ToString());
        Assert.Equal(studied["student"]!["perSeed"]!.ToJsonString(), agreement["student"]!["perSeed"]!.ToJsonString());
        Assert.Null(agreement["effect"]);
        Assert.Contains("map-cosine", ended.Output);
        Assert.StartsWith("distill audit --teacher ", results["command"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("How close students are", File.ReadAllText(Path.Combine(_study["audit"], "report.html")));
    }

    [Fact]
    public void Should_Refuse_Wrong_Input_With_Its_Code_And_Write_Nothing()
    {
        string teacher = Write("t.pth", 1, "resnet14"), student = Write("s.pth", 2), text = _study["notes.pth"];
        File.WriteAllText(text, "These are no weights.");
        string classes = Write("classes.pth", 3, task: new ImageTask(1, 12, 12, 7));
        (int Code, string Message, string[] Arguments)[] trials =
        [
            (ExitCodes.BadInput, "--student: '" + _study["none.pth"] + "': expected a file of weights", ["--teacher", teacher, "--student", _study["none.pth"], "--data", "idx"]),
            (ExitCodes.BadInput, "notes.pth", ["--teacher", text, "--student", student, "--data", "idx"]),
            (ExitCodes.BadInput, "found a folder without it", ["--teacher", _study["data"], "--student", student, "--data", "idx"]),
            (ExitCodes.Mismatch, "expected logits of 4 classes, as the data have, found 7", ["--teacher", teacher, "--student", classes, "--data", "idx"]),
            (ExitCodes.WrongRequest, "--student is missing", ["--teacher", teacher, "--data", "idx"]),
            (ExitCodes.WrongRequest, "There is no analysis 'fidelitty'. Did you mean 'fidelity'?", ["--teacher", teacher, "--student", student, "--data", "idx", "--analyses", "fidelitty"]),
            (ExitCodes.WrongRequest, "There is no data set 'idy'. Did you mean 'idx'?", ["--teacher", teacher, "--student", student, "--data", "idy"]),
            (ExitCodes.WrongRequest, "There is no model 'resnet9'", ["--teacher", teacher, "--student", student, "--student-model", "resnet9", "--data", "idx"]),
            (ExitCodes.WrongRequest, "expected 1 means and 1 standard deviations", ["--teacher", teacher, "--student", student, "--data", "idx", "--mean", "0.5,0.5,0.5", "--std", "1,1,1"]),
            (ExitCodes.WrongRequest, "--teacher-mean takes numbers separated by commas", ["--teacher", teacher, "--student", student, "--data", "idx", "--teacher-mean", "half"]),
            (ExitCodes.WrongRequest, "'student' has 1, found 2", ["--teacher", teacher, "--student", student, "--independent", Write("i.pth", 5), Write("j.pth", 6), "--data", "idx"]),
        ];
        foreach ((int code, string message, string[] arguments) in trials)
        {
            Ended ended = DistillProcess.Run(["audit", .. arguments, "--path", _study["data"], "-o", _study["audit"]]).Expect(code);
            Assert.Contains(message, ended.Errors);
            Assert.False(Directory.Exists(_study["audit"]), message);
        }

        Ended damaged = DistillProcess.Run("audit", "--repeat", _study["none"]).Expect(ExitCodes.BadInput);
        Assert.Contains("expected the record of an audit", damaged.Errors);
    }

    [Fact]
    public void Should_Go_On_After_It_Was_Stopped()
    {
        string[] arguments = ["audit", "--teacher", Write("t.pth", 1, "resnet14"), "--student", Write("s.pth", 2), "--data", "idx", "--path", _study["data"], "--analyses", "fidelity,unseen-domains,decision-boundary", "--option", "decision-boundary.resolution=8", "-o", _study["audit"]];
        using (DistillProcess process = DistillProcess.Start(arguments))
        {
            Assert.True(process.WaitUntil(() => Directory.Exists(_study["audit"]) && Directory.GetFiles(_study["audit"], "complete", SearchOption.AllDirectories).Length > 0), "Nothing was measured.");
            process.Signal(2);
            Ended ended = process.Wait();
            Assert.True(ended.Code is ExitCodes.Stopped or ExitCodes.Done, ended.Errors);
        }

        Ended done = DistillProcess.Run(arguments).Expect(ExitCodes.Done);
        Assert.Contains("Fidelity: measured already.", done.Output);
        Results.Clean(_study["audit"]);
    }

    private string Write(string name, ulong seed, string model = "resnet8", ImageTask? task = null)
    {
        using var scope = new TensorScope();
        using ImageModel network = ModelZoo.Create(model, task ?? new ImageTask(1, 12, 12, 4), seed);
        WeightsFile.Write(_study[name], network.StateDict());
        return _study[name];
    }

    private string Copy(string run, string name)
    {
        File.Copy(Path.Combine(run, "model.safetensors"), _study[name]);
        return _study[name];
    }

    private static JsonNode Findings(string folder) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "findings.json")))!;

    private static string Table(string folder, string name) => File.ReadAllText(Directory.GetFiles(Path.Combine(folder, "measurements"), name, SearchOption.AllDirectories).Single());

    /// <summary>A finished study of two teachers and three seeds; its data are those of every <see cref="TinyStudy"/>.</summary>
    public sealed class FinishedStudy : IDisposable
    {
        private const string Teachers = "[{ name: first, model: convnet, widths: [8, 16], seed: 100 }, { name: second, model: convnet, widths: [8, 16], seed: 200, teaches: true }]";
        private const string Analyses = "[fidelity, { localization: { images: 24 } }, { adversarial: { images: 16 } }, { representation: { batch: 6 } }, { shape-bias: { images: 40 } }]";

        private readonly TinyStudy _study = new();

        public FinishedStudy() =>
            DistillProcess.Run("study", "run", _study.Write(methods: "[independent, kl]", analyses: Analyses, seeds: "[3, 5, 7]", epochs: 6, teachers: Teachers), "-o", Results).Expect(ExitCodes.Done);

        /// <summary>Its results folder.</summary>
        public string Results => _study["study"];

        /// <summary>The folder of one run.</summary>
        public string Run(string begin) => _study.Run("study", begin);

        /// <summary>The folders of a role and method, by seed.</summary>
        public string[] Runs(string begin) => [Run(begin + "-s3"), Run(begin + "-s5"), Run(begin + "-s7")];

        public void Dispose() => _study.Dispose();
    }
}
