using DistillSharp.Distillation;
using DistillSharp.Configuration;
using DistillSharp.Inheritance;
using DistillSharp.Studies;

namespace DistillSharp.Tests.Studies;

/// <summary>A small catalogue with one of everything that the reader treats differently.</summary>
internal sealed class FakeCatalog : IStudyCatalog
{
    private static readonly OptionSpec StudentLayer = new("student-layer", OptionKind.StudentLayer, null, "A layer of the student.");
    private static readonly OptionSpec TeacherLayer = new("teacher-layer", OptionKind.TeacherLayer, null, "A layer of the teacher.");

    public string? MissingFiles { get; init; }

    public string Fingerprint { get; init; } = "fashion-1";

    public IReadOnlyList<CatalogEntry> DataSets { get; } =
    [
        new("fashion-mnist", []),
        new("cifar-10", []),
        new("image-folder",
        [
            new("size", OptionKind.Integer, null, "Side of the images.", Minimum: 1, Maximum: 1024),
            new("channels", OptionKind.Integer, 3, "Channels.", Minimum: 1, Maximum: 3),
            new("skip-broken", OptionKind.Boolean, false, "Leave out what cannot be read."),
        ]),
        new("domains", [new("held-out", OptionKind.TextList, null, "Domains of the test set.", Required: true)]),
    ];

    public IReadOnlyList<OptionSpec> AugmentationOptions { get; init; } =
    [
        new("crop", OptionKind.Integer, 0, "Pixels of padding.", Minimum: 0, Maximum: 16),
        new("flip", OptionKind.Boolean, false, "Mirror half of the images."),
        new("brightness", OptionKind.Number, 0.0, "Change of brightness.", Minimum: 0, Maximum: 1),
        new("rotation", OptionKind.Number, null, "Degrees.", Minimum: 0, Maximum: 180),
    ];

    public IReadOnlyList<CatalogEntry> Models { get; } =
    [
        new("convnet",
        [
            new("widths", OptionKind.IntegerList, new long[] { 16, 32, 64 }, "Channels of each stage.", Minimum: 1, Maximum: 4096),
            new("dropout", OptionKind.Number, 0.0, "Share of activations dropped.", Minimum: 0, Maximum: 0.9),
        ]),
        new("resnet", [new("depth", OptionKind.Integer, null, "Layers.", Minimum: 8, Maximum: 110, Required: true)]),
    ];

    public IReadOnlyList<CatalogEntry> Methods { get; } =
    [
        new("kl",
        [
            new("temperature", OptionKind.Number, 4.0, "Softens the logits.", Minimum: 0.1, Maximum: 100),
            new("weight", OptionKind.Number, 0.9, "Weight of the term.", Minimum: 0),
            new("reduction", OptionKind.Text, "mean", "How the batch is reduced.", Choices: ["mean", "sum"]),
        ], NeedsTeacher: true),
        new("hint", [new("weight", OptionKind.Number, 100.0, "Weight of the term.", Minimum: 0), StudentLayer, TeacherLayer], NeedsTeacher: true),
        new("scales", [new("scales", OptionKind.NumberList, new[] { 0.5, 1.0 }, "Scales.", Minimum: 0)], NeedsTeacher: true),
        new("label-smoothing", [new("amount", OptionKind.Number, 0.1, "Share of the label given away.", Minimum: 0, Maximum: 1)]),
    ];

    public IReadOnlyList<CatalogEntry> Optimizers { get; } =
    [
        new("adamw", [new("learning-rate", OptionKind.Number, 0.001, "Step size.", Minimum: 0), new("beta", OptionKind.Number, 0.9, "Decay.", Minimum: 0, Maximum: 1)]),
        new("sgd", [new("learning-rate", OptionKind.Number, 0.05, "Step size.", Minimum: 0), new("momentum", OptionKind.Number, 0.9, "Momentum.", Minimum: 0, Maximum: 1)]),
    ];

    public IReadOnlyList<CatalogEntry> Schedules { get; } =
    [
        new("constant", []),
        new("cosine", [new("warm-up", OptionKind.Integer, 0, "Epochs of warm-up.", Minimum: 0)]),
    ];

    public IReadOnlyList<CatalogEntry> Analyses { get; } =
    [
        new("fidelity", [], NeedsTeacher: true),
        new("localization", [StudentLayer, TeacherLayer, new("images", OptionKind.Integer, 2000, "Images.", Minimum: 1)], NeedsTeacher: true),
        .. AnalysisRegistry.All.Where(a => a.Name is not ("fidelity" or "localization")).Select(a => new CatalogEntry(a.Name, a.Options, NeedsTeacher: true)),
        new("calibration", [new("bins", OptionKind.Integer, 15, "Bins.", Minimum: 1), TeacherLayer]),
    ];

    public string DefaultOptimizer => "sgd";

    public string DefaultSchedule => "cosine";

    public string? CheckDataSet(string name, string? path, OptionValues options) => MissingFiles;

    public DataSetDescription? DescribeDataSet(string name, string? path, OptionValues options) =>
        MissingFiles is null ? new DataSetDescription(1, 28, 28, 10, 60000, 10000, Fingerprint)
        {
            Attributes = [new AttributeDescription("domain", [("photo", 40000), ("sketch", 20000)]) { TestValues = [("photo", 7000), ("sketch", 3000), ("clip art", 0)] }],
        } : null;

    public string? CheckAugmentation(OptionValues options, DataSetDescription? data) =>
        options.Has("rotation") && options.Number("rotation") == 13 ? "expected a lucky number." : null;

    public string? CheckModel(ModelDefinition model, DataSetDescription data) =>
        model.Name == "convnet" && model.Options.Integers("widths").Count == 0 ? "expected at least one stage, found no widths." : null;

    public NetworkLayers Layers(ModelDefinition model, DataSetDescription data)
    {
        string[] paths = model.Name == "convnet"
            ? [.. model.Options.Integers("widths").Select((_, i) => $"stage{i + 1}")]
            : ["layer1", "layer2"];
        return new NetworkLayers(paths.ToDictionary(p => p, long[] (_) => [8, 7, 7]), new NetworkTaps("", paths[0], paths[^1], paths, paths));
    }

    public string? CheckWeights(string path, ModelDefinition model, DataSetDescription data) =>
        path.EndsWith("wrong.pth", StringComparison.Ordinal) ? "expected the weights of another network." : null;

    public string? CheckMethod(MethodDefinition method, NetworkLayers studentLayers, NetworkLayers? teacherLayers) =>
        method.Name == "hint" && method.Options.Has("student-layer") != method.Options.Has("teacher-layer")
            ? "expected 'student-layer' and 'teacher-layer' together, found one of them."
            : null;

    // Of the real analyses, except where this catalogue has its own.
    public IEnumerable<OptionProblem> CheckAnalysis(AnalysisDefinition analysis, AnalysisSetting setting) =>
        analysis.Name is "fidelity" or "localization" or "calibration" ? [] : AnalysisRegistry.Get(analysis.Name).Check(analysis.Options, setting);
}
