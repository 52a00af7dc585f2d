using DistillSharp.Configuration;

namespace DistillSharp.Distillation;

/// <summary>Every method by name; a new method is added here, once.</summary>
public static class MethodRegistry
{
    /// <summary>The methods by what they compare, in the order to be listed.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<MethodDescription> Methods)> Groups { get; } =
    [
        ("Response: what the logits say", [
            IndependentMethod.Description,
            KlMethod.Description,
        ]),
        ("Feature: what the layers give out", [
            HintMethod.Description,
        ]),
        ("Relation: how examples lie to each other", [
            CrdMethod.Description,
        ]),
    ];

    /// <summary>The methods, in the order to be listed.</summary>
    public static IReadOnlyList<MethodDescription> All { get; } = [.. Groups.SelectMany(g => g.Methods)];

    /// <summary>The method of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public static MethodDescription Get(string name) =>
        All.FirstOrDefault(m => m.Name == name) ?? throw new ArgumentException(NearestName.Explain("method", name, All.Select(m => m.Name)), nameof(name));
}
