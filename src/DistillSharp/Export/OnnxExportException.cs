namespace DistillSharp.Export;

/// <summary>A network cannot be written as ONNX. Nothing was written.</summary>
/// <param name="message">What of it, and where.</param>
public sealed class OnnxExportException(string message) : Exception(message);
