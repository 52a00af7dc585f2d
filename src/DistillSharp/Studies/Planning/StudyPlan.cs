using System.Globalization;
using DistillSharp.Configuration;

namespace DistillSharp.Studies;

/// <summary>What a study does: the runs in groups, in an order in which every teacher stands before its students, then the analyses.</summary>
/// <param name="Groups">One group a teacher, then one a student seed.</param>
/// <param name="Analyses">The analyses, in the study's order.</param>
public sealed record StudyPlan(ValueList<RunGroup> Groups, ValueList<PlannedAnalysis> Analyses)
{
    // Raised whenever an analysis measures something else than before, so that old measurements are not taken for new ones.
    private const int AnalysisFormatVersion = 2;

    /// <summary>Every run, in the order of the groups.</summary>
    public IEnumerable<PlannedRun> Runs => Groups.SelectMany(g => g.Runs);

    /// <summary>The plan of a study. Equal studies have equal plans, with equal keys, on every machine.</summary>
    public static StudyPlan Create(StudyDefinition study)
    {
        ArgumentNullException.ThrowIfNull(study);
        var groups = new List<RunGroup>();
        foreach (TeacherDefinition teacher in study.Teachers)
        {
            groups.Add(new RunGroup($"teacher-{teacher.Name}", [PlanTeacher(study, teacher)]));
        }

        RunKey? teacherKey = study.Teachers.Count > 0 ? groups[0].Runs[0].Key : null;
        foreach (int seed in study.Students.Seeds)
        {
            groups.Add(new RunGroup(
                string.Create(CultureInfo.InvariantCulture, $"students-s{seed}"),
                [.. study.Students.Methods.Select(m => PlanStudent(study, m, seed, teacherKey))]));
        }

        ValueList<RunKey> keys = [.. groups.SelectMany(g => g.Runs).Select(r => r.Key)];
        return new StudyPlan([.. groups], [.. study.Analyses.Select(a => PlanAnalysis(study, a, keys))]);
    }

    private static PlannedRun PlanTeacher(StudyDefinition study, TeacherDefinition teacher)
    {
        RunRole role = ReferenceEquals(teacher, study.Teachers[0]) ? RunRole.Teacher : RunRole.OtherTeacher;
        RunKey key = RunKey.Compute(role, teacher.Name, teacher.Seed, Training(study.Data, teacher.Model, teacher.Budget));
        return new PlannedRun(key, role, Method: null, teacher.Seed, teacher.Model, teacher.Budget, TeacherKey: null);
    }

    private static PlannedRun PlanStudent(StudyDefinition study, MethodDefinition method, int seed, RunKey? teacherKey)
    {
        RunRole role = method.IsIndependent ? RunRole.Independent : RunRole.Student;
        RunKey? ownTeacher = method.NeedsTeacher
            ? teacherKey ?? throw new ArgumentException($"The method '{method.Label}' needs a teacher, and the study has none.", nameof(study))
            : null;

        List<(string, string)> values = [.. Training(study.Data, study.Students.Model, study.Budget)];
        AddConfigured(values, "method", method);
        if (ownTeacher is not null)
        {
            // The hash, not the whole key: a teacher that is only renamed teaches the same.
            values.Add(("teacher", ownTeacher.Hash));
        }

        RunKey key = RunKey.Compute(role, method.Label, seed, values);
        return new PlannedRun(key, role, method, seed, study.Students.Model, study.Budget, ownTeacher);
    }

    private static PlannedAnalysis PlanAnalysis(StudyDefinition study, AnalysisDefinition analysis, ValueList<RunKey> runs)
    {
        List<(string, string)> values =
        [
            ("format", Text(AnalysisFormatVersion)),
            ("data.name", study.Data.Name),
            ("data.fingerprint", study.Data.Fingerprint),
            ("data.test", Text(study.Data.Test)),
        ];
        AddConfigured(values, "analysis", analysis);

        // Named by themselves, so that the order of seeds and methods does not matter.
        values.AddRange(runs.Select(r => ($"run.{r}", "")));
        return new PlannedAnalysis($"{analysis.Name}-{CanonicalText.Hash(values)}", analysis, runs);
    }

    /// <summary>What defines a run that learns from labels alone. Not the data's folder: the same files elsewhere train the same weights.</summary>
    private static List<(string, string)> Training(DataDefinition data, ModelDefinition model, BudgetDefinition budget)
    {
        List<(string, string)> values =
        [
            ("data.name", data.Name),
            ("data.fingerprint", data.Fingerprint),
            ("data.train", Text(data.Train)),
            ("data.validation", Text(data.Validation)),
            ("data.split-seed", Text(data.SplitSeed)),
            ("budget.epochs", Text(budget.Epochs)),
            ("budget.batch-size", Text(budget.BatchSize)),
        ];
        AddOptions(values, "data.augmentation", data.Augmentation.Options);
        AddConfigured(values, "model", model);
        AddConfigured(values, "budget.optimizer", budget.Optimizer);
        AddConfigured(values, "budget.schedule", budget.Schedule);
        return values;
    }

    private static void AddConfigured(List<(string, string)> values, string prefix, ConfiguredDefinition definition)
    {
        values.Add(($"{prefix}:name", definition.Name));
        AddOptions(values, prefix, definition.Options);
    }

    private static void AddOptions(List<(string, string)> values, string prefix, OptionValues options) =>
        values.AddRange(options.Entries.Select(e => ($"{prefix}.{e.Key}", CanonicalText.Of(e.Value))));

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
