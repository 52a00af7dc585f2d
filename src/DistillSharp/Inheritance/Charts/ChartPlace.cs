namespace DistillSharp.Inheritance;

/// <summary>A place of a chart, and where the scores of models are there.</summary>
/// <param name="Name">The place's name; a number for a curve.</param>
/// <param name="Table">The table with the scores.</param>
/// <param name="Measure">The measure of the columns.</param>
/// <param name="Teacher">Whose columns of students are meant; <see cref="MeasurementKey.OwnTeacher"/> but where a place stands for the other teacher.</param>
internal sealed record ChartPlace(string Name, MeasurementTable Table, string Measure, string Teacher = MeasurementKey.OwnTeacher);
