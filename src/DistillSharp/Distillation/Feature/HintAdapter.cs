using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Distillation;

/// <summary>The layers that bring a student's features to the shape of a teacher's, trained beside the student and thrown away after.</summary>
internal static class HintAdapter
{
    /// <summary>The kinds of adapter.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["convolution", "linear", "none"];

    private enum Resize
    {
        Halve,
        Double,
        Crop,
        Impossible,
    }

    /// <summary>Says why features cannot be brought together and what to change, or null.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="student">The student's shape without the batch: <c>[C, H, W]</c> or <c>[F]</c>.</param>
    /// <param name="teacher">The teacher's, likewise.</param>
    public static string? Check(string kind, ReadOnlySpan<long> student, ReadOnlySpan<long> teacher)
    {
        string shapes = $"The student's features are {Text(student)}, the teacher's {Text(teacher)}";
        switch (kind)
        {
            case "none":
                return student.SequenceEqual(teacher)
                    ? null
                    : $"{shapes}; without an adapter the shapes must be equal. Choose other layers, or the adapter 'convolution' or 'linear'.";
            case "linear":
                return student.Length == teacher.Length && student.Length is 1 or 3 && student[1..].SequenceEqual(teacher[1..])
                    ? null
                    : $"{shapes}; the adapter 'linear' changes channels only. Choose layers with maps of equal height and width, or the adapter 'convolution'.";
            default:
                if (student.Length != 3 || teacher.Length != 3)
                {
                    return $"{shapes}; the adapter 'convolution' takes maps [channels, height, width] on both sides. Choose layers that give out maps, or the adapter 'linear' for two vectors.";
                }

                return Plan(student, teacher) == Resize.Impossible
                    ? $"{shapes}; the adapter 'convolution' makes maps smaller, or twice as large, in both directions. Choose an earlier layer of the student or a later one of the teacher."
                    : null;
        }
    }

    /// <summary>Makes the adapter; null where none is wanted.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="student">The student's shape without the batch.</param>
    /// <param name="teacher">The teacher's, likewise.</param>
    /// <param name="generator">Where the weights come from.</param>
    /// <param name="relu">False for a convolution whose result is compared before a ReLU.</param>
    /// <exception cref="ArgumentException">What <see cref="Check"/> says.</exception>
    public static Module? Create(string kind, ReadOnlySpan<long> student, ReadOnlySpan<long> teacher, Generator generator, bool relu = true)
    {
        MethodOptions.Require(Check(kind, student, teacher));
        return kind switch
        {
            "none" => null,
            "linear" when student.Length == 1 => new Linear(student[0], teacher[0], generator),
            "linear" => new Conv2d(student[0], teacher[0], 1, generator),
            _ when relu => new Sequential(("conv", Convolution(student, teacher, generator)), ("bn", new BatchNorm2d(teacher[0])), ("relu", new ReLU())),
            _ => new Sequential(("conv", Convolution(student, teacher, generator)), ("bn", new BatchNorm2d(teacher[0]))),
        };
    }

    // The kernels are those of RepDistiller's ConvReg, so that published weights for the hint mean the same here.
    private static Module Convolution(ReadOnlySpan<long> student, ReadOnlySpan<long> teacher, Generator generator) => Plan(student, teacher) switch
    {
        Resize.Halve => new Conv2d(student[0], teacher[0], 3, generator, stride: 2, padding: 1),
        Resize.Double => new ConvTranspose2d(student[0], teacher[0], 4, generator, stride: 2, padding: 1),
        _ => new Conv2d(student[0], teacher[0], 1 + student[1] - teacher[1], generator, kernelWidth: 1 + student[2] - teacher[2]),
    };

    private static Resize Plan(ReadOnlySpan<long> student, ReadOnlySpan<long> teacher)
    {
        if (student[1] == 2 * teacher[1] && student[2] == 2 * teacher[2])
        {
            return Resize.Halve;
        }

        if (2 * student[1] == teacher[1] && 2 * student[2] == teacher[2])
        {
            return Resize.Double;
        }

        return student[1] >= teacher[1] && student[2] >= teacher[2] ? Resize.Crop : Resize.Impossible;
    }

    private static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
