using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>A distillation method with its options.</summary>
/// <param name="Label">What tables and folders call it: <c>name</c> in the study, or else the method's own name. Unique in a study.</param>
/// <param name="Name">The method's name in the catalogue, or <see cref="IndependentName"/>.</param>
/// <param name="Options">A value for every option that it has.</param>
/// <param name="NeedsTeacher">True where its result depends on the teacher; only then do run keys cover the teacher.</param>
public sealed record MethodDefinition(string Label, string Name, OptionValues Options, bool NeedsTeacher)
    : ConfiguredDefinition(Name, Options)
{
    /// <summary>The name of several methods at once.</summary>
    public const string CombineName = "combine";

    /// <summary>The methods of a combination, each with a label of its own; empty for a single method.</summary>
    public ValueList<MethodDefinition> Parts { get; init; } = [];

    /// <summary>The name of training without a teacher: the floor that every finding is read against.</summary>
    public const string IndependentName = "independent";

    /// <summary>Training without a teacher.</summary>
    public static MethodDefinition Independent { get; } =
        new(IndependentName, IndependentName, new OptionValues([]), NeedsTeacher: false);

    /// <summary>True for training without a teacher.</summary>
    public bool IsIndependent => Name == IndependentName;
}
