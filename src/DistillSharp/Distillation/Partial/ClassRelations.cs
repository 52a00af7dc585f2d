using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>Which classes are related, as options say.</summary>
internal sealed class ClassRelations(OptionValues options)
{
    private readonly long[]? _superclasses = options.Has("superclasses") ? [.. options.Integers("superclasses")] : null;
    private readonly double _ratio = options.Number("within-ratio");
    private readonly double _alpha = options.Number("similarity-temperature");
    private readonly double _beta = options.Number("similarity-power");

    /// <summary>How the classes share what is not the true one's: <c>[classes, classes]</c>, 0 on the diagonal, rows summing to 1.</summary>
    /// <exception cref="ArgumentException">There is not one group for each class, or neither groups nor class weights.</exception>
    public Tensor Table(MethodSetup setup)
    {
        if (_superclasses is not null)
        {
            MethodOptions.Require(PartialOptions.CheckSuperclasses(options, setup.Classes));
            return PartialTargets.GroupRelations(_superclasses, _ratio);
        }

        return PartialTargets.SimilarityRelations(Weights(setup), _alpha, _beta);
    }

    /// <summary>The teacher's class weights, <c>[classes, features]</c>.</summary>
    /// <exception cref="ArgumentException">The teacher has none.</exception>
    public static Tensor Weights(MethodSetup setup) => setup.TeacherClassWeights
        ?? throw new ArgumentException("The teacher has no last linear layer whose weights would say which classes are related. Give the option 'superclasses' of the method 'kd-rel' or 'kd-pt-rel', or another teacher.");
}
