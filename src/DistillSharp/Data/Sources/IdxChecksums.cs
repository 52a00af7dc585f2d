using System.Security.Cryptography;
using System.Text;

namespace DistillSharp.Data;

/// <summary>The md5 of each of a data set's four files, unpacked, in lower-case hexadecimal.</summary>
/// <param name="TrainImages">Of the training images.</param>
/// <param name="TrainLabels">Of the training labels.</param>
/// <param name="TestImages">Of the test images.</param>
/// <param name="TestLabels">Of the test labels.</param>
public sealed record IdxChecksums(string TrainImages, string TrainLabels, string TestImages, string TestLabels)
{
    /// <summary>One text that identifies all four: the md5 of their md5s, in lower-case hexadecimal.</summary>
    public string Fingerprint => Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(TrainImages + TrainLabels + TestImages + TestLabels)));
}
