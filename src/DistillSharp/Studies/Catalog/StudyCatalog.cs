using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Distillation;
using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Torch.Serialization;
using DistillSharp.Training;
using DistillSharp.Weights;
using DistillSharp.Optimization;

namespace DistillSharp.Studies;

/// <summary>Everything that this library has, as a study can name it. Data sets that were looked at stay loaded until disposal.</summary>
public sealed class StudyCatalog : IStudyCatalog, IDisposable
{
    private readonly Dictionary<(string Name, string? Path, string Options), TrainTestData> _loaded = [];

    /// <inheritdoc/>
    public IReadOnlyList<CatalogEntry> DataSets { get; } = DatasetCatalog.Sources.Select(s => new CatalogEntry(s.Name, s.Options)).ToList();

    /// <inheritdoc/>
    public IReadOnlyList<OptionSpec> AugmentationOptions => Augmentation.Options;

    /// <inheritdoc/>
    public IReadOnlyList<CatalogEntry> Models { get; } = ModelZoo.All.Select(m => new CatalogEntry(m.Name, m.Options)).ToList();

    /// <inheritdoc/>
    public IReadOnlyList<CatalogEntry> Methods { get; } = MethodRegistry.All.Select(m => new CatalogEntry(m.Name, m.Options, m.NeedsTeacher, m.NeedsLabelsWith)).ToList();

    /// <inheritdoc/>
    public IReadOnlyList<CatalogEntry> Optimizers { get; } = Recipes.Optimizers.Select(o => new CatalogEntry(o.Key, o.Value)).ToList();

    /// <inheritdoc/>
    public IReadOnlyList<CatalogEntry> Schedules { get; } = Recipes.Schedules.Select(s => new CatalogEntry(s.Key, s.Value)).ToList();

    /// <inheritdoc/>
    public IReadOnlyList<CatalogEntry> Analyses { get; } = AnalysisRegistry.All.Select(a => new CatalogEntry(a.Name, a.Options, NeedsTeacher: true)).ToList();

    /// <inheritdoc/>
    public string DefaultOptimizer => "sgd";

    /// <inheritdoc/>
    public string DefaultSchedule => "cosine";

    /// <summary>The data of a study; loaded once.</summary>
    /// <exception cref="FileNotFoundException">The files are not there.</exception>
    /// <exception cref="DataFormatException">A file is not what it must be.</exception>
    /// <exception cref="ArgumentException">An option is missing, or its value is not possible.</exception>
    public TrainTestData Load(string name, string? path, OptionValues options)
    {
        (string, string?, string) key = (name, path, CanonicalText.Of(options));
        if (!_loaded.TryGetValue(key, out TrainTestData? data))
        {
            data = DatasetCatalog.Get(name).Load(path, device: null, options);
            _loaded.Add(key, data);
        }

        return data;
    }

    /// <inheritdoc/>
    public string? CheckDataSet(string name, string? path, OptionValues options)
    {
        try
        {
            Load(name, path, options);
            return null;
        }
        catch (Exception e) when (e is DataFormatException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <inheritdoc/>
    public DataSetDescription? DescribeDataSet(string name, string? path, OptionValues options)
    {
        if (CheckDataSet(name, path, options) is not null)
        {
            return null;
        }

        TrainTestData data = Load(name, path, options);
        return new DataSetDescription(
            data.Train.Channels,
            data.Train.Height,
            data.Train.Width,
            data.Train.ClassNames.Count,
            data.Train.Count,
            data.Test.Count,
            data.Fingerprint)
        {
            ClassNames = data.Train.ClassNames,
            Notes = data.Notes,
            Attributes = data.Train.Attributes
                .Select(a => new AttributeDescription(a.Name, Counts(a)) { TestValues = data.Test.Attributes.FirstOrDefault(t => t.Name == a.Name) is { } test ? Counts(test) : [] })
                .ToList(),
        };
    }

    /// <inheritdoc/>
    public string? CheckAugmentation(OptionValues options, DataSetDescription? data)
    {
        try
        {
            var augmentation = Augmentation.From(options);
            if (data is not null)
            {
                augmentation.Check(data.Channels);
            }

            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    /// <inheritdoc/>
    public string? CheckModel(ModelDefinition model, DataSetDescription data)
    {
        try
        {
            using ImageModel made = Make(model, data);
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message;
        }
    }

    /// <inheritdoc/>
    public NetworkLayers Layers(ModelDefinition model, DataSetDescription data)
    {
        using ImageModel made = Make(model, data);
        return new NetworkLayers(ModelZoo.LayerShapes(made, Task(data)), MethodFactory.Taps(made));
    }

    /// <inheritdoc/>
    public string? CheckWeights(string path, ModelDefinition model, DataSetDescription data)
    {
        try
        {
            using ImageModel made = Make(model, data);
            using WeightsFile file = WeightsFile.Open(path);
            file.LoadInto(made);
            return null;
        }
        catch (Exception e) when (e is WeightsMismatchException or PyTorchFileException or SafeTensorsException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <inheritdoc/>
    public string? CheckMethod(MethodDefinition method, NetworkLayers studentLayers, NetworkLayers? teacherLayers) =>
        teacherLayers is null
            ? null
            : MethodRegistry.Get(method.Name).Check?.Invoke(
                method.Options,
                new LayerDefaults(studentLayers.Defaults, teacherLayers.Defaults),
                studentLayers.Shapes,
                teacherLayers.Shapes);

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> CheckAnalysis(AnalysisDefinition analysis, AnalysisSetting setting) =>
        AnalysisRegistry.Get(analysis.Name).Check(analysis.Options, setting);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (TrainTestData data in _loaded.Values)
        {
            data.Dispose();
        }

        _loaded.Clear();
    }

    private static List<(string Name, int Images)> Counts(ImageAttribute attribute) =>
        attribute.ValueNames.Select((name, code) => (name, attribute.Values.Count(v => v == code))).ToList();

    private static ImageTask Task(DataSetDescription data) => new(data.Channels, data.Height, data.Width, data.Classes);

    private static ImageModel Make(ModelDefinition model, DataSetDescription data) => ModelZoo.Create(model.Name, Task(data), seed: 0, model.Options);
}
