namespace DistillSharp.Studies;

/// <summary>What a training run may spend. Every student of a study has the same.</summary>
/// <param name="Epochs">Passes over the training images, at least 1.</param>
/// <param name="BatchSize">Images in a step, at least 1 and at most the training images used.</param>
/// <param name="Optimizer">The optimiser.</param>
/// <param name="Schedule">The learning-rate schedule.</param>
public sealed record BudgetDefinition(int Epochs, int BatchSize, OptimizerDefinition Optimizer, ScheduleDefinition Schedule);
