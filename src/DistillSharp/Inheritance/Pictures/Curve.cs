namespace DistillSharp.Inheritance;

/// <summary>One line of a <see cref="CurvePicture"/>.</summary>
/// <param name="Name">What it shows, with its colour in words, for the caption.</param>
/// <param name="Values">A share, 0 to 1, for each strength; NaN where there is none.</param>
/// <param name="Colour">Its colour.</param>
/// <param name="Dashed">Whether it is dashed.</param>
internal sealed record Curve(string Name, IReadOnlyList<double> Values, (byte Red, byte Green, byte Blue) Colour, bool Dashed);
