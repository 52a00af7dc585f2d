namespace DistillSharp.Torch;

/// <summary>Operators that start from no tensor, or from several: creation, joining, layers and lists of tensors.</summary>
public static unsafe partial class Operators;
