using System.Globalization;
using System.Text;

namespace DistillSharp.Inheritance;

/// <summary>What a column of measurements holds: which measure, of which model, with respect to which teacher.</summary>
/// <param name="Measure">The measure, e.g. <c>agreement</c>.</param>
/// <param name="Method">The model's method, <see cref="Independent"/>, <see cref="TeacherModel"/>, or empty where no model is meant.</param>
/// <param name="Seed">The model's seed; null for teachers.</param>
/// <param name="Teacher"><see cref="OwnTeacher"/>, <see cref="OtherTeacher"/>, or empty where no teacher is involved.</param>
public readonly record struct MeasurementKey(string Measure, string Method = "", int? Seed = null, string Teacher = "")
{
    /// <summary>The method of students that were trained without a teacher.</summary>
    public const string Independent = "independent";

    /// <summary>The method of teachers themselves.</summary>
    public const string TeacherModel = "teacher";

    /// <summary>The students' own teacher.</summary>
    public const string OwnTeacher = "own";

    /// <summary>The teacher that the students did not have.</summary>
    public const string OtherTeacher = "other";

    private const string Escaped = "%/,\"\r\n";

    /// <summary>The key as a column's heading: <c>measure/method/seed/teacher</c>; characters with a meaning in it or in CSV are escaped as in addresses (<c>%2F</c>).</summary>
    public override string ToString() =>
        string.Join('/', Escape(Measure), Escape(Method), Seed?.ToString(CultureInfo.InvariantCulture) ?? "", Escape(Teacher));

    /// <summary>The key of a heading that <see cref="ToString"/> made.</summary>
    /// <exception cref="FormatException">The text is no such heading.</exception>
    public static MeasurementKey Parse(string text)
    {
        string[] parts = text.Split('/');
        int seed = 0;
        if (parts.Length != 4 || parts[0].Length == 0 || (parts[2].Length > 0 && !int.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out seed)))
        {
            throw new FormatException($"a heading measure/method/seed/teacher was expected, found '{text}'");
        }

        return new MeasurementKey(Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1]), parts[2].Length > 0 ? seed : null, Uri.UnescapeDataString(parts[3]));
    }

    private static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny(Escaped) < 0)
        {
            return text;
        }

        var escaped = new StringBuilder();
        foreach (char c in text)
        {
            _ = Escaped.Contains(c, StringComparison.Ordinal) ? escaped.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}") : escaped.Append(c);
        }

        return escaped.ToString();
    }
}
