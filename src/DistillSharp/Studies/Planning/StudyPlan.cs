using System.Globalization;

namespace DistillSharp.Studies;

/// <summary>What a study does: the runs in groups, in an order in which every teacher stands before its students, then the analyses.</summary>
/// <param name="Groups">The groups of the teachers and of what they are made of, then those of each student seed.</param>
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
        var teachers = new TeacherPlan(study);
        foreach (TeacherDefinition teacher in study.Teachers)
        {
            teachers.Add(teacher, ReferenceEquals(teacher, study.Teachers[0]) ? RunRole.Teacher : RunRole.OtherTeacher);
        }

        List<RunGroup> groups = [.. teachers.Groups];
        RunKey? teacherKey = teachers.Finished.FirstOrDefault();
        RunKey? otherKey = study.Teachers is [_, { Teaches: true }] ? teachers.Finished[1] : null;
        foreach (int seed in study.Students.Seeds)
        {
            AddStudents(groups, study, seed, teachers.Stages, teacherKey);
            AddCrossStudents(groups, study, seed, teachers.Stages, otherKey);
        }

        // What analyses look at: what a teacher was made of is not measured.
        ValueList<RunKey> keys = [.. groups.SelectMany(g => g.Runs).Where(r => r.Role != RunRole.Ancestor).Select(r => r.Key)];
        return new StudyPlan([.. groups], [.. study.Analyses.Select(a => PlanAnalysis(study, a, keys))]);
    }

    // One group a seed, so that all see the same batches. Students that see other data than labelled images need a second.
    private static void AddStudents(List<RunGroup> groups, StudyDefinition study, int seed, int stage, RunKey? teacherKey)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"students-s{seed}");
        TransferDefinition data = study.Students.Data;
        ILookup<bool, PlannedRun> runs = study.Students.Methods
            .Select(m => PlanStudent(study, m, seed, teacherKey, m.IsIndependent ? RunRole.Independent : RunRole.Student))
            .ToLookup(r => r.TeacherKey is not null && TransferKinds.IsUnlabelled(data.Name));
        TransferDefinition labelled = TransferKinds.IsUnlabelled(data.Name) ? TransferDefinition.Own : data;
        if (runs[false].Any())
        {
            groups.Add(new RunGroup(name, [.. runs[false]]) { Stage = stage, Data = labelled });
        }

        if (runs[true].Any())
        {
            groups.Add(new RunGroup($"{name}-{data.Name}", [.. runs[true]]) { Stage = stage, Data = data });
        }
    }

    private static void AddCrossStudents(List<RunGroup> groups, StudyDefinition study, int seed, int stage, RunKey? otherKey)
    {
        PlannedRun[] runs = otherKey is null
            ? []
            : [.. study.Students.Methods.Where(m => m.NeedsTeacher).Select(m => PlanStudent(study, m, seed, otherKey, RunRole.CrossStudent))];
        if (runs.Length > 0)
        {
            groups.Add(new RunGroup(string.Create(CultureInfo.InvariantCulture, $"students-s{seed}-of-{study.Teachers[1].Name}"), [.. runs]) { Stage = stage, Data = study.Students.Data });
        }
    }

    private static PlannedRun PlanStudent(StudyDefinition study, MethodDefinition method, int seed, RunKey? teacherKey, RunRole role)
    {
        RunKey? ownTeacher = method.NeedsTeacher
            ? teacherKey ?? throw new ArgumentException($"The method '{method.Label}' needs a teacher, and the study has none.", nameof(study))
            : null;

        List<(string, string)> values = [.. TrainingValues.Of(study.Data, study.Students.Model, study.Budget)];
        TrainingValues.AddSelection(values, study.Students.Images);
        TrainingValues.AddMethod(values, method);
        if (ownTeacher is not null)
        {
            // The hash, not the whole key: a teacher that is only renamed teaches the same.
            values.Add(("teacher", ownTeacher.Hash));
        }

        // The weights, not the teacher: one that is trained in another way begins with the same.
        int? start = study.Students.Start == StudentStart.Teacher ? study.Teachers[0].InitialSeed : null;
        if (start is { } initial)
        {
            values.Add(("start.seed", Text(initial)));
        }

        TransferDefinition data = study.Students.Data;
        if (data.Name == TransferKinds.Halves || (ownTeacher is not null && !data.IsOwn))
        {
            TrainingValues.AddConfigured(values, "transfer", data);
            values.Add(("transfer.fingerprint", data.Fingerprint));
            TrainingValues.AddReading(values, "transfer.reading", data.Reading);
        }

        RunKey key = RunKey.Compute(role, method.Label, seed, values);
        return new PlannedRun(key, role, method, seed, study.Students.Model, study.Budget, ownTeacher) { Images = study.Students.Images, StartSeed = start };
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
        TrainingValues.AddReading(values, "data.reading", study.Data.Reading);
        TrainingValues.AddConfigured(values, "analysis", analysis);

        // Named by themselves, so that the order of seeds and methods does not matter.
        values.AddRange(runs.Select(r => ($"run.{r}", "")));

        // The hash does not cover the label: it only names.
        string name = analysis.GivenLabel is { } label ? $"{analysis.Name}-{label}" : analysis.Name;
        return new PlannedAnalysis($"{name}-{CanonicalText.Hash(values)}", analysis, runs);
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
