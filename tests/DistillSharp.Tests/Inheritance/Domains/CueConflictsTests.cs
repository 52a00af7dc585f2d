using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance.Domains;

public sealed class CueConflictsTests
{
    // An object of four pixels in the middle of a plain background.
    private static readonly float[] Texture =
    [
        0, 0, 0, 0,
        0, 0.2f, 0.4f, 0,
        0, 0.6f, 0.8f, 0,
        0, 0, 0, 0,
    ];

    public CueConflictsTests() => TorchRuntime.EnsureStarted();

    [Fact]
    public void Should_Tile_The_Middle_Of_The_Object_With_Mirrors()
    {
        using var scope = new TensorScope();

        float[] tiled = TiledPatches.Make(Tensor.From(Texture, 1, 1, 4, 4), 0.1, 2).ToArray<float>();

        Assert.Equal(
            [
                0.2f, 0.4f, 0.4f, 0.2f,
                0.6f, 0.8f, 0.8f, 0.6f,
                0.6f, 0.8f, 0.8f, 0.6f,
                0.2f, 0.4f, 0.4f, 0.2f,
            ],
            tiled);
    }

    [Fact]
    public void Should_Fill_The_Shape_Of_One_With_The_Texture_Of_Another()
    {
        using var scope = new TensorScope();
        float[] shape = [1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0.95f, 1, 1, 1, 1, 1];

        float[] made = CueConflicts.Make(Tensor.From(shape, 1, 1, 4, 4), Tensor.From(Texture, 1, 1, 4, 4), 0.1, 2).ToArray<float>();

        Assert.Equal([1, 1, 1, 1, 1, 0.8f, 0.8f, 1, 1, 0.8f, 1, 1, 1, 1, 1, 1], made);
    }

    [Fact]
    public void Should_Keep_The_Colours_Of_The_Texture()
    {
        using var scope = new TensorScope();
        Tensor texture = Tensor.From<float>([0, 0, 0, 0, 0.3f, 0, 0, 0, 0, 0, 0, 0, 0, 0.6f, 0, 0, 0, 0, 0, 0, 0, 0, 0.9f, 0, 0, 0, 0], 1, 3, 3, 3);

        float[] tiled = TiledPatches.Make(texture, 0.1, 1).ToArray<float>();

        Assert.All(tiled.Index(), p => Assert.Equal(0.3f * (1 + (p.Index / 9)), p.Item, 1e-6));
    }

    [Fact]
    public void Should_Move_The_Patch_Into_The_Image_And_Take_The_Middle_Where_There_Is_No_Object()
    {
        using var scope = new TensorScope();
        Tensor corner = Tensor.From<float>([0, 0, 0, 0, 0, 0, 0, 0, 1], 1, 1, 3, 3);
        Tensor plain = Tensor.From<float>([0.01f, 0, 0, 0, 0.05f, 0, 0, 0, 0], 1, 1, 3, 3);

        Assert.Equal([0, 0, 0, 0, 1, 1, 0, 1, 1], TiledPatches.Make(corner, 0.1, 2).ToArray<float>());
        Assert.All(TiledPatches.Make(plain, 0.1, 1).ToArray<float>(), v => Assert.Equal(0.05f, v));
        Assert.Throws<ArgumentOutOfRangeException>(() => TiledPatches.Make(plain, 0.1, 4));
    }

    [Fact]
    public void Should_Pair_Every_Image_With_One_Of_Another_Class()
    {
        int[] classes = [.. Enumerable.Range(0, 200).Select(i => i % 3 == 0 ? 0 : 1)];

        int[] partners = CueConflicts.Partners(classes);

        Assert.All(partners.Index(), p => Assert.NotEqual(classes[p.Index], classes[p.Item]));
        Assert.True(partners.Distinct().Count() > 50, "The partners are hardly mixed.");
        Assert.Equal(partners, CueConflicts.Partners(classes));
        Assert.Throws<ArgumentException>(() => CueConflicts.Partners([2, 2, 2]));
    }
}
