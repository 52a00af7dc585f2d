namespace DistillSharp.Data.Pictures;

/// <summary>A file is no picture that can be read.</summary>
/// <param name="reason">Why, without the file's name and without a full stop.</param>
internal sealed class PictureException(string reason) : Exception(reason);
