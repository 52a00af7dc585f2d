namespace DistillSharp.Distillation;

/// <summary>The layers of a pair of networks that a method uses where none are named.</summary>
/// <param name="StudentHint">The student's middle map.</param>
/// <param name="TeacherHint">The teacher's middle map.</param>
/// <param name="StudentPenultimate">The student's vector before the classifier.</param>
/// <param name="TeacherPenultimate">The teacher's vector before the classifier.</param>
public sealed record LayerDefaults(string StudentHint, string TeacherHint, string StudentPenultimate, string TeacherPenultimate);
