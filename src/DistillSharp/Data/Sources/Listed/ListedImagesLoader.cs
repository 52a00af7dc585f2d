using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using DistillSharp.Data.Pictures;
using DistillSharp.Torch;

namespace DistillSharp.Data.Listed;

/// <summary>
/// Reads listed picture files, on all cores at once, straight into the tensors of the data set: beside these there are only the
/// pictures that are being decoded. The result does not depend on the number of threads.
/// </summary>
/// <param name="name">The data set's name.</param>
/// <param name="listing">The files.</param>
/// <param name="options">What to make of them.</param>
/// <param name="threads">How many to read with; the number of cores where null.</param>
internal sealed unsafe class ListedImagesLoader(string name, ImageListing listing, PictureOptions options, int? threads = null)
{
    private const int NamedFiles = 10;
    private const int FingerprintLength = 32;
    private const long PixelsAtATime = 1 << 26;

    private readonly PixelBudget _budget = new(PixelsAtATime);
    private readonly ListedImage[] _images = [.. listing.Train, .. listing.Test];
    private readonly byte[]?[] _hashes = new byte[listing.Train.Count + listing.Test.Count][];
    private readonly string?[] _broken = new string?[listing.Train.Count + listing.Test.Count];
    private readonly ImageBox?[] _boxes = new ImageBox?[listing.Train.Count + listing.Test.Count];
    private readonly string?[] _outside = new string?[listing.Train.Count + listing.Test.Count];
    private readonly string?[] _otherSize = new string?[listing.Train.Count + listing.Test.Count];

    /// <summary>Reads all files.</summary>
    /// <param name="device">Where to put the images; the CPU where null.</param>
    /// <exception cref="DataFormatException">Files cannot be read, or have different sizes; all of them are counted and the first named.</exception>
    public TrainTestData Load(Device? device)
    {
        using var scope = new TensorScope();
        (int Height, int Width) size = FindSize();
        CheckMemory(size);
        Tensor train = Allocate(listing.Train.Count, size);
        Tensor test = Allocate(listing.Test.Count, size);
        ReadAll(train, test, size);
        ThrowIfWrong(size);

        int[] keptTrain = Kept(0, listing.Train.Count);
        int[] keptTest = Kept(listing.Train.Count, listing.Test.Count);
        CheckClasses(keptTrain, keptTest);
        Normalization normalization = Normalization.Of(train = Compact(train, keptTrain));
        ImageDataset? trainSet = null;
        try
        {
            trainSet = Build(train, keptTrain, 0, listing.Train, device);
            return new TrainTestData(trainSet, Build(Compact(test, keptTest), keptTest, listing.Train.Count, listing.Test, device), normalization, Fingerprint())
            {
                Notes = Notes(),
            };
        }
        catch
        {
            trainSet?.Dispose();
            throw;
        }
    }

    private static Tensor Allocate(int count, (int Height, int Width) size, int channels) =>
        Operators.Empty([count, channels, size.Height, size.Width], DType.UInt8);

    private Tensor Allocate(int count, (int Height, int Width) size) => Allocate(count, size, options.Channels);

    // The first picture with a sound header decides; where there is none, every file is broken and will be named.
    private (int Height, int Width) FindSize()
    {
        if (options.Size is { } size)
        {
            return (size, size);
        }

        var reader = new PictureReader(options, _budget);
        foreach (ListedImage image in _images)
        {
            try
            {
                reader.Open(PathOf(image), out ReadOnlySpan<byte> file);
                return reader.SizeOf(file);
            }
            catch (PictureException)
            {
                // It is named when all are read.
            }
        }

        return (1, 1);
    }

    private void CheckMemory((int Height, int Width) size)
    {
        double needed = (double)_images.Length * options.Channels * size.Height * size.Width;
        long there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > there)
        {
            throw new DataFormatException(
                listing.Folder,
                "number of images times their size",
                FormattableString.Invariant($"at most {there / 1e9:F1} GB, the memory of this machine (give a smaller 'size', or 'channels: 1')"),
                FormattableString.Invariant($"{_images.Length} images of {options.Channels} x {size.Height} x {size.Width} bytes, {needed / 1e9:F1} GB"));
        }
    }

    private void ReadAll(Tensor train, Tensor test, (int Height, int Width) size)
    {
        // Spans hold at most 2^31 bytes; the data may be larger.
        byte* trainBytes = Start(train), testBytes = Start(test);
        int trainCount = listing.Train.Count;
        int length = options.Channels * size.Height * size.Width;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount };
        try
        {
            Parallel.For(
                0,
                _images.Length,
                parallel,
                () => new PictureReader(options, _budget),
                (i, _, reader) =>
                {
                    byte* target = i < trainCount ? trainBytes + ((nint)i * length) : testBytes + ((nint)(i - trainCount) * length);
                    ReadOne(reader, i, size, new Span<byte>(target, length));
                    return reader;
                },
                _ => { });
        }
        catch (AggregateException e) when (e.InnerExceptions.Count > 0)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        GC.KeepAlive(train);
        GC.KeepAlive(test);
    }

    private static byte* Start(Tensor images)
    {
        if (images.ElementCount == 0)
        {
            return null;
        }

        using var scope = new TensorScope();
        return (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(images.Rows(0, 1).AsSpan<byte>()));
    }

    private void ReadOne(PictureReader reader, int index, (int Height, int Width) size, Span<byte> planes)
    {
        try
        {
            _hashes[index] = reader.Open(PathOf(_images[index]), out ReadOnlySpan<byte> file);
            reader.Read(file, size, planes);
            if (_images[index].Box is { } box)
            {
                Place(index, box, PictureDecoder.ReadHeader(file));
            }
        }
        catch (PictureException e)
        {
            _broken[index] = e.Message;
        }
        catch (PictureSizeException e)
        {
            _otherSize[index] = e.Message;
        }
    }

    private void Place(int index, ImageBox box, PictureHeader header)
    {
        if (box.IsInside(header.StoredWidth, header.StoredHeight))
        {
            _boxes[index] = PictureBoxes.Place(box, header, options);
        }
        else
        {
            _outside[index] = FormattableString.Invariant($"a box of {box} in {header.StoredWidth} x {header.StoredHeight} pixels");
        }
    }

    private void ThrowIfWrong((int Height, int Width) size)
    {
        if (!options.SkipBroken && _broken.Any(b => b is not null))
        {
            throw new DataFormatException(
                listing.Folder,
                $"{_broken.Count(b => b is not null)} of {_images.Length} images",
                "JPEG or PNG files that can be read (repair or remove them, or leave them out with 'skip-broken: true')",
                Named(_broken));
        }

        if (_otherSize.Any(o => o is not null))
        {
            throw new DataFormatException(
                listing.Folder,
                $"{_otherSize.Count(o => o is not null)} of {_images.Length} images",
                $"{size.Width} x {size.Height} pixels, as the first image has (or give the option 'size', to which all are scaled)",
                Named(_otherSize));
        }

        if (_outside.Any(o => o is not null))
        {
            throw new DataFormatException(
                listing.Folder,
                $"{_outside.Count(o => o is not null)} of {_images.Length} images",
                "boxes (x, y, width, height) within their file's pixels, as stored",
                Named(_outside));
        }
    }

    private string Named(string?[] reasons)
    {
        List<int> wrong = Enumerable.Range(0, reasons.Length).Where(i => reasons[i] is not null).ToList();
        string named = string.Join("; ", wrong.Take(NamedFiles).Select(i => $"{_images[i].Name} ({reasons[i]})"));
        return wrong.Count > NamedFiles ? $"{named}; and {wrong.Count - NamedFiles} more" : named;
    }

    private IReadOnlyList<string> Notes()
    {
        int count = _broken.Count(b => b is not null);
        int lost = Enumerable.Range(0, _images.Length).Count(i => _broken[i] is null && _images[i].Box is not null && _boxes[i] is null);
        return
        [
            .. count == 0 ? [] : new[] { $"{count} of {_images.Length} files of {listing.Folder} cannot be read and are left out: {Named(_broken)}." },
            .. lost == 0 ? [] : new[] { $"Boxes outside of what 'fit: crop' keeps of their pictures: {lost}; these images have none." },
        ];
    }

    private int[] Kept(int first, int count) => [.. Enumerable.Range(0, count).Where(i => _broken[first + i] is null)];

    private void CheckClasses(int[] keptTrain, int[] keptTest)
    {
        var there = keptTrain.Select(i => listing.Train[i].Label).ToHashSet();
        List<string> missing = listing.ClassNames.Where((_, c) => !there.Contains(c)).ToList();
        if (missing.Count > 0 || keptTest.Length == 0)
        {
            string found = missing.Count > 0 ? $"no training image of {string.Join(", ", missing.Take(NamedFiles).Select(m => $"'{m}'"))}" : "no test image";
            throw new DataFormatException(listing.Folder, "images that can be read", "at least one training image of every class, and a test image", found);
        }
    }

    private static Tensor Compact(Tensor images, int[] kept) =>
        kept.Length == images.Size(0) ? images : images.IndexSelect(0, Tensor.From(Array.ConvertAll(kept, i => (long)i)));

    private ImageDataset Build(Tensor images, int[] kept, int first, IReadOnlyList<ListedImage> listed, Device? device)
    {
        Device target = device ?? Device.Cpu;
        long[] labels = Array.ConvertAll(kept, i => (long)listed[i].Label);
        return new ImageDataset(
            name,
            images.To(target),
            Tensor.From(labels).To(target),
            listing.ClassNames,
            listing.Folder,
            listing.Folder,
            attributes: [.. listing.Attributes.Select((a, column) => new ImageAttribute(a.Name, a.ValueNames, Array.ConvertAll(kept, i => listed[i].Attributes[column])))],
            boxes: listing.HasBoxes ? Array.ConvertAll(kept, i => _boxes[first + i]) : null);
    }

    // Names and bytes of all files, broken ones too: the same wherever the folder lies and in whatever order it lists them.
    private string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(listing.Content + "\0"));
        foreach (int i in Enumerable.Range(0, _images.Length).OrderBy(i => i < listing.Train.Count ? 0 : 1).ThenBy(i => _images[i].Name, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(_images[i].Name + "\0"));
            hash.AppendData(_hashes[i] ?? []);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..FingerprintLength];
    }

    private string PathOf(ListedImage image) => Path.Combine(listing.Folder, image.Name);
}
