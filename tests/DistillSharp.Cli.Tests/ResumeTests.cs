using DistillSharp.Cli.Tests.Support;

namespace DistillSharp.Cli.Tests;

/// <summary>A study that is killed or stopped at any moment ends as one that was left alone.</summary>
public sealed class ResumeTests
{
    private const int Interrupt = 2;
    private const int Terminate = 15;
    private const int Kill = 9;

    [Fact]
    public void Should_End_Bit_Equal_After_Kills_At_Random_Moments()
    {
        using var study = new TinyStudy();
        string file = study.Write();
        DistillProcess.Run("study", "run", file, "-o", study["undisturbed"]).Expect(ExitCodes.Done);

        // The seed is fixed, the moments are not: processes start and train at their own pace.
        var random = new Random(1);
        int kills = 0;
        for (int attempt = 0; attempt < 14; attempt++)
        {
            using DistillProcess process = DistillProcess.Start("study", "run", file, "-o", study["killed"], "--checkpoint-seconds", "0");
            bool began = process.WaitUntil(() => File.Exists(Path.Combine(study["killed"], "study.resolved.yaml")) && Owner(study["killed"]) == process.Id);
            Assert.True(began);
            Thread.Sleep(random.Next(900));
            if (process.HasExited)
            {
                break;
            }

            process.Signal(Kill);
            process.Wait();
            kills++;
        }

        Assert.InRange(kills, 3, 14);
        DistillProcess.Run("study", "run", file, "-o", study["killed"]).Expect(ExitCodes.Done);
        Results.Same(study["undisturbed"], study["killed"]);
        Results.Clean(study["killed"]);
    }

    [Theory]
    [InlineData("teacher-teacher-s100")]
    [InlineData("student-crd-s1")]
    public void Should_End_Bit_Equal_After_Kills_While_Checkpoints_Are_Written(string run)
    {
        using var study = new TinyStudy();
        string file = study.Write(analyses: "[]");
        DistillProcess.Run("study", "run", file, "-o", study["undisturbed"]).Expect(ExitCodes.Done);
        string name = Path.GetFileName(study.Run("undisturbed", run));
        string checkpoint = Path.Combine(study["killed"], "runs", name, "checkpoint.safetensors");
        for (int attempt = 0; attempt < 3; attempt++)
        {
            // Every step writes all runs' checkpoints, one after the other: the kill falls between two of them, or into one.
            DateTime before = File.GetLastWriteTimeUtc(checkpoint);
            using DistillProcess process = DistillProcess.Start("study", "run", file, "-o", study["killed"], "--checkpoint-seconds", "0");
            Assert.True(process.WaitUntil(() => File.Exists(checkpoint) && File.GetLastWriteTimeUtc(checkpoint) != before), "No new checkpoint was written.");
            process.Signal(Kill);
            process.Wait();
        }

        DistillProcess.Run("study", "run", file, "-o", study["killed"]).Expect(ExitCodes.Done);
        Results.SameRuns(study["undisturbed"], study["killed"]);
        Results.Clean(study["killed"]);
    }

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public void Should_Save_Stop_With_130_And_Go_On(int signal)
    {
        using var study = new TinyStudy();
        string file = study.Write(analyses: "[]", epochs: 8, methods: "[independent, { crd: { negatives: 32 } }]");
        using (DistillProcess process = DistillProcess.Start("study", "run", file, "-o", study["stopped"], "--checkpoint-seconds", "0"))
        {
            Assert.True(process.WaitUntil(() => Directory.Exists(study["stopped"]) && Directory.GetFiles(study["stopped"], "checkpoint.safetensors", SearchOption.AllDirectories).Length == 4), "Training students did not begin.");
            process.Signal(signal);
            Ended ended = process.Wait().Expect(ExitCodes.Stopped);
            Assert.Contains("saved", ended.Errors, StringComparison.Ordinal);
        }

        string[] saved = Directory.GetFiles(study["stopped"], "checkpoint.safetensors", SearchOption.AllDirectories);
        Assert.Equal(4, saved.Length);
        Ended resumed = DistillProcess.Run("study", "run", file, "-o", study["stopped"]).Expect(ExitCodes.Done);
        Assert.Contains("4 runs go on from a checkpoint", resumed.Output, StringComparison.Ordinal);
        Results.Clean(study["stopped"]);
        DistillProcess.Run("study", "run", file, "-o", study["undisturbed"]).Expect(ExitCodes.Done);
        Results.SameRuns(study["undisturbed"], study["stopped"]);
    }

    [Fact]
    public void Should_Remove_What_A_Killed_Process_Left()
    {
        using var study = new TinyStudy();
        string file = study.Write(analyses: "[]", methods: "[independent]", seeds: "[0]", epochs: 1);
        DistillProcess.Run("study", "run", file, "-o", study["results"]).Expect(ExitCodes.Done);
        string run = study.Run("results", "independent-independent-s0");
        File.WriteAllText(Path.Combine(run, ".distillsharp-tmp-left"), "half");
        File.WriteAllText(Path.Combine(run, "checkpoint.safetensors"), "of a finished run");
        DistillProcess.Run("study", "run", file, "-o", study["results"]).Expect(ExitCodes.Done);
        Results.Clean(study["results"]);
    }

    private static int Owner(string folder)
    {
        string owner = Path.Combine(folder, "owner");
        string[] words = File.Exists(owner) ? File.ReadAllText(owner).Split(' ') : [];
        return words.Length > 1 ? int.Parse(words[1]) : 0;
    }
}
