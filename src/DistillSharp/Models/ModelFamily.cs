using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>A network that can be asked for by name.</summary>
/// <param name="Name">The name in a study, e.g. <c>resnet20</c>.</param>
/// <param name="Group">What kind of image it is made for.</param>
/// <param name="Parameters">How many weights it has for the group's usual task and with its usual options.</param>
/// <param name="Description">What it is, in one sentence.</param>
/// <param name="Options">Its own options beside its name.</param>
/// <param name="Create">Makes it; throws <see cref="ArgumentException"/> where options and task do not go together.</param>
public sealed record ModelFamily(
    string Name,
    ModelGroup Group,
    long Parameters,
    string Description,
    IReadOnlyList<OptionSpec> Options,
    Func<OptionValues, ImageTask, Generator, ImageModel> Create);
