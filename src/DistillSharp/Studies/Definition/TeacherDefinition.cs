namespace DistillSharp.Studies;

/// <summary>A teacher, trained on labels.</summary>
/// <param name="Name">What tables and folders call it; unique among the teachers.</param>
/// <param name="Model">Its network.</param>
/// <param name="Seed">Seed of its initialisation and of the order of its data, at least 0.</param>
/// <param name="Budget">Its own budget, in full.</param>
public sealed record TeacherDefinition(string Name, ModelDefinition Model, int Seed, BudgetDefinition Budget);
