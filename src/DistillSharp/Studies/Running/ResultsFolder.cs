using System.Globalization;
using DistillSharp.Torch.Serialization;

namespace DistillSharp.Studies;

/// <summary>The folder of a study's results: where each thing lies, and the lock that keeps a second process out.</summary>
public sealed class ResultsFolder : IDisposable
{
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
        string lockPath = Path.Combine(full, "lock");
        FileStream file;
        try
        {
            // The lock goes with the process, whatever ends it; the file itself may stay.
            file = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(lockPath))
        {
            throw new ResultsInUseException(full, ReadOwner(lockPath));
        }

        string owner = string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} since {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC");
        file.SetLength(0);
        file.Write(System.Text.Encoding.UTF8.GetBytes(owner));
        file.Flush();
        return new ResultsFolder(full, file);
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
        string path = _lock.Name;
        _lock.SetLength(0);
        _lock.Dispose();
        TryDelete(path);
    }

    private static string ReadOwner(string lockPath)
    {
        try
        {
            using var file = new FileStream(lockPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            string owner = reader.ReadToEnd();
            return owner.Length > 0 ? owner : "another process";
        }
        catch (IOException)
        {
            return "another process";
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (IOException)
        {
            // A lock file that stays behind locks nothing.
        }
    }
}
