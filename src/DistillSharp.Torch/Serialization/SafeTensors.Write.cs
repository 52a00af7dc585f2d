using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DistillSharp.Torch.Serialization;

/// <content>Writing.</content>
public static partial class SafeTensors
{
    /// <summary>
    /// Writes named tensors, whole or not at all (<see cref="AtomicFile"/>). One tensor at a time is copied to the CPU or made
    /// contiguous where it is not. The header keeps the given order; the data is laid out with the widest elements first,
    /// so that each tensor is aligned, as other readers expect.
    /// </summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="tensors">Names and tensors; views and tensors that require gradients may be among them.</param>
    /// <param name="metadata">Free text for the header.</param>
    /// <exception cref="ArgumentException">A name is taken twice, is <c>__metadata__</c> or is no Unicode text; or the format has no name for an element type.</exception>
    /// <exception cref="IOException">The file could not be written; an older file of the name is unchanged.</exception>
    public static void Write(string path, IEnumerable<(string Name, Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        (string Name, Tensor Tensor)[] all = [.. tensors];
        (string Name, Tensor Tensor)[] stored = [.. all.OrderByDescending(t => ElementSize(t.Name, t.Tensor))];
        byte[] header = WriteHeader(all, Place(stored), metadata);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach ((_, Tensor tensor) in stored)
            {
                WriteData(stream, tensor);
            }
        });
    }

    private static int ElementSize(string name, Tensor tensor) => SafeTensorsFormat.NameOf(tensor.DType) is not null
        ? tensor.DType.Size()
        : throw new ArgumentException($"The tensor {Text.Quote(name)} has elements of ATen's type {tensor.DType}, which are not written; convert it first.");

    private static Dictionary<string, (long Begin, long End)> Place((string Name, Tensor Tensor)[] stored)
    {
        var places = new Dictionary<string, (long, long)>(stored.Length);
        long begin = 0;
        foreach ((string name, Tensor tensor) in stored)
        {
            if (name == SafeTensorsFormat.MetadataName)
            {
                throw new ArgumentException($"No tensor can be called {name}: the format keeps that name for its metadata.");
            }

            long end = checked(begin + (tensor.ElementCount * tensor.DType.Size()));
            if (!places.TryAdd(name, (begin, end)))
            {
                throw new ArgumentException($"Two tensors are called {Text.Quote(name)}; a file holds each name once.");
            }

            begin = end;
        }

        return places;
    }

    private static byte[] WriteHeader(
        (string Name, Tensor Tensor)[] tensors, Dictionary<string, (long Begin, long End)> places, IReadOnlyDictionary<string, string>? metadata)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                writer.WriteStartObject(SafeTensorsFormat.MetadataName);
                foreach ((string key, string value) in metadata)
                {
                    writer.WriteString(CheckText(key), CheckText(value));
                }

                writer.WriteEndObject();
            }

            foreach ((string name, Tensor tensor) in tensors)
            {
                writer.WriteStartObject(CheckText(name));
                writer.WriteString("dtype", SafeTensorsFormat.NameOf(tensor.DType));
                WriteNumbers(writer, "shape", tensor.Shape);
                WriteNumbers(writer, "data_offsets", [places[name].Begin, places[name].End]);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        int padded = (json.WrittenCount + 7) / 8 * 8;
        if (padded > SafeTensorsFormat.MaxHeaderBytes)
        {
            throw new ArgumentException($"The names and metadata take {padded} bytes; the format allows {SafeTensorsFormat.MaxHeaderBytes}.");
        }

        var header = new byte[SafeTensorsFormat.LengthBytes + padded];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)padded);
        json.WrittenSpan.CopyTo(header.AsSpan(SafeTensorsFormat.LengthBytes));
        header.AsSpan(SafeTensorsFormat.LengthBytes + json.WrittenCount).Fill((byte)' ');
        return header;
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, ReadOnlySpan<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (long number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private static unsafe void WriteData(Stream stream, Tensor tensor)
    {
        using var scope = new TensorScope();
        Tensor flat = tensor.Detach().To(Device.Cpu).Contiguous();
        byte* data = (byte*)flat.Data;
        long bytes = flat.ElementCount * flat.DType.Size();
        for (long done = 0; done < bytes; done += ChunkBytes)
        {
            stream.Write(new ReadOnlySpan<byte>(data + done, (int)Math.Min(ChunkBytes, bytes - done)));
        }

        GC.KeepAlive(tensor);
    }

    internal static string CheckText(string text)
    {
        for (int i = 0; i < text.Length; i += char.IsHighSurrogate(text[i]) ? 2 : 1)
        {
            if (!Rune.TryGetRuneAt(text, i, out _))
            {
                throw new ArgumentException($"The name or text {Text.Quote(text)} holds half a character (a lone surrogate); a file holds Unicode text only.");
            }
        }

        return text;
    }
}
