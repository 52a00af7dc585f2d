using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>Several networks as one.</summary>
public static class EnsembleLogits
{
    /// <summary>
    /// The logarithm of the mean of the members' probabilities: logits whose softmax is that mean. Not the mean of the logits: that is a
    /// geometric mean, in which one sure member overrules the others.
    /// </summary>
    /// <param name="members">The logits of each member, all <c>[..., classes]</c> of one shape; gradients go into them.</param>
    /// <returns>The same shape.</returns>
    /// <exception cref="ArgumentException">There is no member, or the shapes differ.</exception>
    public static Tensor LogMeanSoftmax(IReadOnlyList<Tensor> members)
    {
        if (members.Count == 0)
        {
            throw new ArgumentException("An ensemble needs a member; there is none.", nameof(members));
        }

        long[] shape = members[0].Shape;
        if (members.FirstOrDefault(m => !m.Shape.AsSpan().SequenceEqual(shape)) is { } other)
        {
            throw new ArgumentException($"The members of an ensemble give logits of one shape; found {members[0]} and {other}.", nameof(members));
        }

        return Operators.Stack([.. members.Select(m => m.LogSoftmax(-1))]).Logsumexp([0]) - Math.Log(members.Count);
    }
}
