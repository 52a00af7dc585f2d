using System.Security.Cryptography;

namespace DistillSharp.Data.Pictures;

/// <summary>Reads picture files into planes of bytes. One a thread: it keeps its buffers.</summary>
/// <param name="options">What to make of the pictures.</param>
/// <param name="budget">Shared by all threads.</param>
internal sealed class PictureReader(PictureOptions options, PixelBudget budget)
{
    /// <summary>No file may be longer than this: 256 MiB.</summary>
    public const int MaximumFileLength = 1 << 28;

    private const int LargestKeptBuffer = 1 << 24;

    private readonly PictureResampler _resampler = new();
    private byte[] _file = [];
    private byte[] _stored = [];
    private byte[] _seen = [];

    /// <summary>Reads a file whole; its bytes stay until the next one.</summary>
    /// <returns>The SHA-256 of its bytes.</returns>
    /// <exception cref="PictureException">It cannot be read or is too long.</exception>
    public byte[] Open(string path, out ReadOnlySpan<byte> file)
    {
        try
        {
            // Opening a pipe would wait for someone to write into it. Pipes and devices have no length.
            var entry = new FileInfo(path);
            if (((entry.LinkTarget is null ? entry : entry.ResolveLinkTarget(returnFinalTarget: true)) as FileInfo)?.Length == 0)
            {
                throw new PictureException("an empty file");
            }

            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            if (stream.Length > MaximumFileLength)
            {
                throw new PictureException($"{stream.Length} bytes; at most {MaximumFileLength} are read");
            }

            int length = (int)stream.Length;
            Reserve(ref _file, length);
            int read = stream.ReadAtLeast(_file.AsSpan(0, length), length, throwOnEndOfStream: false);
            file = _file.AsSpan(0, read);
            return SHA256.HashData(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string reason = e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : $"it cannot be opened ({e.GetType().Name})";
            throw new PictureException(reason);
        }
    }

    /// <summary>The size of the image that a file becomes, from its header.</summary>
    public (int Height, int Width) SizeOf(ReadOnlySpan<byte> file)
    {
        PictureHeader header = PictureDecoder.ReadHeader(file);
        return options.Size is { } size ? (size, size) : (header.Height, header.Width);
    }

    /// <summary>Decodes a file.</summary>
    /// <param name="file">All its bytes.</param>
    /// <param name="wanted">The size of the result; other sizes are refused where there is no option <c>size</c>.</param>
    /// <param name="planes">Takes [C, H, W].</param>
    /// <exception cref="PictureException">The file is no sound picture.</exception>
    /// <exception cref="PictureSizeException">It has another size.</exception>
    public void Read(ReadOnlySpan<byte> file, (int Height, int Width) wanted, Span<byte> planes)
    {
        PictureHeader header = PictureDecoder.ReadHeader(file);
        if (options.Size is null && (header.Height, header.Width) != wanted)
        {
            throw new PictureSizeException(header.Width, header.Height);
        }

        budget.Enter(header.Pixels);
        try
        {
            Convert(file, header, planes);
        }
        finally
        {
            Trim(ref _stored);
            Trim(ref _seen);
            budget.Leave(header.Pixels);
        }
    }

    private void Convert(ReadOnlySpan<byte> file, PictureHeader header, Span<byte> planes)
    {
        int length = (int)header.Pixels * options.Channels;
        Reserve(ref _stored, length);
        PictureDecoder.Decode(file, header, options.Channels, _stored.AsSpan(0, length));
        ReadOnlySpan<byte> pixels = _stored.AsSpan(0, length);
        if (header.Orientation > 1)
        {
            Reserve(ref _seen, length);
            PictureOrientation.Apply(pixels, header, options.Channels, _seen);
            pixels = _seen.AsSpan(0, length);
        }

        if (options.Size is { } size && (header.Width, header.Height) != (size, size))
        {
            _resampler.Fit(pixels, header.Width, header.Height, options.Channels, size, options.Stretch, planes);
        }
        else
        {
            PictureResampler.Separate(pixels, options.Channels, planes);
        }
    }

    private static void Reserve(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = GC.AllocateUninitializedArray<byte>(Math.Max(length, Math.Min(2 * buffer.Length, LargestKeptBuffer)));
        }
    }

    private static void Trim(ref byte[] buffer)
    {
        if (buffer.Length > LargestKeptBuffer)
        {
            buffer = [];
        }
    }
}
