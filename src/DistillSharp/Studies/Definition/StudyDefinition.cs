namespace DistillSharp.Studies;

/// <summary>A study, checked and with every default filled in. Compares by value.</summary>
/// <param name="Name">The study's name: letters, digits, <c>-</c> and <c>_</c>.</param>
/// <param name="Description">What it asks, in the author's words; may be empty.</param>
/// <param name="Data">The data.</param>
/// <param name="Teachers">The first teaches; the others are controls. Empty where no method needs a teacher.</param>
/// <param name="Students">The students.</param>
/// <param name="Budget">What every student trains on.</param>
/// <param name="Analyses">The questions asked of the trained models.</param>
public sealed record StudyDefinition(
    string Name,
    string Description,
    DataDefinition Data,
    ValueList<TeacherDefinition> Teachers,
    StudentsDefinition Students,
    BudgetDefinition Budget,
    ValueList<AnalysisDefinition> Analyses);
