namespace DistillSharp.Training;

/// <summary>How far training has come.</summary>
/// <param name="Runs">Each run, finished ones included.</param>
/// <param name="ImagesPerSecond">Images trained on per second, all runs together, over the last seconds.</param>
/// <param name="Done">Share of all batches that are done, 0 to 1.</param>
/// <param name="TimeLeft">How long the rest will take at this pace; null until that is known.</param>
public sealed record TrainingProgress(IReadOnlyList<RunProgress> Runs, double ImagesPerSecond, double Done, TimeSpan? TimeLeft);

/// <summary>How far one run has come.</summary>
/// <param name="Name">The run's name.</param>
/// <param name="Epoch">The epoch it is in, from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Batch">Batches done of this epoch.</param>
/// <param name="Batches">Batches an epoch has.</param>
/// <param name="Loss">Mean loss of the epoch so far, of the last epoch where the run is finished; NaN before the first batch.</param>
/// <param name="Accuracy">Share of right answers in the epoch so far, in the last epoch where the run is finished; NaN before the first batch.</param>
/// <param name="ValidationAccuracy">Share of right answers on the validation images after the last full epoch; NaN before.</param>
public sealed record RunProgress(string Name, int Epoch, int Epochs, int Batch, int Batches, double Loss, double Accuracy, double ValidationAccuracy);
