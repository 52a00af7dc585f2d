using DistillSharp.Configuration;
using DistillSharp.Inheritance;

namespace DistillSharp.Studies;

/// <summary>
/// What exists and can be named in a study, and what can be checked without running it.
/// </summary>
/// <remarks>
/// A model's options stand beside the keys of the section that names the model, so they may not be called
/// <c>name</c>, <c>model</c>, <c>seed</c>, <c>budget</c>, <c>seeds</c> or <c>methods</c>. Those of a data set stand in the section
/// <c>data</c>; see <see cref="Data.IDatasetSource.Options"/>. The options of a method, an analysis, an
/// optimiser or a schedule may not be called <c>name</c>. Defaults are finite numbers.
/// The checks are only called with options that hold to their declared kinds and ranges.
/// They return null, or a sentence that says what was expected, what was found and what to do.
/// </remarks>
public interface IStudyCatalog
{
    /// <summary>The data sets, with the options of how they are read. <see cref="CatalogEntry.NeedsTeacher"/> is not used.</summary>
    IReadOnlyList<CatalogEntry> DataSets { get; }

    /// <summary>The options of <c>data.augmentation</c>.</summary>
    IReadOnlyList<OptionSpec> AugmentationOptions { get; }

    /// <summary>The networks. <see cref="CatalogEntry.NeedsTeacher"/> is not used.</summary>
    IReadOnlyList<CatalogEntry> Models { get; }

    /// <summary>The distillation methods. <c>independent</c> always exists and need not be among them.</summary>
    IReadOnlyList<CatalogEntry> Methods { get; }

    /// <summary>The optimisers.</summary>
    IReadOnlyList<CatalogEntry> Optimizers { get; }

    /// <summary>The learning-rate schedules.</summary>
    IReadOnlyList<CatalogEntry> Schedules { get; }

    /// <summary>The analyses.</summary>
    IReadOnlyList<CatalogEntry> Analyses { get; }

    /// <summary>The optimiser of a budget that names none; one of <see cref="Optimizers"/>.</summary>
    string DefaultOptimizer { get; }

    /// <summary>The schedule of a budget that names none; one of <see cref="Schedules"/>.</summary>
    string DefaultSchedule { get; }

    /// <summary>Whether the files of a data set are there.</summary>
    /// <param name="name">One of <see cref="DataSets"/>.</param>
    /// <param name="path">The folder that the study names, absolute; null for the usual place.</param>
    /// <param name="options">A value for every option of the data set.</param>
    /// <returns>Null where they are found and can be read so; otherwise what is missing or wrong.</returns>
    string? CheckDataSet(string name, string? path, OptionValues options);

    /// <summary>What the data set holds; null only where <see cref="CheckDataSet"/> reports an error.</summary>
    /// <param name="name">One of <see cref="DataSets"/>.</param>
    /// <param name="path">The folder that the study names, absolute; null for the usual place.</param>
    /// <param name="options">A value for every option of the data set.</param>
    DataSetDescription? DescribeDataSet(string name, string? path, OptionValues options);

    /// <summary>What the options of an augmentation want of each other, and of the images.</summary>
    /// <param name="options">A value for every one of <see cref="AugmentationOptions"/>.</param>
    /// <param name="data">The images; null where they are not known.</param>
    /// <returns>Null where all is well; otherwise what is wrong.</returns>
    string? CheckAugmentation(OptionValues options, DataSetDescription? data);

    /// <summary>Whether these options make a network that can take these images.</summary>
    /// <returns>Null where they do; otherwise what is wrong.</returns>
    string? CheckModel(ModelDefinition model, DataSetDescription data);

    /// <summary>The layers that this network has, for options that name a layer. Called after <see cref="CheckModel"/>.</summary>
    NetworkLayers Layers(ModelDefinition model, DataSetDescription data);

    /// <summary>Whether a file holds the weights of this network. Called after <see cref="CheckModel"/>, for a file that is there.</summary>
    /// <returns>Null where it does; otherwise what is wrong.</returns>
    string? CheckWeights(string path, ModelDefinition model, DataSetDescription data);

    /// <summary>What a method wants of its options together, and of the two networks. Every layer that it names exists.</summary>
    /// <param name="method">The method with its options.</param>
    /// <param name="studentLayers">The layers of the student.</param>
    /// <param name="teacherLayers">The layers of the teacher that teaches; null where there is none.</param>
    /// <returns>Null where all is well; otherwise what is wrong.</returns>
    string? CheckMethod(MethodDefinition method, NetworkLayers studentLayers, NetworkLayers? teacherLayers);

    /// <summary>What an analysis could not measure with its options, of these images and networks. Every layer that it names exists.</summary>
    /// <param name="analysis">The analysis with its options.</param>
    /// <param name="setting">What is known of images and networks.</param>
    /// <returns>Nothing where all is well.</returns>
    IEnumerable<OptionProblem> CheckAnalysis(AnalysisDefinition analysis, AnalysisSetting setting);
}
