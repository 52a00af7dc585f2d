using System.Text;
using DistillSharp.Torch.Serialization;
using FsCheck;
using FsCheck.Fluent;

namespace DistillSharp.Torch.Tests.Serialization;

public sealed class SafeTensorsRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File("model.safetensors");

    public void Dispose() => _folder.Dispose();

    /// <summary>A header, the number of bytes of data behind it, and what the message says.</summary>
    public static TheoryData<string, int, string> Headers => new()
    {
        { "", 0, "expected '{', found an empty header" },
        { "[]", 0, "expected '{', found the byte 0x5b" },
        { " {}", 0, "expected '{', found the byte 0x20" },
        { "{", 0, "expected a JSON object of tensors" },
        { "{} {}", 0, "expected a JSON object of tensors" },
        { "{}x", 0, "expected a JSON object of tensors" },
        { "{} // c", 0, "expected a JSON object of tensors" },
        { "{\"a\":1}", 0, "Tensor 'a': expected an object with dtype, shape and data_offsets, found 1" },
        { "{\"a\":null}", 0, "Tensor 'a': expected an object" },
        { "{\"\\ud800\":1}", 0, "an escape that stands for no character" },
        { "{\"__metadata__\":[]}", 0, "__metadata__: expected an object of texts, found a list" },
        { "{\"__metadata__\":{\"k\":1}}", 0, "__metadata__, 'k': expected text, found 1" },
        { "{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0, "'k' a second time" },
        { "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "'__metadata__' a second time" },
        { Entry("U8", "[1]", "[0,1]") + "}", 1, "expected a JSON object" },
        { "{\"a\":{\"dtype\":\"U8\",\"shape\":[0]}}", 0, "found no data_offsets" },
        { "{\"a\":{\"shape\":[0],\"data_offsets\":[0,0]}}", 0, "found no dtype" },
        { "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0],\"extra\":1}}", 0, "found 'extra'" },
        { "{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", 0, "dtype a second time" },
        { "{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", 0, "'a' a second time" },
        { "{\"a\":{\"dtype\":\"U8\",\"shape\":[[0]],\"data_offsets\":[0,0]}}", 0, "depth" },
        { Entry("U32", "[1]", "[0,4]"), 4, "dtype: expected F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL, found U32, which this engine has no elements for" },
        { Entry("Q7", "[1]", "[0,4]"), 4, "found 'Q7'" },
        { Entry("U8", "[-1]", "[0,1]"), 1, "shape: expected whole numbers from 0" },
        { Entry("U8", "[1.5]", "[0,1]"), 1, "found 1.5" },
        { Entry("U8", "[\"1\"]", "[0,1]"), 1, "found text" },
        { Entry("U8", "[99999999999999999999]", "[0,1]"), 1, "found 99999999999999999999" },
        { Entry("F64", "[4611686018427387904,4]", "[0,0]"), 0, "a number of elements that fits 64 bits" },
        { Entry("U8", "[0,9223372036854775807,9223372036854775807]", "[0,0]"), 0, "a number of elements that fits 64 bits" },
        { Entry("U8", "[" + string.Join(",", Enumerable.Repeat(1, 65)) + "]", "[0,1]"), 1, "at most 64 dimensions" },
        { Entry("U8", "[1]", "[0]"), 1, "a begin and an end" },
        { Entry("U8", "[1]", "[1,0]"), 1, "a begin and an end that is not before it, found [1, 0]" },
        { Entry("U8", "[1]", "[0,1,2]"), 1, "at most 2 numbers" },
        { Entry("U8", "[2]", "[0,2]"), 1, "an end within the file's 1 bytes of data, found 2 (is the file cut off?)" },
        { Entry("F32", "[2]", "[0,7]"), 7, "expected 8 bytes for Float32 and the shape [2], found 7 bytes" },
        { Entry("U8", "[1]", "[0,1]"), 2, "Data: expected 1 bytes, as the header says, found 2" },
        { Entry("U8", "[1]", "[1,2]"), 2, "found 1: a hole that no tensor covers" },
        { Two("[0,2]", "[1,3]"), 3, "the two overlap" },
        { Two("[0,2]", "[0,2]"), 2, "the two overlap" },
        { Two("[0,2]", "[3,5]"), 5, "expected a begin of 2, where 'a' ends, found 3: a hole" },
        { "{}", 1, "Data: expected 0 bytes" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void Should_refuse_an_unsound_header(string header, int dataBytes, string message)
    {
        string said = Refused(SafeTensorsBytes.Join(header, new byte[dataBytes]));
        Assert.Contains(message, said);
        Assert.Contains(Target, said);
    }

    [Fact]
    public void Should_refuse_files_that_are_too_short()
    {
        Assert.Contains("found an empty file", Refused([]));
        Assert.Contains("found 7 bytes in all", Refused(new byte[7]));
        Assert.Contains("at most the 2 bytes that follow, found 3 (is the file cut off?)", Refused([3, 0, 0, 0, 0, 0, 0, 0, 1, 2]));
        Assert.Contains("at most 100000000 bytes, found 18446744073709551615", Refused([255, 255, 255, 255, 255, 255, 255, 255]));
        Assert.Contains("expected UTF-8", Refused(SafeTensorsBytes.Join([(byte)'{', 0xFF, (byte)'}'], [])));
    }

    [Fact]
    public void Should_refuse_truth_values_other_than_0_and_1() =>
        Assert.Contains("Tensor 'a', element 1: expected 0 or 1, a truth value, found 2", Refused(SafeTensorsBytes.Join(Entry("BOOL", "[3]", "[0,3]"), [1, 2, 0])));

    [Fact]
    public void Should_keep_control_characters_of_a_file_out_of_messages()
    {
        string said = Refused(SafeTensorsBytes.Join("{\"a\\u001b[31m" + new string('x', 500) + "\":1}", []));
        Assert.DoesNotContain('\u001b', said);
        Assert.True(said.Length < 400, said);
    }

    [Fact]
    public void Should_free_what_it_read_before_the_error()
    {
        long before = Check.Settled();
        string header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"BOOL\",\"shape\":[1],\"data_offsets\":[8,9]}}";
        Refused(SafeTensorsBytes.Join(header, [0, 0, 0, 0, 0, 0, 0, 0, 9]));
        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_read_or_refuse_any_bytes() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => ReadsOrRefuses(bytes)).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Should_read_or_refuse_any_header_text() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => ReadsOrRefuses(SafeTensorsBytes.Join("{" + text + "}", [])))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Should_read_or_refuse_a_sound_file_with_some_bytes_changed()
    {
        using (var scope = new TensorScope())
        {
            var metadata = new Dictionary<string, string> { ["format"] = "pt" };
            SafeTensors.Write(Target, [("conv.weight", Operators.Zeros([2, 1, 3, 3])), ("mask", Operators.Ones([3], DType.Bool)), ("n", Tensor.Of(5, DType.Int64))], metadata);
        }

        byte[] sound = File.ReadAllBytes(Target);
        long before = Check.Settled();
        Gen<(int, byte)[]> changes = Gen.ArrayOf(Gen.Choose(0, sound.Length - 1).SelectMany(at => Gen.Choose(0, 255).Select(value => (at, (byte)value)))).Resize(6);
        Gen<byte[]> mutated = changes.SelectMany(list => Gen.Choose(0, 9).SelectMany(cut => Gen.Choose(0, sound.Length).Select(length =>
        {
            byte[] bytes = [.. sound];
            foreach ((int at, byte value) in list)
            {
                bytes[at] = value;
            }

            return cut == 0 ? bytes[..length] : bytes;
        })));
        Prop.ForAll(Arb.From(mutated), bytes => ReadsOrRefuses(bytes)).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
        Assert.Equal(before, Tensor.LiveCount);
    }

    private static string Entry(string dtype, string shape, string offsets) =>
        $"{{\"a\":{{\"dtype\":\"{dtype}\",\"shape\":{shape},\"data_offsets\":{offsets}}}}}";

    private static string Two(string first, string second) =>
        $"{{\"a\":{{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":{first}}},\"b\":{{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":{second}}}}}";

    private string Refused(byte[] file)
    {
        File.WriteAllBytes(Target, file);
        return Assert.Throws<SafeTensorsException>(() => SafeTensors.Read(Target)).Message;
    }

    // True unless reading throws something else, or allocates far more than the file holds.
    private bool ReadsOrRefuses(byte[] bytes)
    {
        File.WriteAllBytes(Target, bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            SafeTensors.Read(Target).Dispose();
        }
        catch (SafeTensorsException e)
        {
            Assert.Contains(Target, e.Message);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000 + (100 * bytes.Length);
    }
}
