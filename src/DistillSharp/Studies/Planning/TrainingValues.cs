using System.Globalization;

namespace DistillSharp.Studies;

/// <summary>The named values that define a training run, from which its key is computed.</summary>
internal static class TrainingValues
{
    /// <summary>What defines a run that learns from labels alone. Not the data's folder: the same files elsewhere train the same weights.</summary>
    public static List<(string Name, string Value)> Of(DataDefinition data, ModelDefinition model, BudgetDefinition budget)
    {
        List<(string, string)> values =
        [
            ("data.name", data.Name),
            ("data.fingerprint", data.Fingerprint),
            ("data.train", Text(data.Train)),
            ("data.validation", Text(data.Validation)),
            ("data.split-seed", Text(data.SplitSeed)),
            ("budget.epochs", Text(budget.Epochs)),
            ("budget.batch-size", Text(budget.BatchSize)),
        ];
        AddReading(values, "data.reading", data.Reading);
        AddEntries(values, "data.augmentation", data.Augmentation.Given);
        AddConfigured(values, "model", model);
        AddConfigured(values, "budget.optimizer", budget.Optimizer);
        AddConfigured(values, "budget.schedule", budget.Schedule);
        return values;
    }

    /// <summary>How a data set is read; nothing for one without options.</summary>
    public static void AddReading(List<(string, string)> values, string prefix, ReadingDefinition reading) =>
        AddEntries(values, prefix, reading.Given);

    /// <summary>Which images are learnt from; nothing where all are.</summary>
    public static void AddSelection(List<(string, string)> values, SelectionDefinition? images)
    {
        if (images is not null)
        {
            values.Add(("images.attribute", images.Attribute));
            values.AddRange(images.Values.Select(v => ($"images.value.{v.Name}", v.Count?.ToString(CultureInfo.InvariantCulture) ?? "all")));
        }
    }

    /// <summary>A method; of a combination also every part, under its label.</summary>
    public static void AddMethod(List<(string, string)> values, MethodDefinition method)
    {
        AddConfigured(values, "method", method);
        foreach (MethodDefinition part in method.Parts)
        {
            AddConfigured(values, $"method.part.{part.Label}", part);
        }
    }

    /// <summary>Something out of the catalogue with all its options.</summary>
    public static void AddConfigured(List<(string, string)> values, string prefix, ConfiguredDefinition definition)
    {
        values.Add(($"{prefix}:name", definition.Name));
        AddEntries(values, prefix, definition.Options.Entries);
    }

    private static void AddEntries(List<(string, string)> values, string prefix, IEnumerable<KeyValuePair<string, object?>> entries) =>
        values.AddRange(entries.Select(e => ($"{prefix}.{e.Key}", CanonicalText.Of(e.Value))));

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
