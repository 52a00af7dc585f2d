using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

/// <summary>
/// A network of which is known where it looks. Its images hold a bright object of 3 x 3 pixels, whose brightness is its class, and a dim
/// thing beside it. It always answers right, by the largest value; its logits also hold <c>a</c> times the object's pixels and <c>b</c> times the
/// thing's, so its Grad-CAM map is <c>a</c> on the object, <c>b</c> on the thing and zero elsewhere.
/// </summary>
internal sealed class LookingNetwork : ImageModel
{
    public const int Side = 8;
    public const int ObjectSide = 3;

    private const int Classes = 3;
    private const double ThingLevel = 0.2;
    private const double LeastOfObject = 0.35;
    private static readonly double[] Levels = [0.5, 0.75, 1];

    private readonly double[] _weights;
    private readonly Module _map;
    private readonly Module _point;

    private LookingNetwork(double atObject, double atThing)
    {
        _weights = [atObject, atThing];
        using var generator = new Generator(1);
        var one = (Linear)Register("fc", new Linear(1, 1, generator, bias: false));
        using (GradModeScope noGrad = Autograd.NoGrad())
        {
            one.Weight.FillInPlace(1);
        }

        _map = Register("map", new FormulaModel(input => Parts(input) * one.Weight));
        _point = Register("point", new FormulaModel(maps => maps.Mean([2, 3], keepdim: true)));
    }

    public override IReadOnlyList<string> FeatureLayers => ["map", "point"];

    /// <summary>The values of its map on the object and on the thing.</summary>
    public (double Object, double Thing) Looks => (_weights[0], _weights[1]);

    /// <summary>A classifier whose map is this on the object and on the thing beside it.</summary>
    public static ImageClassifier Looking(double atObject, double atThing)
    {
        TorchRuntime.EnsureStarted();
        using var scope = new TensorScope();
        return new ImageClassifier(new LookingNetwork(atObject, atThing), [0.0], [1.0]);
    }

    /// <summary>Images of three classes in turn with the box of each object; made on the caller's scope.</summary>
    /// <param name="count">How many.</param>
    /// <param name="centred">True for objects in the middle.</param>
    public static ImageSet Images(int count, bool centred = false)
    {
        var pixels = new byte[count * Side * Side];
        var boxes = new ImageBox?[count];
        var random = new Random(5);
        for (int image = 0; image < count; image++)
        {
            int x = centred ? 2 + (image % 2) : random.Next(Side - ObjectSide + 1), y = centred ? 2 + (image / 2 % 2) : random.Next(Side - ObjectSide + 1);
            var box = new ImageBox(x, y, ObjectSide, ObjectSide);
            ImageBox thing;
            do
            {
                thing = new ImageBox(random.Next(Side - 1), random.Next(Side - 1), 2, 1 + (image % 2));
            }
            while (thing.Intersect(box) is not null);

            Fill(pixels.AsSpan(image * Side * Side), box, Levels[image % Classes]);
            Fill(pixels.AsSpan(image * Side * Side), thing, ThingLevel);
            boxes[image] = box;
        }

        return new ImageSet(Tensor.From(pixels, count, 1, Side, Side), Tensor.From([.. Enumerable.Range(0, count).Select(i => (long)(i % Classes))])) { Boxes = boxes };
    }

    protected override Tensor Forward(Tensor input)
    {
        Tensor looked = (_point.Call(_map.Call(input)) * Tensor.From(_weights, 1, 2, 1, 1).To(DType.Float32)).Sum([1, 2, 3]);
        Tensor answer = (input.Detach().To(DType.Float64).Amax([1, 2, 3]).Reshape([-1, 1]) - Tensor.From(Levels, 1, Classes)).Abs().Argmin(1);
        return (answer.OneHot(Classes).To(DType.Float32) * 10.0) + looked.Unsqueeze(1);
    }

    /// <summary>1 on the pixels of the object, and of the thing: <c>[N, 2, H, W]</c>.</summary>
    private static Tensor Parts(Tensor input)
    {
        Tensor values = input.Detach();
        Tensor ofObject = values.Gt(LeastOfObject).To(DType.Float32), any = values.Gt(ThingLevel / 2).To(DType.Float32);
        return Operators.Cat([ofObject, any - ofObject], 1);
    }

    private static void Fill(Span<byte> image, ImageBox box, double level)
    {
        for (int y = (int)box.Y; y < box.Bottom; y++)
        {
            for (int x = (int)box.X; x < box.Right; x++)
            {
                image[(y * Side) + x] = (byte)Math.Round(255 * level);
            }
        }
    }
}
