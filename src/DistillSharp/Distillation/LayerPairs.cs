using DistillSharp.Configuration;

namespace DistillSharp.Distillation;

/// <summary>Layers of the student and of the teacher that a method puts side by side: the first with the first, and so on.</summary>
/// <param name="Student">Paths in the student.</param>
/// <param name="Teacher">Paths in the teacher.</param>
internal sealed record LayerPairs(IReadOnlyList<string> Student, IReadOnlyList<string> Teacher)
{
    /// <summary>What <see cref="Maps"/> is called in the description of an option.</summary>
    public const string MapsText = "all maps but the stem's";

    /// <summary>What <see cref="Preactivations"/> is called in the description of an option.</summary>
    public const string PreactivationsText = "all maps but the stem's, each before its last ReLU";

    /// <summary>The option that names layers of the student.</summary>
    /// <param name="fallback">What is taken where it is left out, in words.</param>
    public static OptionSpec StudentOption(string fallback) =>
        new("student-layers", OptionKind.StudentLayers, null, $"The student's layers, in the order of the teacher's; where left out, {fallback}");

    /// <summary>The option that names layers of the teacher.</summary>
    /// <param name="fallback">What is taken where it is left out, in words.</param>
    public static OptionSpec TeacherOption(string fallback) =>
        new("teacher-layers", OptionKind.TeacherLayers, null, $"The teacher's layers, in the order of the student's; where left out, {fallback}");

    /// <summary>
    /// A network's maps but the stem's, which public implementations leave out too. The stem is the first of three maps or more; of two
    /// maps both are taken.
    /// </summary>
    public static IReadOnlyList<string> Maps(NetworkTaps network) => WithoutStem(AllMaps(network));

    /// <summary>Every map of a network, the stem's too.</summary>
    public static IReadOnlyList<string> AllMaps(NetworkTaps network) => [.. network.Features.SkipLast(1)];

    /// <summary>The last map of a network.</summary>
    public static IReadOnlyList<string> LastMap(NetworkTaps network) => [.. network.Features.SkipLast(1).TakeLast(1)];

    /// <summary>The same as <see cref="Maps"/>, each before its last ReLU.</summary>
    public static IReadOnlyList<string> Preactivations(NetworkTaps network) => WithoutStem(network.Preactivations);

    /// <summary>The layers that the options 'student-layers' and 'teacher-layers' name, or the defaults.</summary>
    public static LayerPairs Several(OptionValues options, LayerDefaults layers, Func<NetworkTaps, IReadOnlyList<string>> fallback) =>
        Several(options, layers, fallback, fallback);

    /// <summary>The layers that the options 'student-layers' and 'teacher-layers' name, or the defaults, each network's its own.</summary>
    public static LayerPairs Several(
        OptionValues options, LayerDefaults layers, Func<NetworkTaps, IReadOnlyList<string>> student, Func<NetworkTaps, IReadOnlyList<string>> teacher) => new(
        options.Has("student-layers") ? options.Texts("student-layers") : student(layers.Student),
        options.Has("teacher-layers") ? options.Texts("teacher-layers") : teacher(layers.Teacher));

    /// <summary>The layers that the options 'student-layer' and 'teacher-layer' name, or the defaults.</summary>
    public static LayerPairs One(OptionValues options, LayerDefaults layers, Func<NetworkTaps, string> fallback) => new(
        [MethodOptions.Layer(options, "student-layer", fallback(layers.Student))],
        [MethodOptions.Layer(options, "teacher-layer", fallback(layers.Teacher))]);

    /// <summary>Says what is wrong with the layers, or with the weights for these layers, or null.</summary>
    /// <param name="options">The method's options.</param>
    /// <param name="studentShapes">Shapes of the student's layers by path, without the batch.</param>
    /// <param name="teacherShapes">The teacher's, likewise.</param>
    /// <param name="fewest">How many layers the method needs of each network.</param>
    /// <param name="maps">True where maps <c>[C, H, W]</c> are needed; a vector will not do.</param>
    public string? Check(
        OptionValues options,
        IReadOnlyDictionary<string, long[]> studentShapes,
        IReadOnlyDictionary<string, long[]> teacherShapes,
        int fewest = 1,
        bool maps = true) =>
        CheckCount(fewest)
            ?? Student.Select(p => MethodOptions.CheckLayer("student", p, studentShapes)).FirstOrDefault(p => p is not null)
            ?? Teacher.Select(p => MethodOptions.CheckLayer("teacher", p, teacherShapes)).FirstOrDefault(p => p is not null)
            ?? MethodOptions.CheckLabelWeight(options, Deepest(studentShapes), studentShapes)
            ?? (maps ? CheckMaps("student", Student, studentShapes) ?? CheckMaps("teacher", Teacher, teacherShapes) : null);

    /// <summary>Says that the maps of a pair differ in their channels, or null.</summary>
    public string? CheckChannels(IReadOnlyDictionary<string, long[]> studentShapes, IReadOnlyDictionary<string, long[]> teacherShapes) =>
        Student.Zip(Teacher)
            .Where(p => studentShapes[p.First][0] != teacherShapes[p.Second][0])
            .Select(p => FormattableString.Invariant(
                $"The student's '{p.First}' has {studentShapes[p.First][0]} channels, the teacher's '{p.Second}' {teacherShapes[p.Second][0]}; this method compares maps of equally many channels. Choose layers with equal channels, a teacher as wide as the student, or another method."))
            .FirstOrDefault();

    private static IReadOnlyList<string> WithoutStem(IReadOnlyList<string> maps) => maps.Count > 2 ? [.. maps.Skip(1)] : maps;

    private static string? CheckMaps(string network, IReadOnlyList<string> layers, IReadOnlyDictionary<string, long[]> shapes) => layers
        .Where(p => shapes[p].Length != 3)
        .Select(p => $"The {network}'s layer '{p}' gives out [{string.Join(", ", shapes[p])}]; maps [channels, height, width] are needed. Choose a layer before the pooling.")
        .FirstOrDefault();

    private string? CheckCount(int fewest)
    {
        if (Student.Count != Teacher.Count)
        {
            return $"{Student.Count} layers of the student ({string.Join(", ", Student)}) stand against {Teacher.Count} of the teacher ({string.Join(", ", Teacher)}). Name equally many with the options 'student-layers' and 'teacher-layers'.";
        }

        return Student.Count >= fewest
            ? null
            : $"{Student.Count} layer{(Student.Count == 1 ? " is" : "s are")} named of each network; at least {fewest} {(fewest == 1 ? "is" : "are")} needed. Name them with the options 'student-layers' and 'teacher-layers'.";
    }

    private string Deepest(IReadOnlyDictionary<string, long[]> shapes) => shapes.Keys.Last(Student.Contains);
}
