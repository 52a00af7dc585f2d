using DistillSharp.Torch;

namespace DistillSharp.Data;

/// <summary>A kind of data set that can be found by name and loaded.</summary>
public interface IDatasetSource
{
    /// <summary>The name in studies, kebab-case.</summary>
    string Name { get; }

    /// <summary>What it is, in one sentence.</summary>
    string Description { get; }

    /// <summary>Looks for the data; reads none.</summary>
    /// <param name="path">The only folder to look in; null for the usual places.</param>
    DatasetLocation Find(string? path = null);

    /// <summary>Reads and checks the data.</summary>
    /// <param name="path">The only folder to look in; null for the usual places.</param>
    /// <param name="device">Where to put the images; the CPU by default.</param>
    /// <exception cref="FileNotFoundException">The data are not there; the message is the location's explanation.</exception>
    /// <exception cref="DataFormatException">A file is not what it must be.</exception>
    TrainTestData Load(string? path = null, Device? device = null);
}
