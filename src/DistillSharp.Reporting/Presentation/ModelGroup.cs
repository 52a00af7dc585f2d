using DistillSharp.Studies.Results;

namespace DistillSharp.Reporting.Presentation;

/// <summary>The models that differ in their seed only.</summary>
/// <param name="Name">The method, or the role of models trained without a teacher.</param>
/// <param name="Architecture">The architecture with its size.</param>
/// <param name="Parameters">How many weights each has.</param>
/// <param name="Models">The models, by seed.</param>
public sealed record ModelGroup(string Name, string Architecture, long Parameters, IReadOnlyList<ModelResult> Models)
{
    private static readonly string[] Roles = ["teacher", "other-teacher", "ancestor", "independent", "student", "cross-student"];

    /// <summary>The mean over seeds; NaN where a seed has no number, so that nothing is left out in silence.</summary>
    public double Mean(Func<ModelResult, double> figure) => Models.Average(figure);

    internal static IReadOnlyList<ModelGroup> Of(IReadOnlyList<ModelResult> models) =>
    [
        .. models
            .GroupBy(model => (model.Role, Name: Method.NameOf(model), model.Architecture, model.Parameters))
            .OrderBy(group => Array.IndexOf(Roles, group.Key.Role) is var place and >= 0 ? place : Roles.Length)
            .Select(group => new ModelGroup(
                group.Key.Name,
                group.Key.Architecture,
                group.Key.Parameters,
                [.. group.OrderBy(model => model.Seed)])),
    ];
}
