using DistillSharp.Cli.Tests.Support;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Cli.Tests;

/// <summary>What goes wrong while a study runs is named, and leaves nothing broken behind.</summary>
public sealed class FailureTests
{
    private const string OneTeacher = "[{ model: convnet, widths: [8, 16] }]";

    [Fact]
    public void Should_Stop_With_4_Where_A_Loss_Is_Not_Finite()
    {
        using var study = new TinyStudy();
        string file = study.Write(rate: "100", epochs: 5, analyses: "[]", teachers: OneTeacher);
        Ended ended = DistillProcess.Run("study", "run", file, "-o", study["results"], "--checkpoint-seconds", "0").Expect(ExitCodes.Diverged);
        Assert.Matches(@"teacher: .*(loss term 'labels' is|weights '\S+' became).* in epoch \d, batch \d\. ", ended.Errors);
        Assert.Empty(Directory.GetFiles(study["results"], "model.safetensors", SearchOption.AllDirectories));
        foreach (string checkpoint in Directory.GetFiles(study["results"], "checkpoint.safetensors", SearchOption.AllDirectories))
        {
            using SafeTensorsContent content = SafeTensors.Read(checkpoint);
            Assert.All(content.Tensors, t => Assert.True(t.Value.DType != DType.Float32 || t.Value.ToArray<float>().All(float.IsFinite), t.Key));
        }
    }

    [Fact]
    public void Should_Keep_The_Old_Checkpoint_And_Stop_With_6_Where_Files_Cannot_Grow()
    {
        using var study = new TinyStudy();
        string file = study.Write(analyses: "[]", epochs: 3, methods: "[independent]", seeds: "[0]", teachers: "[{ model: convnet, widths: [64, 128] }]");

        // A limit on the size of files (in KiB) stands for a full disk: a write fails half-way in both. It needs no privileges.
        // SIGXFSZ is ignored, so that the write returns an error as a full disk's does; the just-in-time compiler's own large file is turned off.
        using DistillProcess process = DistillProcess.StartFrom(
            "trap '' XFSZ; ulimit -f 400; DOTNET_EnableWriteXorExecute=0 exec \"$@\"", "study", "run", file, "-o", study["results"], "--checkpoint-seconds", "0");
        Ended ended = process.Wait().Expect(ExitCodes.CannotWrite);
        Assert.Contains("checkpoint.safetensors", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("could not be written", ended.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(study["results"], AtomicFile.TemporaryPrefix + "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }));
        DistillProcess.Run("study", "run", file, "-o", study["results"]).Expect(ExitCodes.Done);
    }

    [Fact]
    public void Should_Keep_The_Old_Checkpoint_On_A_Full_Disk()
    {
        using var study = new TinyStudy();
        string mount = study["mount"];
        Directory.CreateDirectory(mount);
        Assert.SkipUnless(Shell($"mount -t tmpfs -o size=640k none '{mount}'"), "A full disk needs a file system of its own, and mounting one needs privileges. The limit on file sizes covers the same path.");
        try
        {
            string file = study.Write(analyses: "[]", epochs: 30, teachers: OneTeacher, methods: AllWide);
            string results = Path.Combine(mount, "results");
            using DistillProcess process = DistillProcess.Start("study", "run", file, "-o", results, "--checkpoint-seconds", "0");
            Assert.True(process.WaitUntil(() => Directory.Exists(results) && Directory.GetFiles(results, "checkpoint.safetensors", SearchOption.AllDirectories).Length > 0));
            string filler = Path.Combine(mount, "filler");
            Shell($"head -c 10000000 /dev/zero > '{filler}'");
            Ended ended = process.Wait().Expect(ExitCodes.CannotWrite);
            Assert.Contains("disk is full", ended.Errors, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(results, AtomicFile.TemporaryPrefix + "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }));
            File.Delete(filler);
            foreach (string checkpoint in Directory.GetFiles(results, "checkpoint.safetensors", SearchOption.AllDirectories))
            {
                SafeTensors.ReadHeader(checkpoint);
            }
        }
        finally
        {
            Shell($"umount '{mount}'");
        }
    }

    [Fact]
    public void Should_Stop_With_5_Where_Another_Process_Works_In_The_Folder()
    {
        using var study = new TinyStudy();
        string file = study.Write(analyses: "[]", epochs: 2000);
        using DistillProcess first = DistillProcess.Start("study", "run", file, "-o", study["results"]);
        Assert.True(first.WaitUntil(() => File.Exists(Path.Combine(study["results"], "environment.json"))));
        Ended second = DistillProcess.Run("study", "run", file, "-o", study["results"]).Expect(ExitCodes.InUse);
        Assert.Contains(study["results"], second.Errors, StringComparison.Ordinal);
        Assert.Contains($"process {first.Id} ", second.Errors, StringComparison.Ordinal);
        Assert.False(first.HasExited);
    }

    private const string AllWide = "[independent, { crd: { negatives: 32, dimension: 16 } }]";

    private static bool Shell(string line)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", line]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
