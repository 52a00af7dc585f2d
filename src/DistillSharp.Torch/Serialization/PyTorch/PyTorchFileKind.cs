namespace DistillSharp.Torch.Serialization;

/// <summary>The formats of <c>torch.save</c>.</summary>
public enum PyTorchFileKind
{
    /// <summary>A zip archive, written since release 1.6.</summary>
    Zip,

    /// <summary>Pickles and bytes one after the other, written before, and with <c>_use_new_zipfile_serialization=False</c>.</summary>
    Legacy,
}
