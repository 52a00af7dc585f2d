using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DistillSharp.Torch.Serialization;

/// <content>Digests.</content>
public static partial class SafeTensors
{
    /// <summary>
    /// A digest of tensors and texts: the same for the same names, types, shapes, elements and texts in any order. The format has no
    /// checksum of its own, so a flipped bit reads as a slightly different weight; a digest kept beside the tensors shows it.
    /// </summary>
    /// <param name="tensors">Names and tensors.</param>
    /// <param name="metadata">Free text that goes with them.</param>
    /// <returns>SHA-256 in lower-case hexadecimal digits.</returns>
    public static string Digest(IEnumerable<KeyValuePair<string, Tensor>> tensors, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            foreach ((string key, string value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            {
                WriteText(stream, key);
                WriteText(stream, value);
            }

            foreach ((string name, Tensor tensor) in tensors.OrderBy(t => t.Key, StringComparer.Ordinal))
            {
                WriteText(stream, name);
                WriteText(stream, $"{SafeTensorsFormat.NameOf(tensor.DType)} {string.Join(' ', tensor.Shape)}");
                WriteData(stream, tensor);
            }
        }

        return Convert.ToHexStringLower(hash.Hash!);
    }

    // Its length goes before a text, so that no two sequences of texts give the same bytes.
    private static void WriteText(Stream stream, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        stream.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length}:")));
        stream.Write(bytes);
    }
}
