using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace DistillSharp.Studies;

/// <summary>Reads the JSON files of a results folder.</summary>
internal static class ResultsJson
{
    /// <summary>Reads a file that holds one object.</summary>
    /// <param name="path">The file; it must exist.</param>
    /// <param name="type">What it holds.</param>
    /// <param name="what">What it holds, in words, e.g. <c>a run's record</c>.</param>
    /// <param name="remedy">What to do where it is broken, one sentence.</param>
    /// <exception cref="InvalidDataException">The file is broken; the message names it and the place in it.</exception>
    public static T Read<T>(string path, JsonTypeInfo<T> type, string what, string remedy)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), type)
                ?? throw new InvalidDataException($"{path}: expected {what}, found null. {remedy}");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path}: expected {what} in JSON, found: {e.Message} {remedy}", e);
        }
    }
}
