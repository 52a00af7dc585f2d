namespace DistillSharp.Inheritance;

/// <summary>How far and in how many steps an image may be changed.</summary>
/// <param name="Epsilon">The largest change of any value of the image, in the image's units (1 is from black to white).</param>
/// <param name="Alpha">The change of each value in one step, in the same units.</param>
/// <param name="Steps">How many steps.</param>
/// <param name="Low">The smallest value an image may have.</param>
/// <param name="High">The largest value an image may have.</param>
public sealed record AttackBudget(double Epsilon, double Alpha, int Steps, double Low = 0, double High = 1);
