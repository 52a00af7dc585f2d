namespace DistillSharp.Data.Listed;

/// <summary>A record of a list of images.</summary>
/// <param name="Line">Where it begins, counted from 1.</param>
/// <param name="Cells">The cells of the wanted columns, the file's name first, from the data's folder on.</param>
internal sealed record ImageTableRow(int Line, string[] Cells);
