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
        { "resized crop", 1 }, { "resized crop", 3 }, { "wide crop", 2 }, { "rotation", 1 }, { "rotation", 3 }, { "smooth rotation", 2 }, { "geometry", 3 },
    };

    // float32 against double: tolerance 1e-5, a thousandth of a grey level in 256.
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Should_do_what_the_image_by_image_reference_does(string kind, int channels)
    {
        Augmentation augmentation = Of(kind);
        using var scope = new TensorScope();
        Tensor images = SmallImages.Batch(32, channels, 6, 9);
        AugmentationParameters parameters = AugmentationParameters.Draw(augmentation, 32, 6, 9, seed: 11);
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
        double[] expected = AugmentationReference.Apply(corners, 3, 1, 1, augmentation, AugmentationParameters.Draw(augmentation, 10, 1, 1, seed: 2));
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
        AugmentationParameters alone = AugmentationParameters.Draw(Of("crop"), 64, 8, 8, seed: 3);
        AugmentationParameters together = AugmentationParameters.Draw(Of("all") with { Crop = Of("crop").Crop }, 64, 8, 8, seed: 3);
        Assert.Equal(alone.Top, together.Top);
        Assert.Equal(alone.Left, together.Left);
        Assert.NotEqual(together.Top, together.Left);
    }

    [Fact]
    public void Should_draw_evenly_over_what_is_allowed()
    {
        var augmentation = new Augmentation { Crop = 2, Flip = true, Brightness = 0.4, Contrast = 1.5, Hue = 0.1 };
        AugmentationParameters drawn = AugmentationParameters.Draw(augmentation, 20_000, 8, 8, seed: 1);

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
    public void Should_take_crops_and_rotations_as_torchvision_names_and_defaults_them()
    {
        Assert.Equal(new Augmentation { ResizedCrop = new RandomResizedCrop(0.08, 1, 3.0 / 4, 4.0 / 3), Rotation = new RandomRotation(15, bilinear: false) }, Read(("resized-crop", (double[])[0.08, 1]), ("rotation", 15.0)));
        Assert.Equal(
            new Augmentation { ResizedCrop = new RandomResizedCrop(0.2, 0.3, 1, 1), Rotation = new RandomRotation(90, bilinear: true) },
            Read(("resized-crop", (double[])[0.2, 0.3]), ("resized-crop-shape", (double[])[1, 1]), ("rotation", 90.0), ("rotation-interpolation", "bilinear")));
    }

    [Fact]
    public void Should_say_which_options_do_not_fit_together()
    {
        Assert.Contains("'resized-crop': expected two numbers, the least and the most, found 1", Refused(("resized-crop", (double[])[0.5])), StringComparison.Ordinal);
        Assert.Contains("such as [0.08, 1], found [0.9, 0.5]", Refused(("resized-crop", (double[])[0.9, 0.5])), StringComparison.Ordinal);
        Assert.Contains("found [0, 1]", Refused(("resized-crop", (double[])[0, 1])), StringComparison.Ordinal);
        Assert.Contains("width over height, from 0.01 to 100 and in this order, such as [0.75, 1.33], found [2, 1]", Refused(("resized-crop", (double[])[0.5, 1]), ("resized-crop-shape", (double[])[2, 1])), StringComparison.Ordinal);
        Assert.Contains("expected 'resized-crop' beside it", Refused(("resized-crop-shape", (double[])[1, 1])), StringComparison.Ordinal);
        Assert.Contains("expected 'rotation' beside it", Refused(("rotation-interpolation", "nearest")), StringComparison.Ordinal);
        Assert.Contains("0 to 180 degrees, found 181", Assert.Throws<ArgumentException>(() => new RandomRotation(181)).Message, StringComparison.Ordinal);

        static string Refused(params (string, object?)[] given) => Assert.Throws<ArgumentException>(() => Read(given)).Message;
    }

    [Fact]
    public void Should_leave_what_was_drawn_before_as_it_was_when_crops_and_rotations_are_added()
    {
        AugmentationParameters before = AugmentationParameters.Draw(Of("crop and flip") with { Contrast = 0.4 }, 32, 8, 8, seed: 4);
        AugmentationParameters after = AugmentationParameters.Draw(Of("crop and flip") with { Contrast = 0.4, ResizedCrop = new RandomResizedCrop(0.1, 1), Rotation = new RandomRotation(9) }, 32, 8, 8, seed: 4);
        Assert.Equal((before.Top, before.Left, before.Flipped, before.Contrast), (after.Top, after.Left, after.Flipped, after.Contrast), (a, b) =>
            a.Top.SequenceEqual(b.Top) && a.Left.SequenceEqual(b.Left) && a.Flipped.SequenceEqual(b.Flipped) && a.Contrast.SequenceEqual(b.Contrast));
        Assert.Empty(before.Windows);
        Assert.Equal(32, after.Degrees.Distinct().Count());
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

    private static Augmentation Read(params (string Name, object? Value)[] given) =>
        Augmentation.From(new OptionValues(Augmentation.Options, given.ToDictionary(g => g.Name, g => g.Value)));

    private static Augmentation Of(string kind) => kind switch
    {
        "crop" => new Augmentation { Crop = 2 },
        "flip" => new Augmentation { Flip = true },
        "crop and flip" => new Augmentation { Crop = 3, Flip = true },
        "brightness" => new Augmentation { Brightness = 0.8 },
        "contrast" => new Augmentation { Contrast = 0.8 },
        "saturation" => new Augmentation { Saturation = 1.2 },
        "hue" => new Augmentation { Hue = 0.5 },
        "all" => new Augmentation { Crop = 2, Flip = true, Brightness = 0.4, Contrast = 0.4, Saturation = 0.4, Hue = 0.2, ResizedCrop = new RandomResizedCrop(0.4, 1), Rotation = new RandomRotation(20) },
        "resized crop" => new Augmentation { ResizedCrop = new RandomResizedCrop(0.08, 1) },
        "wide crop" => new Augmentation { ResizedCrop = new RandomResizedCrop(0.5, 0.5, 2, 3) },
        "rotation" => new Augmentation { Rotation = new RandomRotation(180) },
        "smooth rotation" => new Augmentation { Rotation = new RandomRotation(40, bilinear: true) },
        "geometry" => new Augmentation { Crop = 1, Flip = true, ResizedCrop = new RandomResizedCrop(0.3, 0.9), Rotation = new RandomRotation(30, bilinear: true), Contrast = 0.5 },
        _ => Augmentation.None,
    };
}
