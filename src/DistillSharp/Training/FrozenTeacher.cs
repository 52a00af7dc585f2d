using DistillSharp.Data;
using DistillSharp.Distillation;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Training;

/// <summary>
/// A teacher that only answers: in evaluation mode, without gradients, its batch norms folded into its convolutions.
/// It runs once a batch for all students.
/// </summary>
public sealed class FrozenTeacher : IDisposable
{
    private readonly ImageClassifier _classifier;
    private readonly TapRecorder _taps;
    private readonly Dictionary<string, ChannelNorm> _norms = [];

    /// <summary>Takes over a classifier and freezes it.</summary>
    /// <param name="classifier">The trained teacher; folded here, and disposed with this object. Analyses use another copy.</param>
    /// <param name="taps">Paths of the layers that methods look at; what these give out stays exactly what it was.</param>
    public FrozenTeacher(ImageClassifier classifier, IReadOnlyCollection<string> taps)
    {
        _classifier = classifier;
        classifier.Network.Eval();
        classifier.Network.RequireGradients(false);
        CopyNorms(taps);
        FoldedNorms = BatchNormFolding.Fold(classifier.Network, taps);
        _taps = new TapRecorder(classifier.Network, taps);
    }

    /// <summary>How many batch norms went into convolutions.</summary>
    public int FoldedNorms { get; }

    /// <summary>The batch norms behind tapped maps, as they were before they were folded, by the tap's path.</summary>
    public IReadOnlyDictionary<string, ChannelNorm> Norms => _norms;

    /// <summary>The weights of the last linear layer, <c>[classes, features]</c>; an ensemble's are those of its first member. Null where it has none.</summary>
    public Tensor? ClassWeights => (Network.Find(Network.ClassifierLayer) as Linear)?.Weight;

    /// <summary>The teacher's network, frozen.</summary>
    public ImageModel Network => _classifier.Network;

    /// <summary>Answers for one batch; the caller frees it.</summary>
    /// <param name="images">Float32 <c>[B, C, H, W]</c> in [0, 1].</param>
    /// <exception cref="InvalidOperationException">Someone put the teacher into training mode: its batch norms would follow the batch.</exception>
    public TeacherAnswer Answer(Tensor images)
    {
        if (_classifier.Network.NamedModules().Any(m => m.Value.IsTraining))
        {
            throw new InvalidOperationException("The teacher is in training mode. A frozen teacher stays in evaluation mode: its answers must not depend on the batch.");
        }

        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        _taps.Clear();
        Tensor logits = scope.Keep(_classifier.Logits(images));
        var tapped = _taps.Outputs.ToDictionary(t => t.Key, t => ReferenceEquals(t.Value, logits) ? logits : scope.Keep(t.Value));
        return new TeacherAnswer(logits, tapped);
    }

    /// <summary>Answers for all images of a stream as they are; the caller frees it.</summary>
    internal TeacherSurvey Survey(BatchStream images)
    {
        const int Slice = 256;
        using var scope = new TensorScope();
        var logits = new List<Tensor>();
        for (int start = 0; start < images.Count; start += Slice)
        {
            using var slice = new TensorScope();
            using TeacherAnswer answer = Answer(ImageClassifier.ToUnitRange(images.Originals(start, Math.Min(start + Slice, images.Count))));
            logits.Add(slice.Keep(answer.Logits.Clone()));
        }

        return new TeacherSurvey(scope.Keep(Operators.Cat(logits.ToArray())), scope.Keep(images.Labels()));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _taps.Dispose();
        _classifier.Dispose();
        foreach (ChannelNorm norm in _norms.Values)
        {
            norm.Deviation.Dispose();
            norm.Mean.Dispose();
        }
    }

    private void CopyNorms(IEnumerable<string> taps)
    {
        using var scope = new TensorScope();
        using GradModeScope noGrad = Autograd.NoGrad();
        foreach (string tap in taps)
        {
            if (Network.PreactivationNorm(tap) is { } norm)
            {
                _norms[tap] = new ChannelNorm(norm.Weight.Detach().Clone().Unscoped(), norm.Bias.Detach().Clone().Unscoped());
            }
        }
    }
}

/// <summary>What a teacher says of one batch.</summary>
/// <param name="Logits">Logits <c>[B, classes]</c>.</param>
/// <param name="Taps">What its tapped layers gave out, by path.</param>
public sealed record TeacherAnswer(Tensor Logits, IReadOnlyDictionary<string, Tensor> Taps) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Logits.Dispose();
        foreach (Tensor tensor in Taps.Values)
        {
            tensor.Dispose();
        }
    }
}
