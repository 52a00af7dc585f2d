using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>
/// Target distributions that hold a part of what a teacher says (Tang et al., "Understanding and Improving Knowledge Distillation",
/// arXiv 2002.03532, 2020), and controls that the paper lacks. All are <c>[B, classes]</c>, rows summing to 1, without graph.
/// </summary>
public static class PartialTargets
{
    /// <summary>KD-pt: the teacher's probability of the true class; the rest is even over the other classes.</summary>
    /// <param name="trueProbabilities">p of the true class, <c>[B]</c>, from 0 to 1.</param>
    /// <param name="targets">The true classes, Int64 <c>[B]</c>.</param>
    /// <param name="classes">How many classes there are, 2 or more.</param>
    public static Tensor EvenRest(Tensor trueProbabilities, Tensor targets, long classes)
    {
        Tensor own = trueProbabilities.Unsqueeze(1);
        return ((1 - own) / (classes - 1.0)).Expand([targets.Size(0), classes]).Clone().ScatterInPlace(1, targets.Unsqueeze(1), own);
    }

    /// <summary>KD-rel and KD-pt-rel: a probability of the true class; the rest as the classes are related to it.</summary>
    /// <param name="trueProbabilities">p of the true class, <c>[B]</c>, from 0 to 1.</param>
    /// <param name="targets">The true classes, Int64 <c>[B]</c>.</param>
    /// <param name="relations">Row t is how classes share what is not t's; 0 on the diagonal, rows summing to 1: <c>[classes, classes]</c>.</param>
    public static Tensor RelatedRest(Tensor trueProbabilities, Tensor targets, Tensor relations)
    {
        Tensor own = trueProbabilities.Unsqueeze(1);
        return (relations.IndexSelect(0, targets) * (1 - own)).ScatterInPlace(1, targets.Unsqueeze(1), own);
    }

    /// <summary>
    /// KD-topk: the teacher's k largest probabilities; what is left is even over the other classes. Of classes that are equally likely the
    /// one of the lower number is kept. Where the teacher is wrong the true class may be among those that are evened out.
    /// </summary>
    /// <param name="probabilities">The teacher's, <c>[B, classes]</c>.</param>
    /// <param name="kept">k, from 1 to the number of classes; with all kept this is the teacher itself.</param>
    public static Tensor TopK(Tensor probabilities, long kept)
    {
        long classes = probabilities.Size(1);
        if (kept == classes)
        {
            return probabilities;
        }

        (Tensor sorted, Tensor order) = probabilities.Sort(stable: true, dim: 1, descending: true);
        Tensor top = sorted.Narrow(1, 0, kept);
        Tensor rest = sorted.Narrow(1, kept, classes - kept).Mean(1, keepdim: true);
        Tensor values = Operators.Cat([top, rest.Expand([probabilities.Size(0), classes - kept])], 1);
        return probabilities.EmptyLike().ScatterInPlace(1, order, values);
    }

    /// <summary>KD-perm: the teacher's probability of the true class; the others' probabilities dealt out anew, at random for each image.</summary>
    /// <param name="probabilities">The teacher's, <c>[B, classes]</c>.</param>
    /// <param name="targets">The true classes, Int64 <c>[B]</c>.</param>
    /// <param name="generator">Where the permutations come from.</param>
    public static Tensor PermutedRest(Tensor probabilities, Tensor targets, Generator generator)
    {
        (long examples, long classes) = (probabilities.Size(0), probabilities.Size(1));
        Tensor own = targets.Unsqueeze(1);

        // Two orders of the classes that both begin with the true one: by number, and at random.
        Tensor numbers = Operators.Arange(classes, DType.Float32, probabilities.Device).Expand([examples, classes]).Clone();
        Tensor keys = Operators.Empty([examples, classes], DType.Float32, generator.Device).UniformInPlace(0, 1, generator).To(probabilities.Device);
        Tensor fixedOrder = numbers.ScatterInPlace(1, own, -1.0).Sort(1).Item2;
        Tensor randomOrder = keys.ScatterInPlace(1, own, -1.0).Sort(1).Item2;
        return probabilities.EmptyLike().ScatterInPlace(1, fixedOrder, probabilities.Gather(1, randomOrder));
    }

    /// <summary>The mean of the teacher's distributions over the images of each class, <c>[classes, classes]</c>; even for a class without images.</summary>
    /// <param name="probabilities">The teacher's, <c>[N, classes]</c>.</param>
    /// <param name="labels">The true classes, Int64 <c>[N]</c>, all of them labels.</param>
    /// <returns>Float64, so that the order in which a device adds does not show.</returns>
    public static Tensor ClassMeans(Tensor probabilities, Tensor labels)
    {
        long classes = probabilities.Size(1);
        Device device = probabilities.Device;
        Tensor table = Operators.Zeros([classes, classes], DType.Float64, device).IndexAddInPlace(0, labels, probabilities.To(DType.Float64));
        Tensor counts = Operators.Zeros([classes], DType.Float64, device).IndexAddInPlace(0, labels, Operators.Ones([labels.Size(0)], DType.Float64, device));
        return (table / counts.Clamp(1.0).Unsqueeze(1)) + (counts.Eq(0.0).To(table.DType) / (double)classes).Unsqueeze(1);
    }

    /// <summary>How the classes share what is not the true one's where groups are known: <paramref name="ratio"/> parts for each of its own group, one for each other.</summary>
    /// <param name="groups">The group of each class.</param>
    /// <param name="ratio">How much more a class of the same group gets than one of another, above 0.</param>
    /// <returns>Float64 <c>[classes, classes]</c>, 0 on the diagonal, rows summing to 1.</returns>
    public static Tensor GroupRelations(IReadOnlyList<long> groups, double ratio)
    {
        int classes = groups.Count;
        var table = new double[classes * classes];
        for (int i = 0; i < classes; i++)
        {
            for (int j = 0; j < classes; j++)
            {
                table[(i * classes) + j] = i == j ? 0 : groups[i] == groups[j] ? ratio : 1;
            }
        }

        Tensor parts = Tensor.From(table, classes, classes);
        return parts / parts.Sum(1, keepdim: true);
    }

    /// <summary>
    /// KD-sim: softmax((W Wᵀ/α)^β) row by row, W the class weights divided by their lengths. A negative cosine keeps its sign through the power.
    /// </summary>
    /// <param name="classWeights">The weights of the teacher's last layer, <c>[classes, features]</c>.</param>
    /// <param name="alpha">α, above 0; lower is sharper.</param>
    /// <param name="beta">β, above 0.</param>
    /// <returns>Float64 <c>[classes, classes]</c>, rows summing to 1; each class is nearest to itself.</returns>
    public static Tensor Similarities(Tensor classWeights, double alpha, double beta) => SimilarityScores(classWeights, alpha, beta).Softmax(1);

    /// <summary>The same without the class itself: how the classes share what is not the true one's; 0 on the diagonal, rows summing to 1.</summary>
    public static Tensor SimilarityRelations(Tensor classWeights, double alpha, double beta)
    {
        Tensor scores = SimilarityScores(classWeights, alpha, beta);
        return LogitTensors.Exclude(scores, Operators.Eye(scores.Size(0), DType.Bool, scores.Device)).Softmax(1);
    }

    /// <summary>
    /// For each image the true-class probability of another image of its class, drawn without replacement: the same probabilities in every
    /// class, without what they said of single images. Images without a label keep their own.
    /// </summary>
    /// <param name="trueProbabilities">p of the true class, <c>[N]</c>.</param>
    /// <param name="labels">The true classes, Int64 <c>[N]</c>; below 0 where an image has none.</param>
    /// <param name="generator">Where the permutation comes from.</param>
    public static Tensor ShuffledWithinClass(Tensor trueProbabilities, Tensor labels, Generator generator)
    {
        long count = labels.Size(0);
        long[] of = labels.To(Device.Cpu).ToArray<long>();
        long[] drawn = Operators.Randperm(count, generator, device: generator.Device).To(Device.Cpu).ToArray<long>();
        var queues = new Dictionary<long, Queue<long>>();
        foreach (long index in drawn)
        {
            if (!queues.TryGetValue(of[index], out Queue<long>? queue))
            {
                queues[of[index]] = queue = [];
            }

            queue.Enqueue(index);
        }

        var source = new long[count];
        for (long i = 0; i < count; i++)
        {
            source[i] = of[i] < 0 ? i : queues[of[i]].Dequeue();
        }

        return trueProbabilities.IndexSelect(0, Tensor.From(source).To(trueProbabilities.Device));
    }

    /// <summary>H(target, softmax(student/T)) = -Σ target · log softmax(student/T), in nats, meant over the examples.</summary>
    /// <param name="studentLogits"><c>[B, classes]</c>, with graph.</param>
    /// <param name="target">Distributions <c>[B, classes]</c>; no gradient goes into them.</param>
    /// <param name="temperature">T, above 0.</param>
    public static Tensor CrossEntropy(Tensor studentLogits, Tensor target, double temperature) =>
        -((studentLogits / temperature).LogSoftmax(1) * target.Detach()).Sum() / studentLogits.Size(0);

    /// <summary>
    /// The share of examples in which label-weight · label + weight · target has another largest class than the true one, as a scalar
    /// tensor: there the student is taught to be wrong.
    /// </summary>
    /// <param name="target">Distributions <c>[B, classes]</c>.</param>
    /// <param name="targets">The true classes, Int64 <c>[B]</c>.</param>
    /// <param name="weight">What the target counts.</param>
    /// <param name="labelWeight">What the label counts.</param>
    public static Tensor MisledShare(Tensor target, Tensor targets, double weight, double labelWeight)
    {
        Tensor own = targets.Unsqueeze(1);
        Tensor label = (target.Gather(1, own) * weight) + labelWeight;
        Tensor others = LogitTensors.Exclude(target, LogitTensors.TargetMask(target, targets)).Amax([1], keepdim: true) * weight;
        return others.Gt(label).To(DType.Float32).Mean();
    }

    private static Tensor SimilarityScores(Tensor classWeights, double alpha, double beta)
    {
        Tensor weights = classWeights.Detach().To(DType.Float64);
        Tensor directions = weights / weights.LinalgVectorNorm(2, [1], keepdim: true).Clamp(1e-12);
        Tensor cosines = directions.Mm(directions.T()) / alpha;
        return beta == 1 ? cosines : cosines.Sign() * cosines.Abs().Pow(beta);
    }
}
