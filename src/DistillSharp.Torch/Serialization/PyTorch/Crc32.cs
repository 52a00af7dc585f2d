using System.Buffers.Binary;

namespace DistillSharp.Torch.Serialization;

/// <summary>The checksum of zip files (ISO 3309, polynomial 0xEDB88320 reflected), eight bytes at a time.</summary>
internal static class Crc32
{
    private const int Slices = 8;
    private const int Values = 256;

    private static readonly uint[] Tables = MakeTables();

    /// <summary>Goes on with a checksum.</summary>
    /// <param name="sum">The checksum of what came before; 0 at the start.</param>
    /// <param name="bytes">What comes next.</param>
    public static uint Append(uint sum, ReadOnlySpan<byte> bytes)
    {
        uint[] tables = Tables;
        uint crc = ~sum;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            uint low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = tables[(7 * Values) + (low & 0xFF)] ^ tables[(6 * Values) + ((low >> 8) & 0xFF)]
                ^ tables[(5 * Values) + ((low >> 16) & 0xFF)] ^ tables[(4 * Values) + (low >> 24)]
                ^ tables[(3 * Values) + (high & 0xFF)] ^ tables[(2 * Values) + ((high >> 8) & 0xFF)]
                ^ tables[Values + ((high >> 16) & 0xFF)] ^ tables[high >> 24];
        }

        foreach (byte next in bytes)
        {
            crc = (crc >> 8) ^ tables[(crc ^ next) & 0xFF];
        }

        return ~crc;
    }

    // Table k gives what a byte contributes that lies k bytes before the end of the slice.
    private static uint[] MakeTables()
    {
        var tables = new uint[Slices * Values];
        for (uint i = 0; i < Values; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
            }

            tables[i] = value;
        }

        for (int i = Values; i < tables.Length; i++)
        {
            tables[i] = (tables[i - Values] >> 8) ^ tables[tables[i - Values] & 0xFF];
        }

        return tables;
    }
}
