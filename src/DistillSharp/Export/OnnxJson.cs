using System.Text.Json.Serialization;

namespace DistillSharp.Export;

/// <summary>Writes the lists in a file's metadata.</summary>
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(double[]))]
internal sealed partial class OnnxJson : JsonSerializerContext;
