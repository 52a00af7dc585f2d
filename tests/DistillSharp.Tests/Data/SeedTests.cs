using System.Security.Cryptography;
using System.Text;
using DistillSharp.Data;

namespace DistillSharp.Tests.Data;

public class SeedTests
{
    [Fact]
    public void Should_draw_what_splitmix64_draws()
    {
        // Reference: the first outputs of Vigna's splitmix64.c for the seed 1234567.
        var random = new SeededRandom(1234567);
        ulong[] expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        Assert.Equal(expected, expected.Select(_ => random.NextUInt64()));
    }

    [Fact]
    public void Should_derive_seeds_as_documented()
    {
        byte[] input = [.. BitConverter.GetBytes(42UL), .. BitConverter.GetBytes(3L), .. BitConverter.GetBytes(7L), .. Encoding.UTF8.GetBytes("order")];
        Assert.Equal(BitConverter.ToUInt64(SHA256.HashData(input)), new SeedStream(42).Derive("order", 3, 7));
    }

    [Fact]
    public void Should_give_every_position_a_seed_of_its_own()
    {
        var seen = new HashSet<ulong>();
        foreach (ulong seed in new ulong[] { 0, 1, ulong.MaxValue })
        {
            foreach (string purpose in new[] { "", "order", "crop", new string('x', 500) })
            {
                for (int epoch = 0; epoch < 20; epoch++)
                {
                    for (int batch = 0; batch < 20; batch++)
                    {
                        Assert.True(seen.Add(new SeedStream(seed).Derive(purpose, epoch, batch)));
                    }
                }
            }
        }
    }

    [Fact]
    public void Should_draw_each_number_equally_often()
    {
        var random = new SeededRandom(5);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            counts[random.NextInt32(7)]++;
        }

        // 10,000 expected, standard deviation 93.
        Assert.All(counts, c => Assert.InRange(c, 9_600, 10_400));
        Assert.Equal(0, random.NextInt32(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt32(0));
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(random.NextDouble(-2, 3), -2, 3));
    }

    [Fact]
    public void Should_permute_without_losing_any()
    {
        long[] order = new SeededRandom(1).Permutation(1000);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), order.Order());
        Assert.NotEqual(order.Order(), order);
        Assert.Empty(new SeededRandom(1).Permutation(0));
    }
}
