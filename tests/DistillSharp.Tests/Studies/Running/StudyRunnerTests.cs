using System.Text.Json;
using System.Text.Json.Nodes;
using DistillSharp.Inheritance;
using DistillSharp.Studies;
using DistillSharp.Studies.Results;
using DistillSharp.Tests.Training;
using DistillSharp.Torch;
using DistillSharp.Training;

namespace DistillSharp.Tests.Studies.Running;

/// <summary>Whole studies in this process: what they give back, whatever ends them.</summary>
public sealed class StudyRunnerTests : IDisposable
{
    private readonly StudyBench _bench = new("""
        study: tiny
        data: { name: idx, path: data, validation: 20 }
        teachers: [{ model: convnet, widths: [8, 16], seed: 100 }, { model: convnet, widths: [8, 16], seed: 200 }]
        students: { model: convnet, widths: [4, 8], seeds: [0, 1], methods: [independent, kl, hint, crd] }
        budget: { epochs: 2, batch-size: 16 }
        analyses: [fidelity, { localization: { images: 16 } }]
        """);

    private string Folder => _bench.Folder;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Should_Give_All_Tensors_Back()
    {
        long before = LiveTensors.Settled();
        Run(new StudyObserver());
        Assert.Equal(before, Tensor.LiveCount);
        Run(new StudyObserver());
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_Give_All_Tensors_Back_And_Go_On_Wherever_It_Is_Stopped()
    {
        StudyResults undisturbed = Run(new StudyObserver(), "undisturbed");
        long before = LiveTensors.Settled();
        foreach (string at in new[] { "Training 2 teachers", "Training 8 students", "Measuring: Fidelity", "Measuring: Localization", "Weighing the evidence" })
        {
            // Thrown out of the observer: whatever the stage does is broken off as by any failure.
            Assert.Throws<TimeoutException>(() => Run(new StudyObserver { FailAt = at }));
            Assert.True(before == Tensor.LiveCount, $"{at}: {Tensor.LiveCount - before} tensors left.");
        }

        StudyResults resumed = Run(new StudyObserver());
        Assert.Equal(StudyBench.WithoutTimes(undisturbed), StudyBench.WithoutTimes(resumed));
    }

    [Fact]
    public void Should_Give_All_Tensors_Back_Where_A_Teacher_Is_Damaged()
    {
        Assert.Throws<TimeoutException>(() => Run(new StudyObserver { FailAt = "Training 8 students" }));
        string teacher = Directory.GetDirectories(Path.Combine(Folder, "results", "runs"), "teacher-*").Single();
        File.WriteAllBytes(Path.Combine(teacher, TrainingRun.ModelFile), [1, 2, 3]);
        long before = LiveTensors.Settled();
        Assert.Contains(teacher, Assert.Throws<InvalidDataException>(() => Run(new StudyObserver())).Message, StringComparison.Ordinal);
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Regression_Training_Images_Are_Named_By_Their_Index_In_The_Data_Set_And_Not_In_The_Split()
    {
        Run(new StudyObserver());

        string table = Directory.GetFiles(Path.Combine(Folder, "results", "measurements"), "fidelity.train.csv", SearchOption.AllDirectories).Single();
        int[] images = [.. File.ReadLines(table).Skip(1).Select(l => int.Parse(l.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(80, images.Distinct().Count());
        Assert.All(images, i => Assert.InRange(i, 0, 99));
        Assert.NotEqual(Enumerable.Range(0, 80), images.Order());
    }

    [Fact]
    public void Should_Share_Cores_By_The_Whole_Plan_So_That_A_Resumed_Study_Computes_Alike()
    {
        int cores = Environment.ProcessorCount;
        Assert.Equal((1, cores), (TrainerOptions.For(1).Workers, TrainerOptions.For(1).TorchThreads));
        Assert.Equal((cores, 1), (TrainerOptions.For(cores).Workers, TrainerOptions.For(cores).TorchThreads));
        Assert.Equal((cores, 1), (TrainerOptions.For(100).Workers, TrainerOptions.For(100).TorchThreads));

        // All but one student are finished; the last trains as it would have beside the others.
        Run(new StudyObserver());
        string last = Directory.GetDirectories(Path.Combine(Folder, "results", "runs"), "student-crd-s1-*").Single();
        string threads = Threads(last);
        byte[] weights = File.ReadAllBytes(Path.Combine(last, TrainingRun.ModelFile));
        Directory.Delete(last, recursive: true);
        Run(new StudyObserver());
        Assert.Equal(threads, Threads(last));
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(last, TrainingRun.ModelFile)));
    }

    [Fact]
    public void Should_Draw_The_Test_Images_From_Every_Class_Of_A_Sorted_Set()
    {
        SortTestImages();
        string file = Path.Combine(Folder, "study.yaml");
        File.WriteAllText(file, File.ReadAllText(file).Replace("validation: 20", "validation: 20, test: 12", StringComparison.Ordinal));

        Run(new StudyObserver());

        string table = Directory.GetFiles(Path.Combine(Folder, "results", "measurements"), "fidelity.test.csv", SearchOption.AllDirectories).Single();
        Assert.Equal(
            [("0", 3), ("1", 3), ("2", 3), ("3", 3)],
            File.ReadLines(table).Skip(1).Select(l => l.Split(',')[1]).GroupBy(l => l).Select(g => (g.Key, g.Count())).Order());
    }

    [Fact]
    public void Should_Not_Take_Figures_On_Other_Test_Images_For_Those_Of_This_Draw()
    {
        StudyResults first = Run(new StudyObserver());
        foreach (string path in Directory.GetFiles(Path.Combine(Folder, "results", "runs"), "evaluation.json", SearchOption.AllDirectories))
        {
            // As written before images were drawn: as many of them, and no word of which.
            JsonObject kept = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            Assert.True(kept.Remove("testDraw"));
            kept["testAccuracy"] = -1;
            File.WriteAllText(path, kept.ToJsonString());
        }

        Assert.Equal(first.Models.Select(m => m.TestAccuracy), Run(new StudyObserver()).Models.Select(m => m.TestAccuracy));
    }

    [Fact]
    public void Should_Keep_Several_Analyses_Of_One_Kind_Apart()
    {
        string file = Path.Combine(Folder, "study.yaml");
        StudyResults one = Run(new StudyObserver());
        File.WriteAllText(file, File.ReadAllText(file).Replace("{ localization: { images: 16 } }", "{ localization: { images: 16 } }, { localization: { name: plus, map: grad-cam++, images: 16 } }", StringComparison.Ordinal));
        var observer = new StudyObserver();

        StudyResults both = Run(observer);

        // What was there stays, bit for bit, and is not measured again.
        Assert.Contains("Localization: measured already.", observer.Notes);
        Assert.Equal(
            StudyBench.WithoutTimes(one),
            StudyBench.WithoutTimes(both with { Findings = [.. both.Findings.Where(f => f.Label is null)], Pictures = [.. both.Pictures.Where(p => p.Label is null)] }));
        Assert.DoesNotContain("\"label\": null", StudyBench.WithoutTimes(one), StringComparison.Ordinal);
        Assert.Equal(3, both.Findings.Count(f => f is { Analysis: "localization", Label: "plus" }));
        string path = Assert.Single(both.Pictures, p => p.Label == "plus").Rows[0].Cells[0].Path;
        Assert.Matches(@"\Apictures/localization-plus-[0-9a-f]{12}/", path);
        Assert.Single(Directory.GetDirectories(Path.Combine(Folder, "results", "measurements"), "localization-plus-*"));
        Assert.All(both.Findings.Where(f => f.Label == "plus"), f => Assert.Contains(f.Notes, n => n.Contains("Grad-CAM++", StringComparison.Ordinal)));
    }

    [Fact]
    public void Should_Say_In_Every_Finding_With_The_Control_That_The_Teachers_Are_Unequal()
    {
        Run(new StudyObserver());
        string other = Directory.GetDirectories(Path.Combine(Folder, "results", "runs"), "other-teacher-*").Single();
        string path = Path.Combine(other, "evaluation.json");
        JsonObject kept = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        kept["testAccuracy"] = 0;
        File.WriteAllText(path, kept.ToJsonString());

        List<Finding> controlled = Run(new StudyObserver()).Findings.Where(f => f.OwnMinusOther is not null).ToList();

        Assert.NotEmpty(controlled);
        Assert.All(controlled, f => Assert.Contains("Control unequal: the teacher has ", f.Reason, StringComparison.Ordinal));
        Assert.All(controlled, f => Assert.Contains(f.Notes, n => n.Contains("the other teacher 0.0 %", StringComparison.Ordinal)));
        Assert.All(controlled, f => Assert.True(f.Preliminary));
    }

    private void SortTestImages()
    {
        string images = Path.Combine(Folder, "data", "t10k-images-idx3-ubyte"), labels = Path.Combine(Folder, "data", "t10k-labels-idx1-ubyte");
        byte[] pixels = File.ReadAllBytes(images), classes = File.ReadAllBytes(labels);
        (byte[] Pixels, byte Class)[] sorted = [.. pixels[16..].Chunk(LearnableImages.Size * LearnableImages.Size).Zip(classes[8..]).OrderBy(i => i.Second)];
        File.WriteAllBytes(images, [.. pixels[..16], .. sorted.SelectMany(i => i.Pixels)]);
        File.WriteAllBytes(labels, [.. classes[..8], .. sorted.Select(i => i.Class)]);
    }

    private static string Threads(string run) => File.ReadLines(Path.Combine(run, RunRecord.FileName)).Single(l => l.Contains("libtorchThreads", StringComparison.Ordinal));

    private StudyResults Run(StudyObserver observer, string results = "results") => _bench.Run(observer, results);
}
