namespace DistillSharp.Inheritance;

/// <summary>How far and in how many steps an image may be changed.</summary>
/// <param name="Epsilon">The largest change, in the attack's norm: of any value of the image, or in L2 of all values together; in the image's units (1 is from black to white).</param>
/// <param name="Alpha">The change in one step, in the same norm and units.</param>
/// <param name="Steps">How many steps.</param>
/// <param name="Low">The smallest value an image may have.</param>
/// <param name="High">The largest value an image may have.</param>
public sealed record AttackBudget(double Epsilon, double Alpha, int Steps, double Low = 0, double High = 1);
