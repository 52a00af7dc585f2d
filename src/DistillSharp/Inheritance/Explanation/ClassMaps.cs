using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>The maps of one model for one class of each image or for every class, <c>[N, K, h, w]</c>, on the CPU.</summary>
internal sealed class ClassMaps
{
    private readonly Tensor _maps;

    private ClassMaps(Tensor maps) => _maps = maps;

    /// <summary>How large the maps are, e.g. <c>7x7</c>.</summary>
    public string Size => $"{_maps.Size(2)}x{_maps.Size(3)}";

    /// <summary>Makes maps; they are on the caller's scope.</summary>
    /// <param name="method">Which maps.</param>
    /// <param name="model">The classifier.</param>
    /// <param name="layer">Where it is looked at.</param>
    /// <param name="sample">The images, with their true classes.</param>
    /// <param name="classes">How many classes there are, for the map of each; null for the true class alone.</param>
    /// <param name="mostChannels">Most channels, where the method asks each.</param>
    /// <param name="slice">How many images at a time.</param>
    /// <exception cref="MapSizeException">The layer gives out no maps, or maps of one pixel.</exception>
    public static ClassMaps Of(MapMethod method, ImageClassifier model, string layer, ImageSample sample, int? classes, int mostChannels, int slice)
    {
        using var scope = new TensorScope();
        Tensor OfClass(Tensor labels) => method.Maps(model, layer, sample.Images, labels, mostChannels, slice).Unsqueeze(1);
        return new ClassMaps(scope.Keep(classes is { } count
            ? Operators.Cat([.. Enumerable.Range(0, count).Select(c => OfClass(sample.Labels.FullLike((double)c)))], 1)
            : OfClass(sample.Labels)));
    }

    /// <summary>True for each image whose maps are zero throughout, of all classes.</summary>
    public bool[] AreZero() => GradCam.IsZero(Joined());

    /// <summary>The cosine with other maps of each image, all classes together, <c>[N]</c>: these are brought to the others' size first.</summary>
    /// <param name="wanted">The maps to compare with, of as many classes.</param>
    public double[] Cosines(ClassMaps wanted)
    {
        using var scope = new TensorScope();
        (long height, long width) = (wanted._maps.Size(2), wanted._maps.Size(3));
        Tensor fitted = Size == wanted.Size ? _maps : GradCam.Resize(_maps.Flatten(0, 1), height, width).View([_maps.Size(0), _maps.Size(1), height, width]);
        return GradCam.Cosines(wanted.Joined(), new ClassMaps(fitted).Joined());
    }

    /// <summary>The map <c>[h, w]</c> of one image, of its true class.</summary>
    /// <param name="at">Which image.</param>
    /// <param name="label">Its true class.</param>
    public Tensor Map(int at, int label) => _maps.Select(0, at).Select(0, _maps.Size(1) == 1 ? 0 : label);

    /// <summary>The maps <c>[n, h, w]</c> of some images, of one class each.</summary>
    /// <param name="positions">Which images, [n].</param>
    /// <param name="labels">The class of each, [n]; where these are maps of the true class alone, it is that.</param>
    public Tensor OfClasses(int[] positions, int[] labels)
    {
        using var scope = new TensorScope();
        long classes = _maps.Size(1);
        long[] rows = [.. positions.Zip(labels, (at, label) => (at * classes) + (classes == 1 ? 0 : label))];
        return scope.Keep(_maps.Flatten(0, 1).IndexSelect(0, Tensor.From(rows)));
    }

    /// <summary>The maps of all classes of an image one below the other, <c>[N, K h, w]</c>.</summary>
    private Tensor Joined() => _maps.Flatten(1, 2);
}
