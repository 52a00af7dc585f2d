using System.Globalization;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Studies;

/// <summary>The folder of a study's results: where each thing lies, and the lock that keeps a second process out.</summary>
/// <remarks>
/// The lock is the operating system's and goes with the process, whatever ends it. The file <c>lock</c> that carries it stays, empty:
/// were it deleted, a process that had just opened it and one that made it anew could both believe that they hold the folder.
/// Who holds it stands in the file <c>owner</c>, since .NET cannot read a file that another process has locked.
/// </remarks>
public sealed class ResultsFolder : IDisposable
{
    private const string OwnerFile = "owner";
    private const int WouldBlock = 11;
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _lock;

    private ResultsFolder(string path, FileStream lockFile) => (Root, _lock) = (path, lockFile);

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>Where the runs lie, one folder each.</summary>
    public string Runs => Path.Combine(Root, "runs");

    /// <summary>Where the measurements lie, one folder an analysis.</summary>
    public string Measurements => Path.Combine(Root, "measurements");

    /// <summary>Where the pictures lie.</summary>
    public string Pictures => Path.Combine(Root, "pictures");

    /// <summary>The file that the report is made from.</summary>
    public string Findings => Path.Combine(Root, "findings.json");

    /// <summary>Makes the folder where it is missing and locks it until disposal.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="ResultsInUseException">Another process works in it.</exception>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    public static ResultsFolder Open(string path)
    {
        string full = Path.GetFullPath(path);
        if (File.Exists(full))
        {
            throw new IOException($"{full}: expected a folder for the results, found a file.");
        }

        Directory.CreateDirectory(full);
        FileStream file = Lock(full);
        try
        {
            DeleteTemporaryFiles(full);
            AtomicFile.WriteAllText(
                Path.Combine(full, OwnerFile),
                string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} since {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC"));
            return new ResultsFolder(full, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The folder of one run; made where it is missing.</summary>
    public string Run(RunKey key)
    {
        string folder = Path.Combine(Runs, key.ToString());
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Writes a text at a path below the folder, whole or not at all.</summary>
    public void Write(string relativePath, string text)
    {
        string path = Path.Combine(Root, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.WriteAllText(path, text);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            File.Delete(Path.Combine(Root, OwnerFile));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An owner that stays named holds nothing: the lock counts.
        }

        _lock.Dispose();
    }

    private static FileStream Lock(string folder)
    {
        string path = Path.Combine(folder, "lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult is WouldBlock or SharingViolation)
        {
            throw new ResultsInUseException(folder, ReadOwner(folder));
        }
    }

    // What a process left that was killed while it wrote. The lock is held, so nobody is writing now.
    private static void DeleteTemporaryFiles(string folder)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (string file in Directory.EnumerateFiles(folder, AtomicFile.TemporaryPrefix + "*", options).ToList())
        {
            File.Delete(file);
        }
    }

    private static string ReadOwner(string folder)
    {
        try
        {
            string owner = File.ReadAllText(Path.Combine(folder, OwnerFile));
            return owner.Length > 0 ? owner : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }
}
