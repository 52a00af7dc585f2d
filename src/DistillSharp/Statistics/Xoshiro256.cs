using System.Numerics;

namespace DistillSharp.Statistics;

/// <summary>
/// The random numbers of the bootstrap: xoshiro256** seeded through SplitMix64 (Blackman and Vigna, 2021).
/// Own code, because <see cref="Random"/> does not promise the same numbers in the next version of .NET.
/// </summary>
internal sealed class Xoshiro256
{
    private ulong _a, _b, _c, _d;

    /// <summary>Starts a stream; equal seeds give equal streams.</summary>
    public Xoshiro256(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>An index in [0, <paramref name="count"/>), for counts far below 2^32 (the bias is count / 2^32).</summary>
    public int NextIndex(int count) => (int)(((Next() >> 32) * (ulong)count) >> 32);

    /// <summary>Fills <paramref name="counts"/> (length N) with how often each of N items is drawn in N draws with replacement.</summary>
    public void DrawMultiplicities(Span<double> counts)
    {
        counts.Clear();
        var length = (ulong)counts.Length;
        var draw = 0;
        // One 64-bit number holds two indices: this loop is the bulk of a bootstrap's time.
        for (; draw + 1 < counts.Length; draw += 2)
        {
            var bits = Next();
            counts[(int)(((bits >> 32) * length) >> 32)] += 1;
            counts[(int)(((bits & 0xFFFF_FFFF) * length) >> 32)] += 1;
        }

        if (draw < counts.Length)
        {
            counts[NextIndex(counts.Length)] += 1;
        }
    }

    /// <summary>Puts <paramref name="values"/> into a random order (Fisher and Yates).</summary>
    public void Shuffle(Span<double> values)
    {
        for (var last = values.Length - 1; last > 0; last--)
        {
            var other = NextIndex(last + 1);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E37_79B9_7F4A_7C15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }
}
