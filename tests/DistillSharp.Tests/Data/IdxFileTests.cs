using DistillSharp.Data;
using FsCheck;
using FsCheck.Fluent;

namespace DistillSharp.Tests.Data;

public class IdxFileTests
{
    private static readonly byte[] Small = IdxBytes.Of([2, 1, 3], 1, 2, 3, 4, 5, 6);

    [Fact]
    public void Should_read_plain_and_gzip_whatever_the_name()
    {
        using var folder = new TemporaryFolder();
        foreach (string path in new[] { folder.Write("a.gz", Small), folder.Write("b", IdxBytes.Gzip(Small)) })
        {
            IdxFile file = IdxFile.Read(path);
            Assert.Equal([2, 1, 3], file.Dimensions);
            Assert.Equal([1, 2, 3, 4, 5, 6], file.Data);
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(Small)), file.UnpackedMd5());
        }
    }

    [Fact]
    public void Should_read_a_file_of_no_elements() => Assert.Empty(Read(IdxBytes.Of([0, 28, 28])).Data);

    [Theory]
    [InlineData(new byte[0], "offset 0", "4 bytes of the magic number")]
    [InlineData(new byte[] { 0, 0, 8 }, "offset 3", "4 bytes of the magic number")]
    [InlineData(new byte[] { 0x89, 0x50, 8, 1 }, "offset 0 (magic number)", "0x00 0x00")]
    [InlineData(new byte[] { 0, 0, 0x0d, 1, 0, 0, 0, 1 }, "offset 2 (type of the elements)", "0x08")]
    [InlineData(new byte[] { 0, 0, 8, 0 }, "offset 3 (number of dimensions)", "1 to 4")]
    [InlineData(new byte[] { 0, 0, 8, 5 }, "offset 3 (number of dimensions)", "1 to 4")]
    [InlineData(new byte[] { 0, 0, 8, 2, 0, 0, 0, 1, 0, 0 }, "offset 10", "the size of dimension 1")]
    [InlineData(new byte[] { 0, 0, 8, 1, 0xff, 0xff, 0xff, 0xff }, "offset 4 (size of dimension 0)", "at most 1073741824")]
    [InlineData(new byte[] { 0, 0, 8, 2, 0, 1, 0, 0, 0, 1, 0, 0 }, "offset 8 (size of dimension 1)", "at most 1073741824")]
    public void Should_say_what_is_wrong_with_the_header(byte[] content, string place, string expected)
    {
        var error = Assert.Throws<DataFormatException>(() => Read(content));
        Assert.Equal("test", error.Origin);
        Assert.StartsWith(place, error.Place);
        Assert.Contains(expected, error.Expected);
        Assert.Contains(error.Found, error.Message);
    }

    [Fact]
    public void Should_name_the_type_that_it_does_not_read() =>
        Assert.Equal("0x0d (float)", Assert.Throws<DataFormatException>(() => Read([0, 0, 0x0d, 1, 0, 0, 0, 0])).Found);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Should_refuse_missing_elements(bool gzip)
    {
        byte[] content = Small[..^2];
        var error = Assert.Throws<DataFormatException>(() => Read(gzip ? IdxBytes.Gzip(content) : content));
        Assert.Equal("offset 16 (elements)", error.Place);
        Assert.Equal("6 bytes, as the header says", error.Expected);
        Assert.Contains("4", error.Found);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Should_refuse_trailing_bytes(bool gzip)
    {
        byte[] content = [.. Small, 7];
        var error = Assert.Throws<DataFormatException>(() => Read(gzip ? IdxBytes.Gzip(content) : content));
        Assert.Equal(("offset 22", "the end of the file"), (error.Place, error.Expected));
    }

    [Fact]
    public void Should_stop_a_gzip_bomb_after_one_byte_too_many()
    {
        byte[] bomb = IdxBytes.Gzip([.. Small, .. new byte[64 << 20]]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DataFormatException>(() => Read(bomb));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Should_not_reserve_what_a_small_file_cannot_hold()
    {
        byte[] claim = [0, 0, 8, 1, 0x40, 0, 0, 0];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DataFormatException>(() => Read(claim));
        Assert.Throws<DataFormatException>(() => Read(IdxBytes.Gzip(claim)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Should_refuse_a_gzip_layer_that_is_damaged_or_cut()
    {
        byte[] packed = IdxBytes.Gzip(IdxBytes.Of([4000], IdxBytes.Ramp(4000)));
        byte[] wrongChecksum = [.. packed];
        wrongChecksum[^6] ^= 0xff;
        Assert.Equal("gzip layer", Assert.Throws<DataFormatException>(() => Read(wrongChecksum)).Place);
        for (int length = 2; length < packed.Length; length++)
        {
            Assert.Throws<DataFormatException>(() => Read(packed[..length]));
        }
    }

    [Fact]
    public void Should_accept_or_explain_any_bytes()
    {
        Gen<byte[]> noise = Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>());
        Gen<byte[]> nearlyValid =
            from elements in noise
            from dimensions in Gen.ArrayOf(Gen.Choose(0, 3))
            from place in Gen.Choose(0, 40)
            from value in ArbMap.Default.GeneratorFor<byte>()
            select Changed(IdxBytes.Of(dimensions, elements), place, value);
        Gen<byte[]> any = Gen.OneOf(noise, nearlyValid, nearlyValid.Select(IdxBytes.Gzip), nearlyValid.Select(IdxBytes.Gzip).Zip(Gen.Choose(0, 60)).Select(c => Changed(c.Item1, c.Item2, 0x5a)));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(any.ToArbitrary(), content =>
        {
            try
            {
                IdxFile file = Read(content);
                return file.Data.Length == file.Dimensions.Aggregate(1, (a, b) => a * b);
            }
            catch (DataFormatException)
            {
                return true;
            }
        }));
    }

    private static IdxFile Read(byte[] content) => IdxFile.Read(new MemoryStream(content), "test");

    private static byte[] Changed(byte[] content, int place, byte value)
    {
        if (place < content.Length)
        {
            content[place] = value;
        }

        return content;
    }
}
