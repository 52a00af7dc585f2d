using System.Globalization;
using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Studies;
using DistillSharp.Studies.Results;

namespace DistillSharp.Auditing;

/// <summary>Checks a request before anything expensive is done: data, files, networks, their going together, analyses and their options.</summary>
public sealed class AuditCheck
{
    private readonly AuditRequest _request;
    private readonly StudyCatalog _catalog;
    private readonly List<AuditProblem> _problems = [];
    private readonly List<string> _warnings = [];

    private AuditCheck(AuditRequest request, StudyCatalog catalog) => (_request, _catalog) = (request, catalog);

    /// <summary>Checks a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="catalog">Loads the data and keeps them.</param>
    public static AuditCheckResult Run(AuditRequest request, StudyCatalog catalog) => new AuditCheck(request, catalog).Run();

    private AuditCheckResult Run()
    {
        TrainTestData? data = ReadData();
        ImageTask? task = data is null ? null : AuditPlan.TaskOf(data);
        IReadOnlyList<AuditedModel> models = ReadModels(task, data?.Normalization);
        IReadOnlyList<AnalysisDefinition> analyses = [];
        var omitted = new List<AuditOmission>();
        if (data is not null)
        {
            CheckCounts(data);
            analyses = ReadAnalyses();
        }

        if (_problems.Count == 0)
        {
            CheckLayers(analyses, models, task!);
            analyses = Applicable(analyses, models, data!, omitted);
        }

        return new AuditCheckResult(
            _problems.Count == 0 ? new AuditPlan(_request, data!, _request.TestImages ?? data!.Test.Count, models, analyses, omitted) : null, _problems, _warnings);
    }

    private void Add(string option, string message, AuditProblemKind kind = AuditProblemKind.Request) => _problems.Add(new AuditProblem(kind, option, message));

    private TrainTestData? ReadData()
    {
        try
        {
            IDatasetSource source = DatasetCatalog.Get(_request.Data);
            TrainTestData data = _catalog.Load(source.Name, _request.DataPath, OptionText.ParseAll(source.Name, source.Options, _request.DataOptions));
            if (data.Test.HasUnlabelled)
            {
                Add("--data", "expected a class for every test image, found some without.", AuditProblemKind.File);
            }

            return data;
        }
        catch (ArgumentException e)
        {
            Add("--data", AuditProblem.MessageOf(e));
        }
        catch (Exception e) when (e is DataFormatException or IOException or UnauthorizedAccessException)
        {
            Add("--data", e.Message, AuditProblemKind.File);
        }

        return null;
    }

    private void CheckCounts(TrainTestData data)
    {
        if (_request.TestImages is { } test && (test < 2 || test > data.Test.Count))
        {
            Add("--images", string.Create(CultureInfo.InvariantCulture, $"expected 2 to {data.Test.Count} test images, as {data.Test.Name} has, found {test}."));
        }

        if (_request.TrainImages < 0 || _request.TrainImages > data.Train.Count)
        {
            Add("--train-images", string.Create(CultureInfo.InvariantCulture, $"expected 0 to {data.Train.Count} training images, as {data.Train.Name} has, found {_request.TrainImages}."));
        }
    }

    private List<AuditedModel> ReadModels(ImageTask? task, Normalization? usual)
    {
        var files = new ModelFiles(task, usual, _problems);
        var models = new List<AuditedModel>();
        if (files.Check("--teacher", RunRole.Teacher, null, _request.Teacher, _request.TeacherReading) is { } teacher)
        {
            models.Add(teacher);
        }

        if (_request.OtherTeacher is { } other && files.Check("--other-teacher", RunRole.OtherTeacher, null, other, _request.OtherTeacherReading) is { } second)
        {
            models.Add(second);
        }

        if (_request.Students.Count == 0)
        {
            Add("--student", "expected at least one student, found none.");
        }

        foreach ((string option, RunRole role, IReadOnlyList<string> given) in new[]
        {
            ("--independent", RunRole.Independent, _request.Independent), ("--student", RunRole.Student, _request.Students), ("--other-student", RunRole.CrossStudent, _request.OtherStudents),
        })
        {
            foreach (string words in given)
            {
                (string? label, string file) = role == RunRole.Independent ? (null, words) : AuditRequest.Labelled(words);
                if (label is not null && (label.Length is 0 or > 60 || label is MeasurementKey.Independent or MeasurementKey.TeacherModel || label.Any(c => char.IsControl(c) || c is '/' or '\\')))
                {
                    Add(option, $"expected a label of 1 to 60 characters without slashes, other than '{MeasurementKey.Independent}' and '{MeasurementKey.TeacherModel}', found '{label}' in '{words}'.");
                }
                else if (files.Check(option, role, label, file, _request.StudentReading) is { } model)
                {
                    models.Add(model);
                }
            }
        }

        if (_problems.Count == 0)
        {
            new AuditPairing(models, _problems, _warnings).Check();
        }

        return _problems.Count == 0 ? AuditPairing.WithSeeds(models) : models;
    }

    private List<AnalysisDefinition> ReadAnalyses()
    {
        Dictionary<string, List<string>> options = ReadOptions();
        var analyses = new List<AnalysisDefinition>();
        foreach (string name in _request.Analyses ?? [.. AnalysisRegistry.All.Select(a => a.Name)])
        {
            if (AnalysisRegistry.All.FirstOrDefault(a => a.Name == name) is not { } analysis)
            {
                Add("--analyses", NearestName.Explain("analysis", name, AnalysisRegistry.All.Select(a => a.Name)));
                continue;
            }

            if (analyses.Any(a => a.Name == name))
            {
                Add("--analyses", $"expected each analysis once, found '{name}' again.");
                continue;
            }

            try
            {
                var definition = new AnalysisDefinition(name, OptionText.ParseAll(name, analysis.Options, options.GetValueOrDefault(name) ?? []));
                definition.Options.Require(name, analysis.Options);
                analyses.Add(definition);
            }
            catch (ArgumentException e)
            {
                Add("--option", AuditProblem.MessageOf(e));
            }
        }

        foreach (string idle in options.Keys.Where(k => AnalysisRegistry.All.Any(a => a.Name == k) && _request.Analyses is { } asked && !asked.Contains(k)))
        {
            Add("--option", $"an option of '{idle}' is given, and --analyses does not ask for it.");
        }

        return analyses;
    }

    private Dictionary<string, List<string>> ReadOptions()
    {
        var options = new Dictionary<string, List<string>>();
        foreach (string word in _request.AnalysisOptions)
        {
            int dot = word.IndexOf('.', StringComparison.Ordinal), equals = word.IndexOf('=', StringComparison.Ordinal);
            if (dot < 1 || equals < dot)
            {
                Add("--option", $"expected 'analysis.option=value', e.g. localization.images=500, found '{word}'.");
                continue;
            }

            string analysis = word[..dot];
            if (AnalysisRegistry.All.All(a => a.Name != analysis))
            {
                Add("--option", NearestName.Explain("analysis", analysis, AnalysisRegistry.All.Select(a => a.Name)));
                continue;
            }

            options.TryAdd(analysis, []);
            options[analysis].Add(word[(dot + 1)..]);
        }

        return options;
    }

    /// <summary>The analyses that can be made of these data and networks. What was asked for by name, or has an option given that does not fit, is a problem; the rest is left out.</summary>
    private List<AnalysisDefinition> Applicable(IReadOnlyList<AnalysisDefinition> analyses, IReadOnlyList<AuditedModel> models, TrainTestData data, List<AuditOmission> omitted)
    {
        AnalysisSetting setting = Setting(models, data);
        var left = new List<AnalysisDefinition>();
        foreach (AnalysisDefinition definition in analyses)
        {
            List<OptionProblem> found = [.. AnalysisRegistry.Get(definition.Name).Check(definition.Options, setting)];
            bool IsGiven(OptionProblem problem) => _request.AnalysisOptions.Any(word => word.StartsWith($"{definition.Name}.{problem.Option}=", StringComparison.Ordinal));
            string Words(OptionProblem problem) => problem.Option is null || IsGiven(problem) ? problem.Message : $"the default of '{problem.Option}' does not fit: {problem.Message}";
            foreach (OptionProblem problem in found.Where(p => _request.Analyses is not null || IsGiven(p)))
            {
                Add(IsGiven(problem) ? "--option" : "--analyses", $"{definition.Name}{(problem.Option is null ? "" : "." + problem.Option)}: {Words(problem)}");
            }

            if (found.Count == 0)
            {
                left.Add(definition);
            }
            else
            {
                omitted.Add(new AuditOmission(definition.Name, string.Join(' ', found.Select(Words))));
            }
        }

        return left;
    }

    private AnalysisSetting Setting(IReadOnlyList<AuditedModel> models, TrainTestData data)
    {
        ImageTask task = AuditPlan.TaskOf(data);
        IReadOnlyDictionary<string, long[]> Layers(RunRole role)
        {
            AuditedModel model = models.First(m => m.Role == role);
            using ImageModel made = AuditedModel.Make(model.Network, model.Members, task);
            return ModelZoo.LayerShapes(made, task);
        }

        return new AnalysisSetting(task.Channels, task.Height, task.Width, task.Classes, _request.TestImages ?? data.Test.Count)
        {
            ClassNames = data.Test.ClassNames,
            Attributes = [.. data.Test.Attributes.Select(a => new AttributeSetting(a.Name, [.. a.ValueNames.Select((name, code) => (name, a.Values.Count(v => v == code)))]))],
            StudentLayers = Layers(RunRole.Student),
            TeacherLayers = Layers(RunRole.Teacher),
        };
    }

    private void CheckLayers(IReadOnlyList<AnalysisDefinition> analyses, IReadOnlyList<AuditedModel> models, ImageTask task)
    {
        var layers = new Dictionary<string, HashSet<string>>();
        foreach (AnalysisDefinition definition in analyses)
        {
            foreach (OptionSpec spec in AnalysisRegistry.Get(definition.Name).Options.Where(o => definition.Options.Has(o.Name)))
            {
                (RunRole[] roles, string[] named) = spec.Kind switch
                {
                    OptionKind.StudentLayer => ([RunRole.Student], [definition.Options.Text(spec.Name)]),
                    OptionKind.StudentLayers => ([RunRole.Student], [.. definition.Options.Texts(spec.Name)]),
                    OptionKind.TeacherLayer => ([RunRole.Teacher], [definition.Options.Text(spec.Name)]),
                    OptionKind.TeacherLayers => ([RunRole.Teacher], [.. definition.Options.Texts(spec.Name)]),
                    _ => ((RunRole[])[], (string[])[]),
                };
                foreach (AuditedModel model in models.Where(m => roles.Contains(m.Role)).DistinctBy(m => m.Architecture))
                {
                    if (!layers.TryGetValue(model.Architecture, out HashSet<string>? known))
                    {
                        using IDisposable skip = Initialization.Skip();
                        using ImageModel made = AuditedModel.Make(model.Network, model.Members, task);
                        layers.Add(model.Architecture, known = [.. made.NamedModules().Select(m => m.Key)]);
                    }

                    foreach (string layer in named.Where(l => !known.Contains(l)))
                    {
                        Add("--option", $"{definition.Name}.{spec.Name}: {NearestName.Explain($"layer of {model.Architecture}", layer, known)}");
                    }
                }
            }
        }
    }
}
