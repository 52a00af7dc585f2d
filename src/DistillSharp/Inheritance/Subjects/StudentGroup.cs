using DistillSharp.Models;

namespace DistillSharp.Inheritance;

/// <summary>The students of one distillation method.</summary>
/// <param name="Method">The method's label in the study; unique, and neither <c>teacher</c> nor <c>independent</c>.</param>
/// <param name="BySeed">The trained students by seed; a seed that is missing is left out of the method's findings.</param>
public sealed record StudentGroup(string Method, IReadOnlyDictionary<int, ImageClassifier> BySeed);
