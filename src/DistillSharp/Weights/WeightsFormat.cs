namespace DistillSharp.Weights;

/// <summary>How a file holds weights.</summary>
public enum WeightsFormat
{
    /// <summary>safetensors.</summary>
    SafeTensors,

    /// <summary>PyTorch's zip archive (<c>torch.save</c> since 1.6).</summary>
    PyTorch,

    /// <summary>PyTorch's format before 1.6.</summary>
    PyTorchLegacy,
}
