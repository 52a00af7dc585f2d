using DistillSharp.Studies;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Tests.Studies.Running;

/// <summary>One owner at a time, and nothing left of those that were killed.</summary>
public sealed class ResultsFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("distillsharp-results-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Should_Have_One_Owner_At_A_Time_And_Name_It()
    {
        using (ResultsFolder.Open(_folder))
        {
            ResultsInUseException refused = Assert.Throws<ResultsInUseException>(() => ResultsFolder.Open(_folder));
            Assert.Equal(_folder, refused.Folder);
            Assert.Contains($"process {Environment.ProcessId} since ", refused.Message, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(Path.Combine(_folder, "owner")));
        ResultsFolder.Open(_folder).Dispose();
    }

    [Fact]
    public void Should_Remove_Temporary_Files_At_Any_Depth_And_Nothing_Else()
    {
        string run = Directory.CreateDirectory(Path.Combine(_folder, "runs", "a")).FullName;
        File.WriteAllText(Path.Combine(run, AtomicFile.TemporaryPrefix + "1"), "half");
        File.WriteAllText(Path.Combine(_folder, AtomicFile.TemporaryPrefix + "2"), "half");
        File.WriteAllText(Path.Combine(run, "notes.txt"), "mine");
        ResultsFolder.Open(_folder).Dispose();
        Assert.Equal(["notes.txt"], Directory.GetFiles(run).Select(Path.GetFileName));
        Assert.Equal(["lock"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Should_Refuse_A_File_In_The_Folders_Place()
    {
        string file = Path.Combine(_folder, "results");
        File.WriteAllText(file, "");
        Assert.Contains("found a file", Assert.Throws<IOException>(() => ResultsFolder.Open(file)).Message, StringComparison.Ordinal);
    }
}
