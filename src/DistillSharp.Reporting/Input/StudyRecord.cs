using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Input;

/// <summary>Everything that was read from a results folder.</summary>
/// <param name="Results">The content of <c>findings.json</c>.</param>
/// <param name="Curves">One learning curve a model that has a <c>metrics.csv</c>.</param>
/// <param name="Pictures">The pictures that the results name, by their path as given there.</param>
public sealed record StudyRecord(
    StudyResults Results,
    IReadOnlyList<LearningCurve> Curves,
    IReadOnlyDictionary<string, Picture> Pictures);

/// <summary>How a run learned.</summary>
/// <param name="Model">The model it gave.</param>
/// <param name="Epochs">One point an epoch.</param>
public sealed record LearningCurve(ModelResult Model, IReadOnlyList<EpochPoint> Epochs);

/// <summary>One epoch of a run.</summary>
/// <param name="Epoch">The epoch's number.</param>
/// <param name="ValidationLoss">Mean loss on the validation images, nats; NaN where it was not measured.</param>
/// <param name="ValidationAccuracy">Share of validation images classified right, 0 to 1; NaN where it was not measured.</param>
public sealed record EpochPoint(double Epoch, double ValidationLoss, double ValidationAccuracy);

/// <summary>A PNG picture.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="DataUri">The whole file as a <c>data:</c> address.</param>
public sealed record Picture(int Width, int Height, string DataUri);
