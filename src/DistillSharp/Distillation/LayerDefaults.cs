namespace DistillSharp.Distillation;

/// <summary>The layers of a pair of networks that a method uses where none are named.</summary>
/// <param name="Student">The student's.</param>
/// <param name="Teacher">The teacher's; <see cref="NetworkTaps.None"/> where there is no teacher.</param>
public sealed record LayerDefaults(NetworkTaps Student, NetworkTaps Teacher);
