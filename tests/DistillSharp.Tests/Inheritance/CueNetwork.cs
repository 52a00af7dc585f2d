using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

/// <summary>
/// A network whose shape bias is known: on a share of the images, picked by a number made of their pixels, it answers by the place of the
/// object, on the others by the object's brightness. Its images have a band of rows for each class, each of another brightness.
/// </summary>
internal sealed class CueNetwork : ImageModel
{
    private const int Side = 6;
    private const int Classes = 3;
    private static readonly double[] Levels = [0.4, 0.7, 1];

    private readonly double _share;
    private readonly double _offset;
    private readonly bool _neither;

    private CueNetwork(double share, double offset, bool neither)
    {
        (_share, _offset, _neither) = (share, offset, neither);
        using var generator = new Generator(1);
        Register("fc", new Linear(1, 1, generator));
    }

    public override IReadOnlyList<string> FeatureLayers => ["fc"];

    /// <summary>Follows the shape on a share of the images; networks of different offsets choose different ones.</summary>
    public static ImageClassifier Following(double share, double offset = 0) => Wrap(share, offset, neither: false);

    /// <summary>Right where shape and texture agree; where they do not, neither is its answer.</summary>
    public static ImageClassifier Undecided() => Wrap(0, 0, neither: true);

    /// <summary>Images of three classes in turn, under a little noise; made on the caller's scope.</summary>
    public static ImageSet Images(int count)
    {
        var pixels = new byte[count * Side * Side];
        var random = new Random(5);
        for (int image = 0; image < count; image++)
        {
            int label = image % Classes;
            for (int at = 2 * label * Side; at < 2 * (label + 1) * Side; at++)
            {
                pixels[(image * Side * Side) + at] = (byte)((255 * Levels[label]) - random.Next(20));
            }
        }

        return new ImageSet(Tensor.From(pixels, count, 1, Side, Side), Tensor.From([.. Enumerable.Range(0, count).Select(i => (long)(i % Classes))]));
    }

    protected override Tensor Forward(Tensor input)
    {
        Tensor values = input.To(DType.Float64);
        Tensor place = values.Sum([1L, 3L]).Reshape([-1, Classes, Side / Classes]).Sum(2).Argmax(1);
        Tensor brightness = (values.Amax([1, 2, 3]).Reshape([-1, 1]) - Tensor.From(Levels, 1, Classes)).Abs().Argmin(1);
        Tensor byShape = place.OneHot(Classes).To(DType.Float32), byTexture = brightness.OneHot(Classes).To(DType.Float32);
        if (_neither)
        {
            return (byShape * byTexture * 10.0) - byShape - byTexture;
        }

        Tensor whole = (values.Sum([1L, 2L, 3L]) * 255.0 + 0.5).Floor();
        Tensor number = ((whole * 0.6180339887) + (place.To(DType.Float64) * 0.37) + _offset).Remainder(1.0);
        Tensor follows = number.Lt(_share).To(DType.Float32).Reshape([-1, 1]);
        return (follows * byShape) + ((1.0 - follows) * byTexture);
    }

    private static ImageClassifier Wrap(double share, double offset, bool neither)
    {
        TorchRuntime.EnsureStarted();
        using var scope = new TensorScope();
        return new ImageClassifier(new CueNetwork(share, offset, neither), [0.0], [1.0]);
    }
}
