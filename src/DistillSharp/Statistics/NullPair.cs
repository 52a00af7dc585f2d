namespace DistillSharp.Statistics;

/// <summary>
/// Two independent students of different seeds, scored as if the first were a distilled student: what chance gives.
/// </summary>
/// <param name="StudentSeed">Seed of the one that takes the student's place.</param>
/// <param name="IndependentSeed">Seed of the one that stays the independent student.</param>
/// <param name="Student">Its scores, [N]; NaN excludes an image.</param>
/// <param name="Independent">The other's scores, [N]; NaN excludes an image.</param>
public sealed record NullPair(int StudentSeed, int IndependentSeed, double[] Student, double[] Independent);
