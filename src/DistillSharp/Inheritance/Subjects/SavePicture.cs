namespace DistillSharp.Inheritance;

/// <summary>Saves a picture and says where.</summary>
/// <param name="name">A name that is unique within the study, of letters, digits and hyphens, without extension.</param>
/// <param name="pixels">Row by row, one byte (grey) or three (red, green, blue) a pixel.</param>
/// <param name="width">Width in pixels.</param>
/// <param name="height">Height in pixels.</param>
/// <param name="channels">1 for grey, 3 for colour.</param>
/// <returns>The picture's path relative to the results folder.</returns>
public delegate string SavePicture(string name, ReadOnlySpan<byte> pixels, int width, int height, int channels);
