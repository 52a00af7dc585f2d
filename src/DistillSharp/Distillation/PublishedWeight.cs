namespace DistillSharp.Distillation;

/// <summary>The weight of one pair.</summary>
/// <param name="Teacher">The teacher's name in the zoo.</param>
/// <param name="Student">The student's.</param>
/// <param name="Value">The weight.</param>
public sealed record PublishedWeight(string Teacher, string Student, double Value);
