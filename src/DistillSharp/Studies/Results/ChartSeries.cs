namespace DistillSharp.Studies.Results;

/// <summary>The levels of one kind of model in a <see cref="ResultChart"/>.</summary>
/// <param name="Role">What the models are: one of the roles below, which are those of <see cref="ModelResult.Role"/>.</param>
/// <param name="Method">The distillation method; <c>none</c> for models trained on labels alone.</param>
/// <param name="Levels">
/// A level for each of <see cref="ResultChart.Places"/>: mean, 95 % interval over seeds and images (of a teacher over images alone), value
/// of each seed. NaN where nothing could be measured.
/// </param>
public sealed record ChartSeries(string Role, string Method, IReadOnlyList<Estimate> Levels)
{
    /// <summary>The students' own teacher.</summary>
    public const string Teacher = "teacher";

    /// <summary>The teacher that the students did not have.</summary>
    public const string OtherTeacher = "other-teacher";

    /// <summary>Students trained without a teacher.</summary>
    public const string Independent = "independent";

    /// <summary>Distilled students.</summary>
    public const string Student = "student";

    /// <summary>Students distilled by the same method from the other teacher.</summary>
    public const string CrossStudent = "cross-student";

    /// <summary>The method of models trained on labels alone.</summary>
    public const string NoMethod = "none";
}
