namespace DistillSharp.Torch.Serialization;

/// <summary>A name of PyTorch's that stands in a file as a value: an element type, a device, a class of storages.</summary>
/// <param name="Text">The name, e.g. <c>torch.float32</c>.</param>
public sealed record PickledName(string Text);
