namespace DistillSharp.Inheritance;

/// <summary>How the size of a change of an image is measured.</summary>
public enum AttackNorm
{
    /// <summary>The largest change of any value.</summary>
    LInfinity,

    /// <summary>The root of the sum of squares of all values' changes.</summary>
    L2,
}
