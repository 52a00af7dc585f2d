using DistillSharp.Configuration;

namespace DistillSharp.Distillation;

/// <summary>The options and the description that partial teachers share.</summary>
internal static class PartialOptions
{
    /// <summary>Whose partial teachers these are.</summary>
    public const string Paper = "Tang, Shivanna, Zhao, Lin, Singh, Chi, Jain: Understanding and Improving Knowledge Distillation. arXiv 2002.03532";

    /// <summary>What controls say that their paper does not have.</summary>
    public const string Control = "A control that the paper lacks, of " + Paper;

    /// <summary>A partial teacher's entry in the registry.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="title">What it is called.</param>
    /// <param name="needs">What it needs.</param>
    /// <param name="target">The target distribution, in words and symbols.</param>
    /// <param name="own">Options of its own, listed first.</param>
    /// <param name="create">Makes the method.</param>
    /// <param name="check">What is wrong with its own options for so many classes (0 where that is not known yet), or null.</param>
    /// <param name="paper">Where it comes from.</param>
    /// <param name="year">Of which year that is.</param>
    public static MethodDescription Describe(
        string name,
        string title,
        string needs,
        string target,
        IReadOnlyList<OptionSpec> own,
        Func<OptionValues, DistillationMethod> create,
        Func<OptionValues, long, string?>? check = null,
        string paper = Paper,
        int year = 2020) => new(
        name,
        title,
        paper,
        year,
        needs,
        $"label-weight · CE(student, labels) + weight · c · H(target, softmax(student/student-temperature)); target: {target}; p = softmax(teacher/teacher-temperature); c = 1, or student-temperature² with scale-by-temperature",
        NeedsTeacher: true,
        [
            .. own,
            new OptionSpec("teacher-temperature", OptionKind.Number, 1.0, "What softens the teacher before a part of it is taken", Minimum: 0.01, Maximum: 1000),
            new OptionSpec("student-temperature", OptionKind.Number, 1.0, "What softens the student; at 1 the term is label smoothing with the target in the place of the even distribution", Minimum: 0.01, Maximum: 1000),
            MethodOptions.Weight(0.9),
            MethodOptions.LabelWeight(0.1),
            MethodOptions.ScaleByTemperature(false),
        ],
        (options, _) => create(options),
        (options, _, studentShapes, _) => MethodOptions.CheckWeight(options)
            ?? check?.Invoke(options, studentShapes.Count > 0 ? studentShapes.Values.Last()[^1] : 0))
    {
        NeedsLabels = true,
    };

    /// <summary>The options of methods that need to know which classes are related.</summary>
    public static IReadOnlyList<OptionSpec> Relations { get; } =
    [
        new("superclasses", OptionKind.IntegerList, null, "The group of each class, one number a class, e.g. [0, 0, 1, 1]; where left out, classes are as related as the cosines of their weights in the teacher's last layer", Minimum: 0, Maximum: 1 << 20),
        new("within-ratio", OptionKind.Number, 4.0, "With superclasses, how much more a class of the true one's group gets than a class of another", Minimum: 0.001, Maximum: 1e6),
        .. Similarity,
    ];

    /// <summary>The options of the likeness of class weights.</summary>
    public static IReadOnlyList<OptionSpec> Similarity =>
    [
        new("similarity-temperature", OptionKind.Number, 0.2, "Alpha, what cosines of class weights are divided by; lower tells classes apart more sharply (a choice of this program: the paper's value could not be verified)", Minimum: 0.001, Maximum: 1000),
        new("similarity-power", OptionKind.Number, 1.0, "Beta, the power that the quotient is raised to, keeping its sign", Minimum: 0.01, Maximum: 100),
    ];

    /// <summary>What is wrong with the groups of classes, or null.</summary>
    /// <param name="options">The method's options.</param>
    /// <param name="classes">How many classes there are; 0 where that is not known.</param>
    public static string? CheckSuperclasses(OptionValues options, long classes) =>
        classes > 0 && options.Has("superclasses") && options.Integers("superclasses").Count != classes
            ? $"The option 'superclasses' gives {options.Integers("superclasses").Count} groups; there are {classes} classes. Give one number for each class, in the order of the labels."
            : null;
}
