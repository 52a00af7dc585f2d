using DistillSharp.Configuration;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>One of the attacks that a study can ask for.</summary>
/// <param name="Name">The name in a study.</param>
/// <param name="Title">The name that people read.</param>
/// <param name="Norm">How epsilon and alpha are measured.</param>
/// <param name="Craft">
/// Crafts: the attacked classifier, images <c>[N, C, H, W]</c>, true classes <c>[N]</c>, the budget, how many images at a time, and the position of the first
/// image among all that are attacked in parts (a multiple of the slice).
/// </param>
public sealed record GradientAttack(string Name, string Title, AttackNorm Norm, Func<ImageClassifier, Tensor, Tensor, AttackBudget, int, long, Tensor> Craft)
{
    private const double Momentum = 1;
    private const ulong StartSeed = 0;

    /// <summary>Iterative FGSM: the attack of Ojha et al. 2023.</summary>
    public static GradientAttack Iterative { get; } = new("i-fgsm", "Iterative FGSM", AttackNorm.LInfinity, (model, images, labels, budget, slice, _) => IterativeFgsm.Perturb(model, images, labels, budget, slice));

    /// <summary>The attacks, in the order to be listed.</summary>
    public static IReadOnlyList<GradientAttack> All { get; } =
    [
        Iterative,
        new("pgd", "PGD", AttackNorm.LInfinity, (model, images, labels, budget, slice, at) => ProjectedGradientDescent.Perturb(model, images, labels, budget, AttackNorm.LInfinity, StartSeed, slice, at)),
        new("pgd-l2", "PGD in L2", AttackNorm.L2, (model, images, labels, budget, slice, at) => ProjectedGradientDescent.Perturb(model, images, labels, budget, AttackNorm.L2, StartSeed, slice, at)),
        new("mi-fgsm", "Momentum iterative FGSM", AttackNorm.LInfinity, (model, images, labels, budget, slice, _) => MomentumFgsm.Perturb(model, images, labels, budget, Momentum, slice)),
    ];

    /// <summary>The attack of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public static GradientAttack Get(string name) =>
        All.FirstOrDefault(a => a.Name == name) ?? throw new ArgumentException(NearestName.Explain("attack", name, All.Select(a => a.Name)), nameof(name));

    /// <summary>The size in this attack's norm of a change of every value by 1: 1, or in L2 the root of the number of values of an image.</summary>
    /// <param name="images">The images <c>[N, C, H, W]</c>.</param>
    public double Scale(Tensor images) => Norm == AttackNorm.L2 ? Math.Sqrt((double)images.ElementCount / images.Size(0)) : 1;
}
