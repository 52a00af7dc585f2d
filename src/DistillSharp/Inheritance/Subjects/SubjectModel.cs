using DistillSharp.Models;

namespace DistillSharp.Inheritance;

/// <summary>One student of a subject.</summary>
/// <param name="Method">The method's label, or <see cref="MeasurementKey.Independent"/>.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Classifier">The trained student.</param>
public sealed record SubjectModel(string Method, int Seed, ImageClassifier Classifier);
