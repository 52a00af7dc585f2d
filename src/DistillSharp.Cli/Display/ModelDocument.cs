using System.Text.Json.Serialization;
using DistillSharp.Models;

namespace DistillSharp.Cli.Display;

/// <summary>A network as a list shows it.</summary>
internal sealed record ModelEntry(string Name, string Group, long Parameters, string Description)
{
    public static ModelEntry Of(ModelFamily family) => new(family.Name, family.Group.Name, family.Parameters, family.Description);
}

/// <summary>A network with its layers.</summary>
internal sealed record ModelDocument(
    string Name,
    string Group,
    string Description,
    int[] Input,
    int Classes,
    long Parameters,
    long MultiplyAdds,
    IReadOnlyList<string> FeatureLayers,
    IReadOnlyList<string> PreactivationLayers,
    string ClassifierLayer,
    IReadOnlyList<LayerSummary> Layers)
{
    public static ModelDocument Of(ModelFamily family, ImageModel model, ModelSummary summary) => new(
        family.Name,
        family.Group.Name,
        family.Description,
        [summary.Task.Channels, summary.Task.Height, summary.Task.Width],
        summary.Task.Classes,
        summary.Parameters,
        summary.MultiplyAdds,
        model.FeatureLayers,
        model.PreactivationLayers,
        model.ClassifierLayer,
        summary.Layers);
}

/// <summary>Writes networks as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ModelDocument))]
[JsonSerializable(typeof(IReadOnlyList<ModelEntry>))]
internal sealed partial class ModelJson : JsonSerializerContext;
