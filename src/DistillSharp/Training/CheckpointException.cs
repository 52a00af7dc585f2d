namespace DistillSharp.Training;

/// <summary>A checkpoint is broken, or belongs to another run.</summary>
/// <param name="path">The file.</param>
/// <param name="problem">What is wrong with it.</param>
public sealed class CheckpointException(string path, string problem)
    : Exception($"{path}: {problem} Delete the file to train this run from the start.");
