using DistillSharp.Cli.Tests.Support;

namespace DistillSharp.Cli.Tests;

/// <summary>Damaged files of a results folder are named, with what to do; none is used as if it were whole.</summary>
public sealed class DamageTests : IDisposable
{
    private const string OneTeacher = "[{ model: convnet, widths: [8, 16] }]";
    private readonly TinyStudy _study = new();

    public void Dispose() => _study.Dispose();

    [Theory]
    [InlineData("truncated")]
    [InlineData("a flipped bit in a weight")]
    [InlineData("a flipped bit in the header")]
    [InlineData("of another run")]
    [InlineData("empty")]
    public void Should_Refuse_A_Checkpoint_That_Is(string damage)
    {
        string file = _study.Write(analyses: "[]", epochs: 500, teachers: OneTeacher);
        using (DistillProcess process = DistillProcess.Start("study", "run", file, "-o", _study["results"], "--checkpoint-seconds", "0"))
        {
            Assert.True(process.WaitUntil(() => Checkpoints().Length > 0));
            process.Signal(15);
            process.Wait().Expect(ExitCodes.Stopped);
        }

        string path = Checkpoints().Single();
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, damage switch
        {
            "truncated" => bytes[..^100],
            "a flipped bit in a weight" => Flip(bytes, bytes.Length - 50),
            "a flipped bit in the header" => Flip(bytes, bytes.AsSpan().IndexOf("\"epoch\":\""u8) + 9),
            "of another run" => System.Text.Encoding.Latin1.GetBytes(System.Text.Encoding.Latin1.GetString(bytes).Replace("teacher-teacher-s100", "teacher-teacher-s101", StringComparison.Ordinal)),
            _ => [],
        });
        Ended ended = DistillProcess.Run("study", "run", file, "-o", _study["results"]).Expect(ExitCodes.BadInput);
        Assert.Contains(path, ended.Errors, StringComparison.Ordinal);
        Assert.Contains("Delete the file to train this run from the start", ended.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("teacher-teacher-s100", "model.safetensors", "truncated")]
    [InlineData("teacher-teacher-s100", "model.safetensors", "flipped")]
    [InlineData("teacher-teacher-s100", "model.safetensors", "gone")]
    [InlineData("teacher-teacher-s100", "run.json", "truncated")]
    [InlineData("independent-independent-s0", "run.json", "of another run")]
    [InlineData("independent-independent-s0", "evaluation.json", "truncated")]
    public void Should_Refuse_A_Finished_Run_Whose_File_Is_Damaged(string run, string name, string damage)
    {
        string first = _study.Write("first.yaml", analyses: "[]", methods: "[independent]", seeds: "[0]", epochs: 1, teachers: OneTeacher);
        string second = _study.Write("second.yaml", analyses: "[]", methods: "[independent, kl]", seeds: "[0]", epochs: 1, teachers: OneTeacher);
        DistillProcess.Run("study", "run", first, "-o", _study["results"]).Expect(ExitCodes.Done);
        string path = Path.Combine(_study.Run("results", run), name);
        byte[] bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "gone":
                File.Delete(path);
                break;
            case "truncated":
                File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
                break;
            case "flipped":
                File.WriteAllBytes(path, Flip(bytes, bytes.Length - 50));
                break;
            default:
                File.WriteAllText(path, File.ReadAllText(path).Replace("s0-", "s1-", StringComparison.Ordinal));
                break;
        }

        Ended ended = DistillProcess.Run("study", "run", second, "-o", _study["results"]).Expect(ExitCodes.BadInput);
        Assert.Contains(Path.GetDirectoryName(path)!, ended.Errors, StringComparison.Ordinal);
        Assert.Contains(name, ended.Errors, StringComparison.Ordinal);
        Assert.Contains("Delete the ", ended.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fidelity.test.csv")]
    [InlineData("fidelity.facts.csv")]
    public void Should_Refuse_Measurements_That_Are_Damaged(string name)
    {
        string file = _study.Write(analyses: "[fidelity]", methods: "[kl]", seeds: "[0]", epochs: 1, teachers: OneTeacher);
        DistillProcess.Run("study", "run", file, "-o", _study["results"]).Expect(ExitCodes.Done);
        string path = Directory.GetFiles(_study["results"], name, SearchOption.AllDirectories).Single();
        File.WriteAllText(path, "image,label,what\n1,2\n");
        Ended ended = DistillProcess.Run("study", "run", file, "-o", _study["results"]).Expect(ExitCodes.BadInput);
        Assert.Contains($"Delete the folder '{Path.GetDirectoryName(path)}' to measure again", ended.Errors, StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        DistillProcess.Run("study", "run", file, "-o", _study["results"]).Expect(ExitCodes.Done);
    }

    private static byte[] Flip(byte[] bytes, int at)
    {
        bytes[at] ^= 1;
        return bytes;
    }

    private string[] Checkpoints() => Directory.Exists(_study["results"])
        ? Directory.GetFiles(_study["results"], "checkpoint.safetensors", SearchOption.AllDirectories)
        : [];
}
