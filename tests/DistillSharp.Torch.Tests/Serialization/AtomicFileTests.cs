using System.Diagnostics;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Torch.Tests.Serialization;

public sealed class AtomicFileTests : IDisposable
{
    private const int NoSpace = 28;

    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File("result.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Should_write_a_new_file_and_leave_nothing_else()
    {
        AtomicFile.WriteAllText(Target, "größer");
        Assert.Equal("größer", File.ReadAllText(Target));
        Assert.NotEqual(0xEF, File.ReadAllBytes(Target)[0]);
        Assert.Equal(["result.json"], _folder.Names());
    }

    [Fact]
    public void Should_replace_a_file_and_keep_its_permissions()
    {
        File.WriteAllText(Target, "old, and longer than the new");
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        SetMode(Target, Mode);
        AtomicFile.WriteAllBytes(Target, new byte[] { 1, 2, 3 });
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Target));
        Assert.Equal(Mode, GetMode(Target));
        Assert.Equal(["result.json"], _folder.Names());
    }

    [Fact]
    public void Should_keep_the_old_file_when_the_writer_throws()
    {
        File.WriteAllText(Target, "old");
        Assert.Throws<FormatException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.Write(new byte[1 << 20]);
            throw new FormatException("the caller's own");
        }));
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal(["result.json"], _folder.Names());
    }

    [Fact]
    public void Should_say_that_the_disk_is_full_and_keep_the_old_file()
    {
        File.WriteAllText(Target, "old");
        var error = Assert.Throws<IOException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new IOException("No space left on device", NoSpace);
        }));
        Assert.Matches("result.json' could not be written: the disk is full \\([0-9]+ bytes free\\). Make room", error.Message);
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal(["result.json"], _folder.Names());
    }

    [Fact]
    public void Should_keep_the_old_file_on_a_disk_that_really_is_full()
    {
        string mount = Directory.CreateDirectory(_folder.File("small")).FullName;
        if (!Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", mount))
        {
            Assert.Skip("Only root can mount a small file system; the test above covers the same path for everyone.");
        }

        try
        {
            string file = Path.Combine(mount, "weights");
            AtomicFile.WriteAllText(file, "old");
            var error = Assert.Throws<IOException>(() => AtomicFile.WriteAllBytes(file, new byte[1 << 20]));
            Assert.Contains("the disk is full", error.Message);
            Assert.Equal("old", File.ReadAllText(file));
            Assert.Single(Directory.GetFileSystemEntries(mount));
        }
        finally
        {
            Run("umount", mount);
        }
    }

    [Fact]
    public void Should_accept_a_writer_that_closes_the_stream()
    {
        AtomicFile.Write(Target, stream =>
        {
            using var writer = new StreamWriter(stream);
            writer.Write("closed");
        });
        Assert.Equal("closed", File.ReadAllText(Target));
    }

    [Fact]
    public void Should_write_through_a_link_to_the_file_it_names()
    {
        string real = _folder.File("real.json");
        File.WriteAllText(real, "old");
        File.CreateSymbolicLink(Target, real);
        AtomicFile.WriteAllText(Target, "new");
        Assert.Equal("new", File.ReadAllText(real));
        Assert.NotNull(new FileInfo(Target).LinkTarget);
    }

    [Fact]
    public void Should_name_the_folder_that_is_missing()
    {
        string path = _folder.File("none/result.json");
        var error = Assert.ThrowsAny<IOException>(() => AtomicFile.WriteAllText(path, "x"));
        Assert.Contains($"'{path}' could not be written", error.Message);
        Assert.Contains("does not exist. Make it first.", error.Message);
    }

    [Fact]
    public void Should_refuse_a_folder_of_the_same_name()
    {
        Directory.CreateDirectory(Target);
        var error = Assert.ThrowsAny<IOException>(() => AtomicFile.WriteAllText(Target, "x"));
        Assert.Contains("there is a folder of this name", error.Message);
        Assert.Equal(["result.json"], _folder.Names());
    }

    [Fact]
    public async Task Should_let_readers_see_the_old_or_the_new_file_and_nothing_between()
    {
        string[] contents = [new string('a', 200_000), new string('b', 300_000)];
        AtomicFile.WriteAllText(Target, contents[0]);
        using var stop = new CancellationTokenSource();
        Task reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Assert.Contains(File.ReadAllText(Target), contents);
            }
        });
        for (int i = 0; i < 20; i++)
        {
            AtomicFile.WriteAllText(Target, contents[i % 2]);
        }

        stop.Cancel();
        await reader;
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    private static UnixFileMode GetMode(string path) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path);
}
