using System.Globalization;

namespace DistillSharp.Studies;

/// <summary>The runs that make teachers: members before their ensemble, teachers before their assistants, each generation before the next.</summary>
internal sealed class TeacherPlan(StudyDefinition study)
{
    private readonly List<RunGroup> _groups = [];
    private readonly List<RunKey> _finished = [];

    /// <summary>The groups, in an order in which everything stands before what needs it.</summary>
    public IEnumerable<RunGroup> Groups => _groups.OrderBy(g => g.Stage);

    /// <summary>The final run of each teacher that was added.</summary>
    public IReadOnlyList<RunKey> Finished => _finished;

    /// <summary>How many stages the teachers take.</summary>
    public int Stages => _groups.Select(g => g.Stage + 1).DefaultIfEmpty(0).Max();

    /// <summary>Plans a teacher.</summary>
    public void Add(TeacherDefinition teacher, RunRole role) => _finished.Add(Plan(teacher, role).Key);

    // The run that gives the teacher, and its stage.
    private (RunKey Key, int Stage) Plan(TeacherDefinition teacher, RunRole role)
    {
        if (teacher.Weights is { } weights)
        {
            return Add(teacher.Name, Import(teacher, role, weights), stage: 0);
        }

        (RunKey Key, int Stage)? parent = teacher.LearnsFrom is { } from ? Plan(from, RunRole.Ancestor) : null;
        if (teacher.Members > 1)
        {
            List<(RunKey Key, int Stage)> members =
            [
                .. Enumerable.Range(0, teacher.Members).Select(m => Train(teacher, RunRole.Ancestor, Numbered(teacher, "member", m), teacher.Seed + m, parent, isLast: true)),
            ];
            return Add(teacher.Name, Join(teacher, role, [.. members.Select(m => m.Key)]), members.Max(m => m.Stage) + 1);
        }

        (RunKey Key, int Stage)? before = parent;
        for (int generation = 0; generation < teacher.Generations; generation++)
        {
            before = Train(teacher, RunRole.Ancestor, Numbered(teacher, "generation", generation), teacher.Seed + generation, before, isLast: false);
        }

        return Train(teacher, role, teacher.Name, teacher.Seed + teacher.Generations, before, isLast: true);
    }

    private (RunKey Key, int Stage) Train(TeacherDefinition teacher, RunRole role, string label, int seed, (RunKey Key, int Stage)? from, bool isLast)
    {
        List<(string, string)> values = TrainingValues.Of(study.Data with { Augmentation = teacher.Augmentation ?? study.Data.Augmentation }, teacher.Model, teacher.Budget);
        TrainingValues.AddSelection(values, teacher.Images);
        MethodDefinition? method = from is null ? null : teacher.Method;
        if (method is not null)
        {
            TrainingValues.AddMethod(values, method);
            values.Add(("teacher", from!.Value.Key.Hash));
        }

        int epochs = isLast ? teacher.AtEpoch ?? teacher.Budget.Epochs : teacher.Budget.Epochs;
        if (epochs != teacher.Budget.Epochs)
        {
            values.Add(("at-epoch", epochs.ToString(CultureInfo.InvariantCulture)));
        }

        TransferDefinition data = study.Students.Data.Name == TransferKinds.Halves ? study.Students.Data : TransferDefinition.Own;
        if (!data.IsOwn)
        {
            TrainingValues.AddConfigured(values, "transfer", data);
        }

        RunKey key = RunKey.Compute(role, label, seed, values);
        return Add(label, new PlannedRun(key, role, method, seed, teacher.Model, teacher.Budget, from?.Key) { Epochs = epochs, Augmentation = teacher.Augmentation, Images = teacher.Images }, (from?.Stage ?? -1) + 1, data);
    }

    private static PlannedRun Join(TeacherDefinition teacher, RunRole role, ValueList<RunKey> members)
    {
        RunKey key = RunKey.Compute(role, teacher.Name, teacher.Seed, members.Select((m, i) => (FormattableString.Invariant($"member.{i}"), m.Hash)));
        return new PlannedRun(key, role, null, teacher.Seed, teacher.Model, teacher.Budget, null) { Members = members };
    }

    private PlannedRun Import(TeacherDefinition teacher, RunRole role, WeightsDefinition weights)
    {
        List<(string, string)> values =
        [
            ("data.name", study.Data.Name),
            ("weights", weights.Sha256),
            ("mean", CanonicalText.Of(weights.Mean.ToArray())),
            ("std", CanonicalText.Of(weights.Deviation.ToArray())),
        ];
        TrainingValues.AddConfigured(values, "model", teacher.Model);
        RunKey key = RunKey.Compute(role, teacher.Name, teacher.Seed, values);
        return new PlannedRun(key, role, null, teacher.Seed, teacher.Model, teacher.Budget, null) { Weights = weights };
    }

    private (RunKey Key, int Stage) Add(string label, PlannedRun run, int stage, TransferDefinition? data = null)
    {
        // Two teachers may be made of the same networks: these are trained once.
        if (!_groups.Any(g => g.Runs[0].Key == run.Key))
        {
            _groups.Add(new RunGroup(Unused($"teacher-{label}"), [run]) { Stage = stage, Data = data ?? TransferDefinition.Own });
        }

        return (run.Key, stage);
    }

    private string Unused(string name)
    {
        string candidate = name;
        for (int i = 2; _groups.Any(g => g.Name == candidate); i++)
        {
            candidate = FormattableString.Invariant($"{name}-{i}");
        }

        return candidate;
    }

    private static string Numbered(TeacherDefinition teacher, string what, int index) => FormattableString.Invariant($"{teacher.Name}-{what}-{index}");
}
