namespace DistillSharp.Models;

/// <summary>How an image is cut into patches.</summary>
/// <param name="Height">Patches above each other.</param>
/// <param name="Width">Patches side by side.</param>
internal readonly record struct PatchGrid(long Height, long Width)
{
    /// <summary>How many patches there are.</summary>
    public long Count => Height * Width;

    /// <summary>Cuts an image.</summary>
    /// <param name="task">Its size.</param>
    /// <param name="patch">Height and width of a patch, pixels.</param>
    /// <exception cref="ArgumentException">The image is not a whole number of patches.</exception>
    public static PatchGrid Of(ImageTask task, int patch) => task.Height % patch == 0 && task.Width % patch == 0
        ? new PatchGrid(task.Height / patch, task.Width / patch)
        : throw new ArgumentException($"Images of {task.Height}x{task.Width} cannot be cut into patches of {patch}x{patch}: choose a size that is a multiple of {patch}, or another patch where the network has that option.", nameof(task));
}
