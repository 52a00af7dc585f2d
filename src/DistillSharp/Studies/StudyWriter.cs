using System.Globalization;
using System.Text;
using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>Writes a study with every default in full. What it writes is a valid study that reads back equal.</summary>
public static class StudyWriter
{
    private static readonly HashSet<string> WordsWithAMeaning = new(StringComparer.OrdinalIgnoreCase)
    {
        "null", "true", "false", "yes", "no", "on", "off", "y", "n",
    };

    /// <summary>The study as YAML.</summary>
    /// <param name="study">The study.</param>
    /// <param name="notes">What to say at the top, as comments: <see cref="StudyReadResult.Notes"/>.</param>
    public static string ToYaml(StudyDefinition study, IEnumerable<string>? notes = null)
    {
        ArgumentNullException.ThrowIfNull(study);
        var yaml = new StringBuilder();
        foreach (string note in notes ?? [])
        {
            // A line break would end the comment and turn the rest into keys.
            yaml.Append("# ").AppendLine(note.ReplaceLineEndings(" "));
        }

        Line(yaml, 0, "study", Quote(study.Name));
        Line(yaml, 0, "description", Quote(study.Description));
        WriteData(yaml, study.Data);
        WriteTeachers(yaml, study.Teachers);
        WriteStudents(yaml, study.Students);
        WriteBudget(yaml, 0, study.Budget);
        WriteEntries(yaml, 0, "analyses", study.Analyses.Select(a => (a.Name, FlowMapping(a.Options, a.GivenLabel))));
        return yaml.Replace("\r\n", "\n").ToString();
    }

    private static void WriteData(StringBuilder yaml, DataDefinition data)
    {
        Line(yaml, 0, "data");
        Line(yaml, 1, "name", Quote(data.Name));
        if (data.Path is not null)
        {
            Line(yaml, 1, "path", Quote(data.Path));
        }

        foreach ((string name, object? value) in data.Reading.Given)
        {
            Line(yaml, 1, name, Value(value));
        }

        Line(yaml, 1, "fingerprint", Quote(data.Fingerprint));
        Line(yaml, 1, "train", Text(data.Train));
        Line(yaml, 1, "validation", Text(data.Validation));
        Line(yaml, 1, "split-seed", Text(data.SplitSeed));
        Line(yaml, 1, "test", Text(data.Test));
        Line(yaml, 1, "augmentation", FlowMapping(data.Augmentation.Given));
    }

    private static void WriteTeachers(StringBuilder yaml, ValueList<TeacherDefinition> teachers)
    {
        Line(yaml, 0, "teachers", teachers.Count == 0 ? "[]" : null);
        foreach (TeacherDefinition teacher in teachers)
        {
            WriteTeacher(yaml, 1, "- name", teacher);
        }
    }

    private static void WriteTeacher(StringBuilder yaml, int depth, string first, TeacherDefinition teacher)
    {
        Line(yaml, depth, first, Quote(teacher.Name));
        depth += first == "name" ? 0 : 1;
        Line(yaml, depth, "model", Quote(teacher.Model.Name));
        WriteOptions(yaml, depth, teacher.Model.Options);
        if (teacher.Weights is { } weights)
        {
            Line(yaml, depth, "weights", Quote(weights.Path));
            if (weights.Mean.Count > 0)
            {
                Line(yaml, depth, "mean", Value(weights.Mean.ToArray()));
                Line(yaml, depth, "std", Value(weights.Deviation.ToArray()));
            }

            WriteTeaches(yaml, depth, teacher);
            return;
        }

        Line(yaml, depth, "seed", Text(teacher.Seed));
        WriteBudget(yaml, depth, teacher.Budget);
        Line(yaml, depth, "members", Text(teacher.Members));
        Line(yaml, depth, "generations", Text(teacher.Generations));
        if (teacher.Augmentation is { } augmentation)
        {
            Line(yaml, depth, "augmentation", FlowMapping(augmentation.Given));
        }

        WriteSelection(yaml, depth, teacher.Images);
        WriteTeaches(yaml, depth, teacher);
        if (teacher.AtEpoch is { } epoch)
        {
            Line(yaml, depth, "at-epoch", Text(epoch));
        }

        if (teacher.Method is { } method)
        {
            Line(yaml, depth, "method", FlowMethod(method, name: method.Name));
        }

        if (teacher.LearnsFrom is { } parent)
        {
            Line(yaml, depth, "learns-from");
            WriteTeacher(yaml, depth + 1, "name", parent);
        }
    }

    private static void WriteSelection(StringBuilder yaml, int depth, SelectionDefinition? images)
    {
        if (images is null)
        {
            return;
        }

        // One of the two forms for all values: a study cannot mix them.
        string values = images.Values.All(v => v.Count is null)
            ? $"[{string.Join(", ", images.Values.Select(v => Quote(v.Name)))}]"
            : $"{{ {string.Join(", ", images.Values.Select(v => $"{Quote(v.Name)}: {Text(v.Count ?? 0)}"))} }}";
        Line(yaml, depth, "images", $"{{ {Quote(images.Attribute)}: {values} }}");
    }

    private static void WriteTeaches(StringBuilder yaml, int depth, TeacherDefinition teacher)
    {
        if (teacher.Teaches)
        {
            Line(yaml, depth, "teaches", "true");
        }
    }

    private static void WriteStudents(StringBuilder yaml, StudentsDefinition students)
    {
        Line(yaml, 0, "students");
        Line(yaml, 1, "model", Quote(students.Model.Name));
        WriteOptions(yaml, 1, students.Model.Options);
        Line(yaml, 1, "seeds", $"[{string.Join(", ", students.Seeds.Select(Text))}]");
        Line(yaml, 1, "start", StudentsReader.NameOf(students.Start));
        TransferDefinition data = students.Data;
        Line(yaml, 1, "data", FlowMapping(WithPath(data), data.Name));
        WriteSelection(yaml, 1, students.Images);
        Line(yaml, 1, "methods");
        foreach (MethodDefinition method in students.Methods)
        {
            yaml.AppendLine($"    - {ItemOf(method)}");
        }
    }

    private static void WriteBudget(StringBuilder yaml, int depth, BudgetDefinition budget)
    {
        Line(yaml, depth, "budget");
        Line(yaml, depth + 1, "epochs", Text(budget.Epochs));
        Line(yaml, depth + 1, "batch-size", Text(budget.BatchSize));
        Line(yaml, depth + 1, "optimizer", FlowMapping(budget.Optimizer.Options, budget.Optimizer.Name));
        Line(yaml, depth + 1, "schedule", FlowMapping(budget.Schedule.Options, budget.Schedule.Name));
    }

    private static void WriteEntries(StringBuilder yaml, int depth, string key, IEnumerable<(string Name, string Options)> entries)
    {
        var lines = entries.Select(e => Item(e.Name, e.Options)).ToList();
        Line(yaml, depth, key, lines.Count == 0 ? "[]" : null);
        foreach (string line in lines)
        {
            yaml.Append(' ', 2 * (depth + 1)).Append("- ").AppendLine(line);
        }
    }

    private static string ItemOf(MethodDefinition method) => Item(method.Name, FlowMethod(method, method.Label == method.Name ? null : method.Label));

    private static string Item(string name, string options) => options == "{}" ? Quote(name) : $"{Quote(name)}: {options}";

    private static string FlowMethod(MethodDefinition method, string? name)
    {
        string own = FlowMapping(method.Options, name);
        if (method.Parts.Count == 0)
        {
            return own;
        }

        string parts = $"parts: [{string.Join(", ", method.Parts.Select(ItemOf).Select(p => p.Contains(':') ? $"{{ {p} }}" : p))}]";
        return own == "{}" ? $"{{ {parts} }}" : $"{own[..^2]}, {parts} }}";
    }

    // The folder was made absolute when the study was read.
    private static OptionValues WithPath(TransferDefinition data) => data.Path is null
        ? data.Options
        : new OptionValues(
            TransferKinds.All.First(k => k.Name == data.Name).Options,
            data.Options.Entries.ToDictionary(e => e.Key, e => e.Key == "path" ? data.Path : e.Value));

    private static void WriteOptions(StringBuilder yaml, int depth, OptionValues options)
    {
        foreach ((string name, object? value) in options.Entries)
        {
            Line(yaml, depth, name, Value(value));
        }
    }

    private static string FlowMapping(OptionValues options, string? name = null) => FlowMapping(options.Entries, name);

    private static string FlowMapping(IEnumerable<KeyValuePair<string, object?>> options, string? name = null)
    {
        IEnumerable<string> entries = options.Select(e => $"{e.Key}: {Value(e.Value)}");
        string inside = string.Join(", ", name is null ? entries : entries.Prepend($"name: {Quote(name)}"));
        return inside.Length == 0 ? "{}" : $"{{ {inside} }}";
    }

    private static void Line(StringBuilder yaml, int depth, string key, string? value = null) =>
        yaml.Append(' ', 2 * depth).Append(key).AppendLine(value is null ? ":" : $": {value}");

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Value(object? value) => value switch
    {
        string text => Quote(text),
        string[] texts => $"[{string.Join(", ", texts.Select(Quote))}]",
        _ => OptionValues.Format(value),
    };

    /// <summary>Plain where YAML reads it back as the same text in every place; otherwise in double quotes.</summary>
    private static string Quote(string text)
    {
        bool plain = text.Length > 0
            && char.IsAsciiLetter(text[0])
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/')
            && !WordsWithAMeaning.Contains(text);
        if (plain)
        {
            return text;
        }

        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\u00A0' or '\u2028' or '\u2029' or '\uFEFF' => Escape(c),
                _ when char.IsControl(c) => Escape(c),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static string Escape(char c) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
}
