using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance.Domains;

/// <summary>Images of a few pixels whose other views are worked out by hand.</summary>
public sealed class DomainImagesTests
{
    public DomainImagesTests() => TorchRuntime.EnsureStarted();

    [Fact]
    public void Should_Mark_A_Step_From_Black_To_White_As_White_On_Both_Sides()
    {
        using var scope = new TensorScope();
        Tensor step = Tensor.From<byte>([0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 255, 255], 1, 1, 3, 4);

        Assert.Equal([0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0], DomainImages.Edges(step).ToArray<float>());
        Assert.Equal(
            [0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0],
            DomainImages.Edges(Tensor.From<byte>([0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255], 1, 1, 4, 3)).ToArray<float>());
    }

    [Fact]
    public void Should_Scale_Edges_With_The_Step_And_See_None_In_A_Plain_Image()
    {
        using var scope = new TensorScope();

        Assert.Equal([0, 0.25f, 0.25f, 0], DomainImages.Edges(Tensor.From<float>([0.5f, 0.5f, 0.75f, 0.75f], 1, 1, 1, 4)).ToArray<float>());
        Assert.All(DomainImages.Edges(Operators.Full([2, 3, 4, 5], 0.7)).ToArray<float>(), v => Assert.Equal(0, v, 1e-6));
    }

    [Fact]
    public void Should_Take_Edges_Of_The_Mean_Of_Three_Channels_And_Give_Them_To_Each()
    {
        using var scope = new TensorScope();
        float[] pixels = [0, 0, 0.9f, 0.9f, 0, 0, 0, 0, 0, 0, 0.6f, 0.6f];

        float[] edges = DomainImages.Edges(Tensor.From(pixels, 1, 3, 1, 4)).ToArray<float>();

        Assert.Equal(12, edges.Length);
        float[] expected = [0, 0.5f, 0.5f, 0];
        Assert.All(edges.Index(), e => Assert.Equal(expected[e.Index % 4], e.Item, 1e-6));
    }

    [Fact]
    public void Should_Find_Shapes_Before_A_Dark_And_Before_A_Light_Background()
    {
        using var scope = new TensorScope();
        float[] object3X3 = [0, 0, 0, 0, 0.4f, 0, 0, 0.05f, 0];
        float[] onWhite = Array.ConvertAll(object3X3, v => 1 - v);

        Tensor shapes = DomainImages.Silhouettes(Tensor.From<float>([.. object3X3, .. onWhite], 2, 1, 3, 3), 0.1);

        Assert.Equal([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0], shapes.ToArray<float>());
    }

    [Fact]
    public void Should_Take_The_Outermost_Pixels_For_The_Background()
    {
        using var scope = new TensorScope();
        float[] image = [0.2f, 0.2f, 0.9f, 0.2f, 0.5f, 0.9f, 0.2f, 0.9f, 0.2f];

        Assert.Equal(0.2f, Assert.Single(Foreground.Background(Tensor.From(image, 1, 1, 3, 3)).ToArray<float>()));
        Assert.Equal([0, 0, 1, 0, 1, 1, 0, 1, 0], Foreground.Of(Tensor.From(image, 1, 1, 3, 3), 0.25).ToArray<float>());
    }

    [Fact]
    public void Should_Invert_Bytes_And_Numbers()
    {
        using var scope = new TensorScope();

        Assert.Equal([1, 0], DomainImages.Inverted(Tensor.From<byte>([0, 255], 1, 1, 1, 2)).ToArray<float>());
        Assert.Equal([0.75f, 0.5f], DomainImages.Inverted(Tensor.From<float>([0.25f, 0.5f], 1, 1, 1, 2)).ToArray<float>());
    }

    [Fact]
    public void Should_Blur_By_A_Gaussian_And_Leave_A_Plain_Image()
    {
        using var scope = new TensorScope();
        float[] point = new float[81];
        point[40] = 1;

        float[] blurred = DomainImages.Blurred(Tensor.From(point, 1, 1, 9, 9), 1).ToArray<float>();

        // exp(-x²/2) over the sum of its seven values from -3 to 3.
        double sum = 1 + (2 * (Math.Exp(-0.5) + Math.Exp(-2) + Math.Exp(-4.5)));
        Assert.Equal(1 / (sum * sum), blurred[40], 1e-6);
        Assert.Equal(Math.Exp(-0.5) / (sum * sum), blurred[41], 1e-6);
        Assert.Equal(Math.Exp(-2.5) / (sum * sum), blurred[(6 * 9) + 5], 1e-6);
        Assert.Equal(0, blurred[0]);
        Assert.All(DomainImages.Blurred(Operators.Full([1, 3, 2, 5], 0.3), 2).ToArray<float>(), v => Assert.Equal(0.3, v, 1e-6));
    }

    [Fact]
    public void Should_Texture_The_Background_Only()
    {
        using var scope = new TensorScope();
        Tensor image = Tensor.From<float>([0, 0, 0, 0, 0.8f, 0, 0, 0, 0], 1, 1, 3, 3);
        Tensor texture = Tensor.From<float>([0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f, 0.7f, 0.8f, 0.9f], 1, 1, 3, 3);

        Assert.Equal([0.1f, 0.2f, 0.3f, 0.4f, 0.8f, 0.6f, 0.7f, 0.8f, 0.9f], DomainImages.OnTexture(image, texture, 0.1, 1).ToArray<float>());
        Assert.Equal([0.05f, 0.1f, 0.15f, 0.2f, 0.8f, 0.3f, 0.35f, 0.4f, 0.45f], DomainImages.OnTexture(image, texture, 0.1, 0.5).ToArray<float>());
    }

    [Fact]
    public void Should_Give_An_Image_The_Same_Texture_In_Any_Company()
    {
        using var scope = new TensorScope();

        Tensor many = NoiseTextures.Make([7, 8, 9], 3, 6, 5, 1);
        Tensor one = NoiseTextures.Make([8], 3, 6, 5, 1);

        Assert.Equal(one.ToArray<float>(), many.Rows(1, 2).ToArray<float>());
        Assert.NotEqual(many.Rows(0, 1).ToArray<float>(), one.ToArray<float>());
        Assert.All(many.Amin([2, 3]).ToArray<float>(), v => Assert.Equal(0, v));
        Assert.All(many.Amax([2, 3]).ToArray<float>(), v => Assert.Equal(1, v, 1e-6));
    }

    [Fact]
    public void Should_Leave_No_Tensor_But_The_Result()
    {
        using var scope = new TensorScope();
        Tensor image = Tensor.From<byte>([0, 9, 255, 40], 1, 1, 2, 2);
        int before = scope.Count;

        Tensor[] made = [DomainImages.Edges(image), DomainImages.Silhouettes(image, 0.1), DomainImages.Inverted(image), DomainImages.Blurred(image, 1), CueConflicts.Make(image, image, 0.1, 1)];

        Assert.Equal(before + made.Length, scope.Count);
    }
}
