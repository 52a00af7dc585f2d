namespace DistillSharp.Configuration;

/// <summary>The kinds of value that an option can take.</summary>
public enum OptionKind
{
    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A real number.</summary>
    Number,

    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A word, possibly out of <see cref="OptionSpec.Choices"/>.</summary>
    Text,

    /// <summary>A list of whole numbers.</summary>
    IntegerList,

    /// <summary>A list of real numbers.</summary>
    NumberList,

    /// <summary>A list of words.</summary>
    TextList,

    /// <summary>The path of a layer in the student (checked against the student's layers).</summary>
    StudentLayer,

    /// <summary>The path of a layer in the teacher (checked against the teacher's layers).</summary>
    TeacherLayer,

    /// <summary>A list of paths of layers in the student.</summary>
    StudentLayers,

    /// <summary>A list of paths of layers in the teacher.</summary>
    TeacherLayers,
}

/// <summary>
/// One option of a method, analysis, network, optimiser or schedule: its name in YAML, its kind, default, range and meaning.
/// Declared once by whoever owns the option; the study's checks, the help texts and the generated documentation all read it.
/// </summary>
/// <param name="Name">Name in YAML, kebab-case.</param>
/// <param name="Kind">What kind of value it takes.</param>
/// <param name="Default">The value when left out: long, double, bool, string, long[], double[] or string[] by kind; null where "none" is meaningful.</param>
/// <param name="Description">What it does, in one sentence, with its unit.</param>
/// <param name="Minimum">Smallest allowed value, inclusive (of each element, for lists).</param>
/// <param name="Maximum">Largest allowed value, inclusive (of each element, for lists).</param>
/// <param name="Choices">The allowed words of a <see cref="OptionKind.Text"/> option; null for any.</param>
/// <param name="Required">True where leaving it out is an error.</param>
public sealed record OptionSpec(
    string Name,
    OptionKind Kind,
    object? Default,
    string Description,
    double? Minimum = null,
    double? Maximum = null,
    IReadOnlyList<string>? Choices = null,
    bool Required = false);
