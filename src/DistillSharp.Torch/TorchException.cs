namespace DistillSharp.Torch;

/// <summary>libtorch refused a call; the message is libtorch's own, without its C++ stack.</summary>
/// <param name="message">What libtorch said.</param>
public sealed class TorchException(string message) : Exception(message);
