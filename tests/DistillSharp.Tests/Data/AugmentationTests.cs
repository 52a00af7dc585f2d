using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Data;

public class AugmentationTests
{
    public static TheoryData<string, int> Kinds => new()
    {
        { "none", 3 }, { "crop", 1 }, { "crop", 3 }, { "crop", 2 }, { "flip", 1 }, { "flip", 3 }, { "crop and flip", 3 }, { "brightness", 3 },
        { "contrast", 1 }, { "contrast", 3 }, { "saturation", 1 }, { "saturation", 3 }, { "hue", 1 }, { "hue", 3 }, { "all", 1 }, { "all", 3 },
    };

    // float32 against double: tolerance 1e-5, a thousandth of a grey level in 256.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Should_do_what_the_image_by_image_reference_does(string kind, int channels)
    {
        Augmentation augmentation = Of(kind);
        using var scope = new TensorScope();
        Tensor images = SmallImages.Batch(32, channels, 6, 9);
        AugmentationParameters parameters = AugmentationParameters.Draw(augmentation, 32, seed: 11);
        double[] expected = AugmentationReference.Apply(images.ToArray<byte>(), channels, 6, 9, augmentation, parameters);
        Tensor found = augmentation.Apply(images, seed: 11);
        Assert.Equal([32, channels, 6, 9], found.Shape);
        Assert.Equal(DType.Float32, found.DType);
        Assert.True(found.IsContiguous);
        float[] values = found.ToArray<float>();
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - values[i]) < 1e-5, $"element {i}: expected {expected[i]}, found {values[i]}");
        }
    }

    [Fact]
    public void Should_turn_black_white_and_pure_colours_as_the_reference_does()
    {
        byte[] corners = [0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0, 0, 255, 255, 255, 0, 255, 128, 128, 128, 128, 128, 3];
        using var scope = new TensorScope();
        Tensor images = Tensor.From(corners, 10, 3, 1, 1);
        var augmentation = new Augmentation { Hue = 0.5 };
        double[] expected = AugmentationReference.Apply(corners, 3, 1, 1, augmentation, AugmentationParameters.Draw(augmentation, 10, seed: 2));
        float[] found = augmentation.Apply(images, seed: 2).ToArray<float>();
        Assert.All(Enumerable.Range(0, 30), i => Assert.Equal(expected[i], found[i], 1e-5));
    }

    [Fact]
    public void Should_give_the_same_bits_for_the_same_seed()
    {
        using var scope = new TensorScope();
        Tensor images = SmallImages.Batch(16, 3, 8, 8);
        byte[] before = images.ToArray<byte>();
        Assert.Equal(Of("all").Apply(images, 5).ToArray<float>(), Of("all").Apply(images, 5).ToArray<float>());
        Assert.NotEqual(Of("all").Apply(images, 5).ToArray<float>(), Of("all").Apply(images, 6).ToArray<float>());
        Assert.Equal(before, images.ToArray<byte>());
    }

    [Fact]
    public void Should_draw_each_kind_apart_from_the_others()
    {
        AugmentationParameters alone = AugmentationParameters.Draw(Of("crop"), 64, seed: 3);
        AugmentationParameters together = AugmentationParameters.Draw(Of("all") with { Crop = Of("crop").Crop }, 64, seed: 3);
        Assert.Equal(alone.Top, together.Top);
        Assert.Equal(alone.Left, together.Left);
        Assert.NotEqual(together.Top, together.Left);
    }

    [Fact]
    public void Should_draw_evenly_over_what_is_allowed()
    {
        var augmentation = new Augmentation { Crop = 2, Flip = true, Brightness = 0.4, Contrast = 1.5, Hue = 0.1 };
        AugmentationParameters drawn = AugmentationParameters.Draw(augmentation, 20_000, seed: 1);

        // Five standard deviations: 354 for a fair coin, 283 for one of five.
        Assert.InRange(drawn.Flipped.Count(f => f), 10_000 - 354, 10_000 + 354);
        Assert.All(Enumerable.Range(0, 5), o => Assert.InRange(drawn.Top.Count(t => t == o), 4_000 - 283, 4_000 + 283));
        Assert.All(Enumerable.Range(0, 5), o => Assert.InRange(drawn.Left.Count(t => t == o), 4_000 - 283, 4_000 + 283));
        Range(drawn.Brightness, 0.6, 1.4);
        Range(drawn.Contrast, 0, 2.5);
        Range(drawn.Hue, -0.1, 0.1);
        Range(drawn.Saturation, 1, 1);

        static void Range(float[] values, double low, double high)
        {
            double slack = (high - low) * 0.01;
            Assert.All(values, v => Assert.InRange(v, low - 1e-6, high + 1e-6));
            Assert.Equal((low + high) / 2, values.Average(), slack);
            Assert.Equal(low, values.Min(), slack);
            Assert.Equal(high, values.Max(), slack);
        }
    }

    [Fact]
    public void Should_take_its_options_as_declared()
    {
        Assert.Equal(Augmentation.None, Augmentation.From(new OptionValues(Augmentation.Options)));
        var given = new Dictionary<string, object?> { ["crop"] = 4, ["flip"] = true, ["brightness"] = 0.4, ["contrast"] = 0.3, ["saturation"] = 0.2, ["hue"] = 0.1 };
        Augmentation expected = new() { Crop = 4, Flip = true, Brightness = 0.4, Contrast = 0.3, Saturation = 0.2, Hue = 0.1 };
        Assert.Equal(expected, Augmentation.From(new OptionValues(Augmentation.Options, given)));
    }

    [Fact]
    public void Should_refuse_what_makes_no_sense()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Augmentation { Crop = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Augmentation { Hue = 0.6 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Augmentation { Contrast = double.NaN });
        using Tensor two = SmallImages.Batch(1, 2, 3, 3);
        Assert.Contains("these have 2", Assert.Throws<ArgumentException>(() => Of("hue").Apply(two, 1)).Message);
    }

    [Fact]
    public void Should_give_back_all_but_the_result()
    {
        using Tensor images = SmallImages.Batch(8, 3, 8, 8);
        long before = LiveTensors.Settled();
        using (Of("all").Apply(images, 1))
        {
            Assert.Equal(before + 1, Tensor.LiveCount);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    private static Augmentation Of(string kind) => kind switch
    {
        "crop" => new Augmentation { Crop = 2 },
        "flip" => new Augmentation { Flip = true },
        "crop and flip" => new Augmentation { Crop = 3, Flip = true },
        "brightness" => new Augmentation { Brightness = 0.8 },
        "contrast" => new Augmentation { Contrast = 0.8 },
        "saturation" => new Augmentation { Saturation = 1.2 },
        "hue" => new Augmentation { Hue = 0.5 },
        "all" => new Augmentation { Crop = 2, Flip = true, Brightness = 0.4, Contrast = 0.4, Saturation = 0.4, Hue = 0.2 },
        _ => Augmentation.None,
    };
}
