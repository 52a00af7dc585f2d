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
        WriteEntries(yaml, 0, "analyses", study.Analyses.Select(a => (a.Name, Label: (string?)null, a.Options)));
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

        Line(yaml, 1, "fingerprint", Quote(data.Fingerprint));
        Line(yaml, 1, "train", Text(data.Train));
        Line(yaml, 1, "validation", Text(data.Validation));
        Line(yaml, 1, "split-seed", Text(data.SplitSeed));
        Line(yaml, 1, "test", Text(data.Test));
        Line(yaml, 1, "augmentation", FlowMapping(data.Augmentation.Options));
    }

    private static void WriteTeachers(StringBuilder yaml, ValueList<TeacherDefinition> teachers)
    {
        Line(yaml, 0, "teachers", teachers.Count == 0 ? "[]" : null);
        foreach (TeacherDefinition teacher in teachers)
        {
            Line(yaml, 1, "- name", Quote(teacher.Name));
            Line(yaml, 2, "model", Quote(teacher.Model.Name));
            WriteOptions(yaml, 2, teacher.Model.Options);
            Line(yaml, 2, "seed", Text(teacher.Seed));
            WriteBudget(yaml, 2, teacher.Budget);
        }
    }

    private static void WriteStudents(StringBuilder yaml, StudentsDefinition students)
    {
        Line(yaml, 0, "students");
        Line(yaml, 1, "model", Quote(students.Model.Name));
        WriteOptions(yaml, 1, students.Model.Options);
        Line(yaml, 1, "seeds", $"[{string.Join(", ", students.Seeds.Select(Text))}]");
        WriteEntries(yaml, 1, "methods", students.Methods.Select(m => (m.Name, Label: m.Label == m.Name ? null : m.Label, m.Options)));
    }

    private static void WriteBudget(StringBuilder yaml, int depth, BudgetDefinition budget)
    {
        Line(yaml, depth, "budget");
        Line(yaml, depth + 1, "epochs", Text(budget.Epochs));
        Line(yaml, depth + 1, "batch-size", Text(budget.BatchSize));
        Line(yaml, depth + 1, "optimizer", FlowMapping(budget.Optimizer.Options, budget.Optimizer.Name));
        Line(yaml, depth + 1, "schedule", FlowMapping(budget.Schedule.Options, budget.Schedule.Name));
    }

    private static void WriteEntries(StringBuilder yaml, int depth, string key, IEnumerable<(string Name, string? Label, OptionValues Options)> entries)
    {
        var lines = entries.Select(e => (e.Name, Options: FlowMapping(e.Options, e.Label))).ToList();
        Line(yaml, depth, key, lines.Count == 0 ? "[]" : null);
        foreach ((string name, string options) in lines)
        {
            yaml.Append(' ', 2 * (depth + 1)).Append("- ").Append(Quote(name));
            yaml.AppendLine(options == "{}" ? "" : $": {options}");
        }
    }

    private static void WriteOptions(StringBuilder yaml, int depth, OptionValues options)
    {
        foreach ((string name, object? value) in options.Entries)
        {
            Line(yaml, depth, name, Value(value));
        }
    }

    private static string FlowMapping(OptionValues options, string? name = null)
    {
        IEnumerable<string> entries = options.Entries.Select(e => $"{e.Key}: {Value(e.Value)}");
        string inside = string.Join(", ", name is null ? entries : entries.Prepend($"name: {Quote(name)}"));
        return inside.Length == 0 ? "{}" : $"{{ {inside} }}";
    }

    private static void Line(StringBuilder yaml, int depth, string key, string? value = null) =>
        yaml.Append(' ', 2 * depth).Append(key).AppendLine(value is null ? ":" : $": {value}");

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Value(object? value) => value is string text ? Quote(text) : OptionValues.Format(value);

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
