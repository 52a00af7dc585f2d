namespace DistillSharp.Torch.Serialization;

/// <content>Writing.</content>
public sealed partial class PyTorchFile
{
    private const string Folder = "archive/";

    /// <summary>
    /// Writes named tensors as a state dict that <c>torch.load</c> reads since release 1.6, also with <c>weights_only=True</c>: whole or not
    /// at all (<see cref="AtomicFile"/>), and the same bytes for the same tensors. Each tensor is written row-major, in a storage of its own.
    /// </summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="tensors">Names and tensors; views, and tensors that require gradients may be among them.</param>
    /// <exception cref="ArgumentException">A name is taken twice or is no Unicode text; or PyTorch has no storage for an element type.</exception>
    /// <exception cref="IOException">The file could not be written; an older file of the name is unchanged.</exception>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        (string Name, Tensor Tensor)[] all = [.. tensors];
        var names = new HashSet<string>();
        foreach ((string name, Tensor tensor) in all)
        {
            SafeTensors.CheckText(name);
            if (!names.Add(name))
            {
                throw new ArgumentException($"Two tensors are called {Text.Quote(name)}; a file holds each name once.", nameof(tensors));
            }

            if (StateDictPickle.StorageName(tensor.DType) is null)
            {
                throw new ArgumentException($"The tensor {Text.Quote(name)} has elements of ATen's type {tensor.DType}, which are not written; convert it first.", nameof(tensors));
            }
        }

        byte[] pickle = StateDictPickle.Write(all);
        AtomicFile.Write(path, stream =>
        {
            var zip = new StoredZipWriter(stream);
            AddBytes(zip, "data.pkl", pickle);
            AddBytes(zip, "byteorder", "little"u8);
            for (int i = 0; i < all.Length; i++)
            {
                AddTensor(zip, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"data/{i}"), all[i].Tensor);
            }

            AddBytes(zip, "version", "3\n"u8);
            zip.Finish();
        });
    }

    private static void AddBytes(StoredZipWriter zip, string name, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        zip.Add(Folder + name, copy.Length, Crc32.Append(0, copy), stream => stream.Write(copy));
    }

    private static void AddTensor(StoredZipWriter zip, string name, Tensor tensor)
    {
        using var scope = new TensorScope();
        Tensor flat = tensor.Detach().To(Device.Cpu).Contiguous();
        uint sum = 0;
        Visit(flat, chunk => sum = Crc32.Append(sum, chunk));
        zip.Add(Folder + name, flat.ElementCount * flat.DType.Size(), sum, stream => Visit(flat, stream.Write));
        GC.KeepAlive(tensor);
    }

    private static unsafe void Visit(Tensor flat, Action<ReadOnlySpan<byte>> chunk)
    {
        byte* data = (byte*)flat.Data;
        long bytes = flat.ElementCount * flat.DType.Size();
        for (long done = 0; done < bytes; done += ChunkBytes)
        {
            chunk(new ReadOnlySpan<byte>(data + done, (int)Math.Min(ChunkBytes, bytes - done)));
        }

        GC.KeepAlive(flat);
    }
}
