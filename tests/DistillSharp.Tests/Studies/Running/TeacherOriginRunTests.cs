using System.Globalization;
using DistillSharp.Models;
using DistillSharp.Studies;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;
using DistillSharp.Training;

namespace DistillSharp.Tests.Studies.Running;

/// <summary>Teachers of every origin teach, and students learn on every kind of data, in whole small studies.</summary>
public sealed class TeacherOriginRunTests
{
    private const string Study = """
        study: tiny
        data: { name: idx, path: data, train: 64, validation: 16 }
        teachers: [{ model: convnet, widths: [6, 8], seed: 100TEACHER }]
        students: { model: convnet, widths: [4, 8], seeds: [0], data: DATA, methods: [independent, METHOD] }
        budget: { epochs: 2, batch-size: 16 }
        analyses: [fidelity]
        """;

    [Theory]
    [InlineData(", members: 2", "2 x convnet 6-8")]
    [InlineData(", generations: 1", "convnet 6-8")]
    [InlineData(", at-epoch: 1", "convnet 6-8")]
    [InlineData(", learns-from: { model: convnet, widths: [8, 8] }, method: hint", "convnet 6-8")]
    public void Should_Teach_And_Resume_Bit_Equal(string keys, string architecture)
    {
        using var bench = new StudyBench(Text(keys, "own", "kl"));
        StudyResults undisturbed = bench.Run(results: "undisturbed");
        Assert.Equal(architecture, undisturbed.Models.Single(m => m.Role == "teacher").Architecture);
        Assert.Equal(4, undisturbed.Findings.Count);
        long before = LiveTensors.Settled();
        Assert.Throws<TimeoutException>(() => bench.Run(new StudyObserver { FailAt = "Training 2 students" }));
        Assert.Equal(before, Tensor.LiveCount);
        Assert.Equal(StudyBench.WithoutTimes(undisturbed), StudyBench.WithoutTimes(bench.Run()));
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_Start_Students_Of_Every_Role_And_Seed_With_The_Teachers_Initial_Weights()
    {
        // Without a step: what is trained holds the weights that it began with, but for the statistics of the norms.
        const string Started = """
            study: tiny
            data: { name: idx, path: data, train: 64, validation: 16 }
            teachers: [{ model: convnet, widths: [4, 8], seed: 100 }, { model: convnet, widths: [4, 8], seed: 200, teaches: true }]
            students: { model: convnet, widths: [4, 8], seeds: [0, 1], start: teacher, methods: [independent, kl] }
            budget: { epochs: 1, batch-size: 16, optimizer: { name: sgd, learning-rate: 0 } }
            analyses: [fidelity]
            """;
        using var bench = new StudyBench(Started);
        StudyResults results = bench.Run();
        using var scope = new TensorScope();
        using SafeTensorsContent teacher = SafeTensors.Read(Path.Combine(bench.RunFolder("teacher-*"), TrainingRun.ModelFile));
        string[] students = [.. Directory.GetDirectories(Path.Combine(bench.Folder, "results", "runs")).Where(f => !Path.GetFileName(f).Contains("teacher", StringComparison.Ordinal))];
        Assert.Equal(6, students.Length);
        Assert.All(students, folder =>
        {
            Assert.True(IsSameStart(teacher, folder), folder);
            Assert.Contains("begins with the initial weights of seed 100", File.ReadAllText(Path.Combine(folder, RunRecord.FileName)), StringComparison.Ordinal);
        });
        Assert.False(IsSameStart(teacher, bench.RunFolder("other-teacher-*")));
        Assert.All(results.Findings, f => Assert.StartsWith("Same start: every student begins with the initial weights of the teacher 'teacher' (seed 100)", f.Notes[^1], StringComparison.Ordinal));

        bench.Write(Started.Replace("start: teacher, ", "", StringComparison.Ordinal));
        StudyResults fresh = bench.Run(results: "fresh");
        Assert.All(Directory.GetDirectories(Path.Combine(bench.Folder, "fresh", "runs"), "*independent-*"), folder => Assert.False(IsSameStart(teacher, folder)));
        Assert.DoesNotContain(fresh.Findings.SelectMany(f => f.Notes), n => n.StartsWith("Same start", StringComparison.Ordinal));

        static bool IsSameStart(SafeTensorsContent teacher, string folder)
        {
            using SafeTensorsContent student = SafeTensors.Read(Path.Combine(folder, TrainingRun.ModelFile));
            return teacher.Tensors.Where(t => !t.Key.Contains("running_", StringComparison.Ordinal)).All(t => t.Value.Equal(student.Tensors[t.Key]));
        }
    }

    [Fact]
    public void Should_Answer_With_The_Logarithm_Of_The_Members_Mean_Probability()
    {
        using var bench = new StudyBench(Text(", members: 2", "own", "kl"));
        bench.Run();
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        ImageModel[] members = [Load("ancestor-teacher-member-0-*"), Load("ancestor-teacher-member-1-*")];
        using var ensemble = new EnsembleModel([.. members]);
        using SafeTensorsContent written = SafeTensors.Read(Path.Combine(bench.RunFolder("teacher-teacher-*"), TrainingRun.ModelFile));
        Assert.Equal(ensemble.StateDict().Select(p => p.Key), written.Tensors.Select(t => t.Key));
        Assert.All(ensemble.StateDict(), p => Assert.True(p.Value.Equal(written.Tensors[p.Key])));

        Tensor images = (Operators.Arange(5 * 64, DType.Float32) * 0.7).Sin().View([5, 1, 8, 8]);
        ensemble.Eval();
        Tensor mean = (members[0].Call(images).Softmax(1) + members[1].Call(images).Softmax(1)) / 2;
        Closeness.AssertClose(mean, ensemble.Call(images).Softmax(1), 1e-5);

        ImageModel Load(string pattern)
        {
            ImageModel model = ModelZoo.Create("convnet", new ImageTask(1, 8, 8, 4), 0, new(ModelZoo.Get("convnet").Options, new Dictionary<string, object?> { ["widths"] = new long[] { 6, 8 } }));
            using SafeTensorsContent content = SafeTensors.Read(Path.Combine(bench.RunFolder(pattern), TrainingRun.ModelFile));
            model.LoadStateDict(content.Tensors);
            return model;
        }
    }

    [Fact]
    public void Should_Stop_An_Early_Teacher_Where_A_Longer_One_Stood()
    {
        using var bench = new StudyBench(Text(", at-epoch: 1", "own", "kl"));
        bench.Run();
        string early = File.ReadLines(Path.Combine(bench.RunFolder("teacher-teacher-*"), TrainingRun.MetricsFile)).Last();
        bench.Write(Text("", "own", "kl"));
        bench.Run(results: "whole");
        string whole = File.ReadLines(Path.Combine(Directory.GetDirectories(Path.Combine(bench.Folder, "whole", "runs"), "teacher-teacher-*").Single(), TrainingRun.MetricsFile)).ElementAt(1);
        Assert.Equal(whole, early);
    }

    [Fact]
    public void Should_Teach_From_A_File_With_Its_Own_Normalisation()
    {
        using var bench = new StudyBench(Text("", "own", "kl"));
        StudyResults trained = bench.Run();
        File.Copy(Path.Combine(bench.RunFolder("teacher-teacher-*"), TrainingRun.ModelFile), Path.Combine(bench.Folder, "mine.safetensors"));
        bench.Write(Text("", "own", "kl").Replace("seed: 100", "weights: mine.safetensors", StringComparison.Ordinal));
        StudyResults read = bench.Run(results: "read");
        Assert.Equal(trained.Models.Select(m => m.TestAccuracy), read.Models.Select(m => m.TestAccuracy));

        bench.Write(Text("", "own", "kl").Replace("seed: 100", "weights: mine.safetensors, mean: [0.9], std: [0.1]", StringComparison.Ordinal));
        StudyResults other = bench.Run(results: "other");
        Assert.NotEqual(trained.Models[0].TestNll, other.Models[0].TestNll);
        Assert.Equal(trained.Models.Single(m => m.Role == "independent").TestNll, other.Models.Single(m => m.Role == "independent").TestNll);
    }

    [Theory]
    [InlineData("mixup")]
    [InlineData("noise")]
    [InlineData("{ name: extra, images: 12 }")]
    [InlineData("{ name: other, set: idx, path: data }")]
    [InlineData("halves")]
    public void Should_Distil_On_Other_Data_And_Leave_The_Independent_Student_Labelled_Images(string data)
    {
        using var bench = new StudyBench(Text("", "own", "{ kl: { label-weight: 0 } }"));
        StudyResults own = bench.Run(results: "own");
        bench.Write(Text("", data, "{ kl: { label-weight: 0 } }"));
        long before = LiveTensors.Settled();
        StudyResults other = bench.Run();
        Assert.Equal(before, Tensor.LiveCount);
        Assert.NotEqual(Nll(own, "student"), Nll(other, "student"));
        Assert.Equal(data != "halves", Nll(own, "independent") == Nll(other, "independent"));

        double Nll(StudyResults results, string role) => results.Models.Single(m => m.Role == role).TestNll;
    }

    [Fact]
    public void Should_Train_On_The_Images_That_Are_Selected_And_Measure_On_The_Students_Own()
    {
        using var bench = new StudyBench(Text(", images: { domain: { a: 32 } }", "own", "kl").Replace("path: data,", "path: data, attributes: [domain],", StringComparison.Ordinal)
            .Replace("data: own,", "images: { domain: [b] },", StringComparison.Ordinal));
        WriteDomains("train", 100);
        WriteDomains("t10k", 40);
        File.WriteAllText(Path.Combine(bench.Folder, "data", "domain-names.txt"), "a\nb\n");
        StudyResults results = bench.Run();
        Assert.All(results.Models, m => Assert.InRange(m.SeenAccuracy!.Value, 0, 1));
        Assert.Contains(results.Models, m => m.SeenAccuracy != m.TestAccuracy);
        Assert.Equal(StudyBench.WithoutTimes(results), StudyBench.WithoutTimes(bench.Run()));
        string table = Directory.GetFiles(Path.Combine(bench.Folder, "results", "measurements"), "fidelity.train.csv", SearchOption.AllDirectories).Single();
        int[] images = [.. File.ReadLines(table).Skip(1).Select(l => int.Parse(l.Split(',')[0], CultureInfo.InvariantCulture))];
        Assert.InRange(images.Length, 17, 63);
        Assert.All(images, i => Assert.Equal(1, i % 2));

        void WriteDomains(string part, int count) =>
            File.WriteAllBytes(Path.Combine(bench.Folder, "data", $"{part}-domain-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, (byte)count, .. Enumerable.Range(0, count).Select(i => (byte)(i % 2))]);
    }

    [Fact]
    public void Should_Train_Students_Of_The_Second_Teacher_Beside_Those_Of_The_First()
    {
        using var bench = new StudyBench(Text(" }, { model: convnet, widths: [6, 8], seed: 200, augmentation: { flip: true }, teaches: true", "own", "kl"));
        StudyResults results = bench.Run();
        ModelResult own = results.Models.Single(m => m.Role == "student"), cross = results.Models.Single(m => m.Role == "cross-student");
        Assert.Equal((own.Method, own.Seed), (cross.Method, cross.Seed));
        Assert.NotEqual(own.TestNll, cross.TestNll);
    }

    [Fact]
    public void Should_Learn_By_Several_Methods_At_Once()
    {
        using var bench = new StudyBench(Text("", "own", "{ combine: { name: both, label-weight: 0.5, parts: [kl, { crd: { negatives: 8, dimension: 4 } }] } }"));
        bench.Run();
        string[] lines = File.ReadAllLines(Path.Combine(bench.RunFolder("student-both-*"), TrainingRun.MetricsFile));
        Assert.Equal("epoch,learning_rate,loss,loss_labels,loss_kl,loss_crd,train_accuracy,validation_loss,validation_accuracy", lines[0]);
        double[] last = Array.ConvertAll(lines[^1].Split(','), t => double.Parse(t, CultureInfo.InvariantCulture));
        Closeness.AssertClose((0.5 * last[3]) + (0.9 * last[4]) + (0.8 * last[5]), last[2], 1e-5);
    }

    private static string Text(string teacher, string data, string method) => Study
        .Replace("TEACHER", teacher, StringComparison.Ordinal)
        .Replace("DATA", data, StringComparison.Ordinal)
        .Replace("METHOD", method, StringComparison.Ordinal);
}
