using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>What a method is told once, before the first step.</summary>
/// <param name="TrainingExamples">How many training examples there are: the range of the sample indices, and the size of memory banks.</param>
/// <param name="Classes">How many classes there are.</param>
/// <param name="Generator">Where the method's initial weights and banks come from.</param>
public sealed record MethodSetup(int TrainingExamples, int Classes, Generator Generator);
