using System.Runtime.InteropServices;
using System.Text;

namespace DistillSharp.Torch.Serialization;

/// <summary>
/// Writes files whole or not at all: into a temporary file of the same folder, flushed to the disk, then renamed over the old one.
/// Whatever fails before the rename (a full disk, an exception of the caller's, a power cut), the old file stays as it was.
/// </summary>
/// <remarks>
/// After a kill or a power cut a temporary file can be left; its name begins with <see cref="TemporaryPrefix"/>.
/// A symbolic link is followed: the file it names is replaced, not the link. An existing file's permissions are kept.
/// </remarks>
public static partial class AtomicFile
{
    /// <summary>How the names of temporary files begin.</summary>
    public const string TemporaryPrefix = ".distillsharp-tmp-";

    private const int NoSpace = 28;
    private const int QuotaReached = 122;

    /// <summary>Writes a file through a stream.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes the content from the stream's start. It may close the stream. What it throws passes through, an <see cref="IOException"/> with the file named.</param>
    /// <exception cref="IOException">The file could not be written; the message names it, says why and what to do.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string? temporary = null;
        try
        {
            string target = Path.GetFullPath(path);
            if (new FileInfo(target).LinkTarget is not null)
            {
                target = File.ResolveLinkTarget(target, returnFinalTarget: true)!.FullName;
            }

            string folder = Path.GetDirectoryName(target) ?? throw new IOException("it is the root of the file system.");
            if (Directory.Exists(target))
            {
                throw new IOException("there is a folder of this name. Choose another name.");
            }

            if (!Directory.Exists(folder))
            {
                throw new DirectoryNotFoundException($"the folder '{folder}' does not exist. Make it first.");
            }

            temporary = Path.Combine(folder, TemporaryPrefix + Guid.NewGuid().ToString("N"));
            WriteThrough(temporary, write);
            if (!OperatingSystem.IsWindows() && File.Exists(target))
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            }

            File.Move(temporary, target, overwrite: true);
            temporary = null;
            FlushFolder(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException || IsTooLong(e))
        {
            throw Explain(path, e);
        }
        finally
        {
            if (temporary is not null)
            {
                Remove(temporary);
            }
        }
    }

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static void WriteAllText(string path, string text) => WriteAllBytes(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes bytes.</summary>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static void WriteAllBytes(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    private static void WriteThrough(string temporary, Action<Stream> write)
    {
        using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16))
        {
            write(stream);
            if (stream.CanWrite)
            {
                stream.Flush(flushToDisk: true);
                return;
            }
        }

        using var again = new FileStream(temporary, FileMode.Open, FileAccess.Write);
        again.Flush(flushToDisk: true);
    }

    private static IOException Explain(string path, Exception e)
    {
        string what = $"'{path}' could not be written";
        string full = Path.GetFullPath(path);
        return e switch
        {
            IOException { HResult: NoSpace } =>
                new IOException($"{what}: the disk is full ({FreeBytes(full)}). Make room and try again; what was there before is unchanged.", e),
            IOException { HResult: QuotaReached } =>
                new IOException($"{what}: your disk quota is used up ({FreeBytes(full)}). Make room and try again; what was there before is unchanged.", e),
            ArgumentOutOfRangeException =>
                new IOException($"{what}: files this long are not allowed there, by the file system or a limit on file sizes (ulimit -f). Choose another place or raise the limit; what was there before is unchanged.", e),
            UnauthorizedAccessException =>
                new IOException($"{what}: no permission to write in '{Path.GetDirectoryName(full)}'. Change its permissions or choose another folder.", e),
            _ => new IOException($"{what}: {e.Message}", e),
        };
    }

    // EFBIG, which .NET reports as if an argument were wrong.
    private static bool IsTooLong(Exception e) => e is ArgumentOutOfRangeException { ParamName: "value", Source: "System.Private.CoreLib" };

    private static string FreeBytes(string path)
    {
        try
        {
            return $"{new DriveInfo(Path.GetDirectoryName(path) ?? "/").AvailableFreeSpace} bytes free";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "free bytes unknown";
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first error is the one to report; the file's name says what it is.
        }
    }

    // The rename itself reaches the disk only with its folder. Some file systems cannot flush a folder; the file is then
    // in place all the same, so that a failure here is none of the caller's.
    private static void FlushFolder(string folder)
    {
        const int ReadOnlyCloseOnExec = 0x80000;
        int descriptor = Open(folder, ReadOnlyCloseOnExec);
        if (descriptor >= 0)
        {
            _ = Flush(descriptor);
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
