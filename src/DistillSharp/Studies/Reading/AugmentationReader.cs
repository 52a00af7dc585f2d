using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>Reads a mapping <c>augmentation</c>, of the data or of one teacher.</summary>
/// <param name="catalog">Which options exist, and whether they fit together.</param>
/// <param name="problems">Takes what is wrong.</param>
internal sealed class AugmentationReader(IStudyCatalog catalog, ProblemList problems)
{
    /// <summary>The augmentation; null, and problems, where it is wrong.</summary>
    /// <param name="node">The mapping; null for all defaults.</param>
    /// <param name="place">Where to report what is missing.</param>
    /// <param name="data">The images; null where they are not known, and then options are not held against them.</param>
    public AugmentationDefinition? Read(SourceNode? node, SourceNode place, DataSetDescription? data)
    {
        if (OptionsReader.Read(node, place, catalog.AugmentationOptions, [], problems).Values is not { } values)
        {
            return null;
        }

        if (catalog.CheckAugmentation(values, data) is { } error)
        {
            problems.Add(node ?? place, error);
            return null;
        }

        return new AugmentationDefinition(values);
    }
}
