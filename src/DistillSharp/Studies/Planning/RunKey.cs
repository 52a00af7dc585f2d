using System.Globalization;

namespace DistillSharp.Studies;

/// <summary>
/// Names a training run by what defines it: <c>&lt;role&gt;-&lt;label&gt;-s&lt;seed&gt;-&lt;hash&gt;</c>.
/// Runs with the same key give the same weights, so a finished one is never repeated.
/// </summary>
/// <param name="Role">What the model is in the study.</param>
/// <param name="Label">The teacher's name, or the method's label.</param>
/// <param name="Seed">The seed of initialisation and order of data.</param>
/// <param name="Hash">12 hexadecimal digits over everything that defines the run, the seed included; role and label only name it.</param>
public sealed record RunKey(RunRole Role, string Label, int Seed, string Hash)
{
    // Raised whenever the same study would train other weights than before, so that old results are not taken for new ones.
    private const int FormatVersion = 1;

    /// <summary>The key of a run that these named values define, in any order.</summary>
    /// <param name="role">What the model is in the study.</param>
    /// <param name="label">The teacher's name, or the method's label.</param>
    /// <param name="seed">The seed of initialisation and order of data.</param>
    /// <param name="values">Everything else that defines the run. <c>format</c> and <c>seed</c> are added and may not be among them.</param>
    /// <exception cref="ArgumentException">Two values have the same name.</exception>
    public static RunKey Compute(RunRole role, string label, int seed, IEnumerable<(string Name, string Value)> values) =>
        new(role, label, seed, CanonicalText.Hash(
        [
            ("format", FormatVersion.ToString(CultureInfo.InvariantCulture)),
            ("seed", seed.ToString(CultureInfo.InvariantCulture)),
            .. values,
        ]));

    /// <summary>The key as text, fit for a folder's name.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Role.ToName()}-{Label}-s{Seed}-{Hash}");
}
