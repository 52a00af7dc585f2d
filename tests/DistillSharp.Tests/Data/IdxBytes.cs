using System.Buffers.Binary;
using System.IO.Compression;

namespace DistillSharp.Tests.Data;

/// <summary>Makes idx content for tests.</summary>
internal static class IdxBytes
{
    public static byte[] Of(int[] dimensions, params byte[] elements)
    {
        byte[] content = new byte[4 * (dimensions.Length + 1)];
        content[2] = 0x08;
        content[3] = (byte)dimensions.Length;
        for (int i = 0; i < dimensions.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(content.AsSpan(4 * (i + 1)), (uint)dimensions[i]);
        }

        return [.. content, .. elements];
    }

    public static byte[] Gzip(byte[] content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    public static byte[] Ramp(int count) => Enumerable.Range(0, count).Select(i => (byte)(i * 7)).ToArray();
}
