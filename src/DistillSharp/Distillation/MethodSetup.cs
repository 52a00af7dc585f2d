using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>What a method is told once, before the first step.</summary>
/// <param name="TrainingExamples">How many training examples there are: the range of the sample indices, and the size of memory banks.</param>
/// <param name="Classes">How many classes there are.</param>
/// <param name="Generator">Where the method's initial weights and banks come from.</param>
public sealed record MethodSetup(int TrainingExamples, int Classes, Generator Generator)
{
    /// <summary>How many epochs the run has.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>How many batches an epoch has.</summary>
    public int BatchesPerEpoch { get; init; } = 1;

    /// <summary>How many steps the run has in all: what initial stages are a share of.</summary>
    public long Steps => (long)Epochs * BatchesPerEpoch;

    /// <summary>
    /// Asks the teacher about all training images, once for all methods of a group; the tensors belong to the caller of
    /// <see cref="DistillationMethod.Build"/> and are freed after it: copy what is needed. Null without a teacher.
    /// </summary>
    public Func<TeacherSurvey>? Survey { get; init; }

    /// <summary>The weights of the teacher's last linear layer, <c>[classes, features]</c>: one template a class. Null where it has none.</summary>
    public Tensor? TeacherClassWeights { get; init; }

    /// <summary>The batch norms behind the teacher's tapped maps, by the tap's path, where there are any.</summary>
    public IReadOnlyDictionary<string, ChannelNorm> TeacherNorms { get; init; } = new Dictionary<string, ChannelNorm>();

    /// <summary>Tells the user what is worth knowing and no error, e.g. the share of targets whose largest class is not the true one.</summary>
    public Action<string> Warn { get; init; } = _ => { };
}
