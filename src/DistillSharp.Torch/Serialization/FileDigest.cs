using System.Security.Cryptography;

namespace DistillSharp.Torch.Serialization;

/// <summary>What identifies a file by its content.</summary>
public static class FileDigest
{
    /// <summary>SHA-256 of a file in lower-case hexadecimal digits, as <c>sha256sum</c> prints it.</summary>
    public static string Sha256(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
