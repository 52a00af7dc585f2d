using System.Globalization;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// Swin transformer (Liu et al. 2021): attention within windows, in four stages between which maps are halved; the tiny one of the paper.
/// Names and initialisation are torchvision's.
/// </summary>
/// <remarks>
/// Its layers give out <c>[N, H, W, C]</c>. The maps <c>map1</c> to <c>map4</c>, <c>[N, C, H, W]</c>, have no weights: what leaves each stage, the last
/// behind the last norm.
/// </remarks>
public sealed class SwinTransformer : ImageModel
{
    private const int Patch = 4;
    private const int Window = 7;
    private const double MostDropped = 0.2;
    private static readonly int[] Depths = [2, 2, 6, 2];
    private static readonly string[] Layers = ["map1", "map2", "map3", "map4", "avgpool"];

    private readonly Module _embedding;
    private readonly Module[] _stages = new Module[Depths.Length];
    private readonly Module[] _mergings = new Module[Depths.Length - 1];
    private readonly LayerNorm _norm;
    private readonly Permute[] _maps = new Permute[Depths.Length];
    private readonly GlobalAvgPool2d _pool;
    private readonly Linear _head;

    /// <summary>Makes the network.</summary>
    /// <param name="task">Image and classes; height and width 4 at least.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <exception cref="ArgumentException">The images are smaller than a patch.</exception>
    public SwinTransformer(ImageTask task, Generator generator)
    {
        if (Math.Min(task.Height, task.Width) < Patch)
        {
            throw new ArgumentException($"A Swin transformer takes images of {Patch}x{Patch} at least, not {task.Height}x{task.Width}.", nameof(task));
        }

        long width = 96;
        var features = new List<Module>();
        _embedding = new Sequential(new Conv2d(task.Channels, width, Patch, generator, stride: Patch), new Permute(0, 2, 3, 1), new LayerNorm(width));
        features.Add(_embedding);
        for (int stage = 0; stage < Depths.Length; stage++)
        {
            features.Add(_stages[stage] = Stage(stage, width, generator));
            if (stage < _mergings.Length)
            {
                features.Add(_mergings[stage] = new PatchMerging(width, generator));
                width *= 2;
            }
        }

        Register("features", new Sequential([.. features]));
        _norm = Register("norm", new LayerNorm(width));
        for (int i = 0; i < _maps.Length; i++)
        {
            _maps[i] = Register("map" + (i + 1).ToString(CultureInfo.InvariantCulture), new Permute(0, 3, 1, 2));
        }

        _pool = Register("avgpool", new GlobalAvgPool2d());
        _head = Register("head", new Linear(width, task.Classes, generator));
        Initialize(generator);
    }

    /// <summary>The network by its name.</summary>
    public static IReadOnlyList<ModelFamily> Families { get; } =
    [
        new(
            "swin_t",
            ModelGroup.ImageNet,
            28_288_354,
            "Swin transformer, tiny, for photographs, torchvision's swin_t",
            [],
            (_, task, generator) => new SwinTransformer(task, generator)),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers => Layers;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor x = _embedding.Call(input);
        for (int i = 0; i < _mergings.Length; i++)
        {
            // The maps lie on the way, so that gradients reach them.
            x = _mergings[i].Call(_maps[i].Call(_stages[i].Call(x)).Permute([0, 2, 3, 1]));
        }

        return _head.Call(_pool.Call(_maps[^1].Call(_norm.Call(_stages[^1].Call(x)))));
    }

    private static Sequential Stage(int stage, long width, Generator generator)
    {
        int before = Depths[..stage].Sum();
        var blocks = new Module[Depths[stage]];
        for (int i = 0; i < blocks.Length; i++)
        {
            double drop = MostDropped * (before + i) / (Depths.Sum() - 1);
            blocks[i] = new SwinBlock(width, width / 32, Window, i % 2 == 0 ? 0 : Window / 2, drop, generator);
        }

        return new Sequential(blocks);
    }

    /// <summary>Every linear layer normal with deviation 0.02, biases 0.</summary>
    private void Initialize(Generator generator)
    {
        foreach ((_, Module module) in NamedModules())
        {
            if (module is Linear linear)
            {
                Initialization.Normal(linear.Weight, 0.02, generator);
                if (linear.Bias is { } bias)
                {
                    Initialization.Zero(bias);
                }
            }
        }
    }
}
