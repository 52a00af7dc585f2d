using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DistillSharp.Data;

/// <summary>
/// Gives every random decision of a run a seed of its own, from the run's seed and the decision's position: what it is for,
/// its epoch and its batch. Nothing is drawn in sequence, so there is no state to save, and a run that is resumed at any
/// batch decides exactly as one that was never stopped.
/// </summary>
/// <param name="Seed">The run's seed.</param>
/// <remarks>
/// A derived seed is the first 8 bytes (little-endian) of SHA-256 over seed, epoch and batch (8 bytes each, little-endian)
/// followed by the purpose in UTF-8. The numbers stand first and have fixed widths, so no two positions share an input;
/// neighbouring positions have unrelated seeds.
/// </remarks>
public readonly record struct SeedStream(ulong Seed)
{
    /// <summary>The seed of one decision; the same position always has the same seed, on every machine.</summary>
    /// <param name="purpose">What the decision is, e.g. <c>order</c>, <c>crop</c>, <c>dropout</c>.</param>
    /// <param name="epoch">The epoch, 0 where there is none.</param>
    /// <param name="batch">The batch within the epoch, 0 where there is none.</param>
    public ulong Derive(string purpose, long epoch = 0, long batch = 0)
    {
        int textLength = Encoding.UTF8.GetByteCount(purpose);
        Span<byte> input = textLength <= 232 ? stackalloc byte[24 + textLength] : new byte[24 + textLength];
        BinaryPrimitives.WriteUInt64LittleEndian(input, Seed);
        BinaryPrimitives.WriteInt64LittleEndian(input[8..], epoch);
        BinaryPrimitives.WriteInt64LittleEndian(input[16..], batch);
        Encoding.UTF8.GetBytes(purpose, input[24..]);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    /// <summary>A generator that starts from <see cref="Derive"/>.</summary>
    public SeededRandom Random(string purpose, long epoch = 0, long batch = 0) => new(Derive(purpose, epoch, batch));
}
