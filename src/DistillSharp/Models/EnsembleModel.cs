using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// Several networks that answer as one: logits = log of the mean of the members' softmax, so that a softmax of them gives the mean
/// of the members' probabilities. (A mean of logits would be another model; it is a known defect of public implementations.)
/// Its features are those of its first member.
/// </summary>
public sealed class EnsembleModel : ImageModel
{
    private const string Members = "members";

    private readonly ImageModel[] _members;

    /// <summary>Takes over networks of one task.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public EnsembleModel(IReadOnlyList<ImageModel> members)
    {
        if (members.Count == 0)
        {
            throw new ArgumentException("An ensemble has at least one member.", nameof(members));
        }

        var list = new Sequential(members.ToArray<Module>());
        Register(Members, list);
        _members = [.. members];
        FeatureLayers = _members[0].FeatureLayers.Select(First).ToList();
        PreactivationLayers = _members[0].PreactivationLayers.Select(First).ToList();
        ZooName = _members[0].ZooName;
        if (_members.All(m => m.MakeAlike is not null))
        {
            MakeAlike = () => new EnsembleModel(_members.Select(m => m.MakeAlike!()).ToList());
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> FeatureLayers { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> PreactivationLayers { get; }

    /// <inheritdoc/>
    public override string LastMapLayer => First(_members[0].LastMapLayer);

    /// <inheritdoc/>
    public override string ClassifierLayer => First(_members[0].ClassifierLayer);

    /// <inheritdoc/>
    public override BatchNorm2d? PreactivationNorm(string path) =>
        path.StartsWith(First(""), StringComparison.Ordinal) ? _members[0].PreactivationNorm(path[First("").Length..]) : null;

    /// <summary>log((1/M) Σ softmax(logits_m)), computed by log-sum-exp so that no probability vanishes.</summary>
    /// <param name="members">Logits <c>[..., classes]</c>, at least one tensor, all of one shape.</param>
    public static Tensor LogMeanSoftmax(IReadOnlyList<Tensor> members) =>
        Operators.Stack(members.Select(m => m.LogSoftmax(-1)).ToArray()).Logsumexp([0]) - Math.Log(members.Count);

    /// <summary>The path of a member's layer.</summary>
    /// <param name="member">The member, from 0.</param>
    /// <param name="path">The layer's path in the member.</param>
    public static string PathOf(int member, string path) => FormattableString.Invariant($"{Members}.{member}.{path}");

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => LogMeanSoftmax(_members.Select(m => m.Call(input)).ToList());

    private static string First(string path) => PathOf(0, path);
}
