using DistillSharp.Torch;

namespace DistillSharp.Nn;

/// <summary>A layer that draws random numbers while training.</summary>
public interface IRandomLayer
{
    /// <summary>Where the draws come from; <see cref="Module.UseGenerator"/> sets it before training.</summary>
    Generator? Generator { get; set; }
}
