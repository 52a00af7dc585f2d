namespace DistillSharp.Inheritance;

/// <summary>Images of the students' classes that look unlike those they were trained on.</summary>
/// <param name="Name">The name in tables and findings: lower-case letters, digits and hyphens.</param>
/// <param name="Set">The images with their classes; of cue-conflict images the class of the shape.</param>
/// <param name="TextureClasses">The class that the texture is from, [N]; null where shape and texture agree.</param>
internal sealed record ImageDomain(string Name, ImageSet Set, int[]? TextureClasses = null);
