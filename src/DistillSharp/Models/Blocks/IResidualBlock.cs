using DistillSharp.Nn;

namespace DistillSharp.Models;

/// <summary>A block that adds what its layers make of the input to the input, or appends it; a last ReLU may follow.</summary>
public interface IResidualBlock
{
    /// <summary>The batch norm whose output is added: the residual part of the block's last map before any ReLU.</summary>
    BatchNorm2d LastNorm { get; }
}
