using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Presentation;

/// <summary>How one kind of model is named and drawn, the same in every table and chart.</summary>
/// <param name="Name">The method's name, or the role of a model that was trained without a teacher.</param>
/// <param name="Colour">A CSS colour with a contrast of 3:1 or more on light and dark pages.</param>
/// <param name="Dash">The dashes of its lines, as SVG writes them; empty for a solid line.</param>
public sealed record Method(string Name, string Colour, string Dash)
{
    /// <summary>The floor of every comparison.</summary>
    public static Method Independent { get; } = new("independent", "#7a828c", "");

    /// <summary>The ceiling of every comparison; drawn in the colour of the text.</summary>
    public static Method Teacher { get; } = new("teacher", "currentColor", "6 3");

    /// <summary>The control that tells inherited from regularised.</summary>
    public static Method OtherTeacher { get; } = new("other teacher", "#7a828c", "2 3");

    /// <summary>What a teacher was made of or taught by.</summary>
    public static Method Ancestor { get; } = new("behind a teacher", "#7a828c", "1 4");

    /// <summary>The name of what <paramref name="model"/> is an example of.</summary>
    public static string NameOf(ModelResult model) => NameOf(model.Role, model.Method);

    internal static string NameOf(string role, string method) => role switch
    {
        "teacher" => Teacher.Name,
        "other-teacher" => OtherTeacher.Name,
        "ancestor" => Ancestor.Name,
        "student" => method,
        "cross-student" => $"{method} from the other teacher",
        _ => Independent.Name,
    };
}
