using DistillSharp.Nn;

namespace DistillSharp.Models;

/// <summary>A block whose last map, before any ReLU behind it, is a sum or a batch norm's output.</summary>
public interface IResidualBlock
{
    /// <summary>The batch norm whose output is that map, or the residual part of it.</summary>
    BatchNorm2d LastNorm { get; }
}
