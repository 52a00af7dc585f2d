using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DistillSharp.Weights;

namespace DistillSharp.Cli.Display;

/// <summary>What a file of weights holds, for programs.</summary>
internal static class WeightsJson
{
    /// <summary>Writes one JSON object and a line's end.</summary>
    public static void Write(TextWriter output, WeightsFile file, IReadOnlyList<NetworkFit> networks)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("file", file.Path);
            json.WriteString("format", file.Format switch { WeightsFormat.SafeTensors => "safetensors", WeightsFormat.PyTorch => "pytorch", _ => "pytorch-legacy" });
            json.WriteString("key", file.Key);
            Texts(json, "other_keys", file.OtherKeys);
            json.WriteString("prefix", file.Prefix);
            json.WriteStartArray("tensors");
            foreach (WeightsEntry entry in file.Entries)
            {
                json.WriteStartObject();
                json.WriteString("name", entry.Name);
                json.WriteString("dtype", entry.DType.ToString());
                json.WriteStartArray("shape");
                foreach (long size in entry.Shape)
                {
                    json.WriteNumberValue(size);
                }

                json.WriteEndArray();
                json.WriteNumber("elements", entry.ElementCount);
                json.WriteNumber("bytes", entry.Bytes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("elements", WeightsView.Sum(file, e => e.ElementCount));
            json.WriteNumber("bytes", WeightsView.Sum(file, e => e.Bytes));
            json.WriteStartArray("ignored");
            foreach (IgnoredEntry ignored in file.Ignored)
            {
                json.WriteStartObject();
                json.WriteString("name", ignored.Name);
                json.WriteString("kind", ignored.Kind);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("networks");
            foreach (NetworkFit network in networks)
            {
                json.WriteStartObject();
                json.WriteString("name", network.Name);
                json.WriteNumber("channels", network.Task.Channels);
                json.WriteNumber("classes", network.Task.Classes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }

    private static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
