using DistillSharp.Configuration;
using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>A kind of data set that can be found by name and loaded.</summary>
public interface IDatasetSource
{
    /// <summary>The name in studies, kebab-case.</summary>
    string Name { get; }

    /// <summary>What it is, in one sentence.</summary>
    string Description { get; }

    /// <summary>
    /// What can be chosen of how it is read. In a study the options stand beside the keys of the section <c>data</c>, so they may
    /// not be called <c>name</c>, <c>path</c>, <c>fingerprint</c>, <c>train</c>, <c>validation</c>, <c>split-seed</c>, <c>test</c> or
    /// <c>augmentation</c>. An option without a value is neither written to a resolved study nor part of run keys, so a source can
    /// be given further options with the default null without a change to what was trained before.
    /// </summary>
    IReadOnlyList<OptionSpec> Options { get; }

    /// <summary>True where the data have a usual place; false where the path must be given.</summary>
    bool HasUsualPlace { get; }

    /// <summary>Looks for the data; reads none.</summary>
    /// <param name="path">The only folder to look in; null for the usual places.</param>
    DatasetLocation Find(string? path = null);

    /// <summary>Reads and checks the data.</summary>
    /// <param name="path">The only folder to look in; null for the usual places.</param>
    /// <param name="device">Where to put the images; the CPU by default.</param>
    /// <param name="options">A value for every option; the defaults where null.</param>
    /// <exception cref="FileNotFoundException">The data are not there; the message is the location's explanation.</exception>
    /// <exception cref="DataFormatException">A file is not what it must be.</exception>
    /// <exception cref="ArgumentException">An option that is required has no value, or a value is not possible.</exception>
    TrainTestData Load(string? path = null, Device? device = null, OptionValues? options = null);
}
