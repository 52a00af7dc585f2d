using System.Buffers.Binary;
using System.Text;

namespace DistillSharp.Torch.Serialization;

/// <summary>
/// Writes a zip archive of uncompressed entries whose bytes begin at multiples of 64, as <c>torch.save</c> lays them out so that they can be
/// mapped into memory. Times are left at the format's first day: the same content gives the same bytes.
/// </summary>
/// <param name="stream">Where the archive goes; it stands at its start.</param>
/// <param name="wideFrom">From which size or offset on the 64-bit fields are used. The format's own is the default; tests choose less.</param>
internal sealed class StoredZipWriter(Stream stream, long wideFrom = uint.MaxValue)
{
    private const int Alignment = 64;
    private const int LocalHeaderBytes = 30;
    private const int WideExtraBytes = 20;
    private const int ExtraHeaderBytes = 4;
    private const ushort WideExtra = 1;
    private const ushort PaddingExtra = 0x4246; // "FB", PyTorch's
    private const ushort PlainVersion = 20;
    private const ushort WideVersion = 45;
    private const ushort Utf8Names = 0x0800;
    private const ushort FirstDay = (1 << 5) | 1;
    private const ushort ManyEntries = ushort.MaxValue;

    private readonly List<Entry> _entries = [];

    /// <summary>Adds an entry.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="size">How many bytes it has.</param>
    /// <param name="checksum">Their <see cref="Crc32"/>.</param>
    /// <param name="write">Writes them.</param>
    public void Add(string name, long size, uint checksum, Action<Stream> write)
    {
        var entry = new Entry(Encoding.UTF8.GetBytes(name), size, checksum, stream.Position, size >= wideFrom);
        _entries.Add(entry);
        int wide = entry.IsWide ? WideExtraBytes : 0;
        long data = stream.Position + LocalHeaderBytes + entry.Name.Length + wide + ExtraHeaderBytes;
        int padding = (int)((Alignment - (data % Alignment)) % Alignment);
        U32(0x04034b50);
        Common(entry, entry.IsWide);
        U16((ushort)(wide + ExtraHeaderBytes + padding));
        stream.Write(entry.Name);
        if (entry.IsWide)
        {
            U16(WideExtra);
            U16(2 * sizeof(ulong));
            U64(size);
            U64(size);
        }

        U16(PaddingExtra);
        U16((ushort)padding);
        stream.Write(Enumerable.Repeat((byte)'Z', padding).ToArray());
        write(stream);
    }

    /// <summary>Writes the directory; nothing can be added after.</summary>
    public void Finish()
    {
        long start = stream.Position;
        foreach (Entry entry in _entries)
        {
            bool wideStart = entry.Start >= wideFrom;
            int numbers = (entry.IsWide ? 2 : 0) + (wideStart ? 1 : 0);
            U32(0x02014b50);
            U16(WideVersion);
            Common(entry, numbers > 0);
            U16((ushort)(numbers > 0 ? ExtraHeaderBytes + (numbers * sizeof(ulong)) : 0));
            U32(0); // comment, disk
            U16(0);
            U32(0); // attributes
            U32(wideStart ? uint.MaxValue : (uint)entry.Start);
            stream.Write(entry.Name);
            if (numbers > 0)
            {
                U16(WideExtra);
                U16((ushort)(numbers * sizeof(ulong)));
                if (entry.IsWide)
                {
                    U64(entry.Size);
                    U64(entry.Size);
                }

                if (wideStart)
                {
                    U64(entry.Start);
                }
            }
        }

        WriteEnd(start, stream.Position - start);
    }

    private void WriteEnd(long start, long size)
    {
        bool wide = start >= wideFrom || size >= wideFrom || _entries.Count >= ManyEntries;
        if (wide)
        {
            long end = stream.Position;
            U32(0x06064b50);
            U64(44); // bytes that follow
            U16(WideVersion);
            U16(WideVersion);
            U32(0);
            U32(0);
            U64(_entries.Count);
            U64(_entries.Count);
            U64(size);
            U64(start);
            U32(0x07064b50);
            U32(0);
            U64(end);
            U32(1);
        }

        U32(0x06054b50);
        U32(0);
        U16(wide ? ManyEntries : (ushort)_entries.Count);
        U16(wide ? ManyEntries : (ushort)_entries.Count);
        U32(wide ? uint.MaxValue : (uint)size);
        U32(wide ? uint.MaxValue : (uint)start);
        U16(0);
    }

    // What the header of an entry and its line in the directory share: from the version to the name's length.
    private void Common(Entry entry, bool wide)
    {
        U16(wide ? WideVersion : PlainVersion);
        U16(Utf8Names);
        U16(0); // uncompressed
        U16(0);
        U16(FirstDay);
        U32(entry.Checksum);
        U32(entry.IsWide ? uint.MaxValue : (uint)entry.Size);
        U32(entry.IsWide ? uint.MaxValue : (uint)entry.Size);
        U16((ushort)entry.Name.Length);
    }

    private void U16(ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private void U32(uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private void U64(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private sealed record Entry(byte[] Name, long Size, uint Checksum, long Start, bool IsWide);
}
