using System.Globalization;
using DistillSharp.Studies;

namespace DistillSharp.Auditing;

/// <summary>Checks that the models of an audit go together: pairs, networks, runs of one study, no model twice.</summary>
internal sealed class AuditPairing(IReadOnlyList<AuditedModel> models, List<AuditProblem> problems, List<string> warnings)
{
    /// <summary>Checks.</summary>
    public void Check()
    {
        AuditedModel teacher = models.Single(m => m.Role == RunRole.Teacher);
        AuditedModel? other = models.SingleOrDefault(m => m.Role == RunRole.OtherTeacher);
        List<AuditedModel> students = Of(RunRole.Student), independent = Of(RunRole.Independent), cross = Of(RunRole.CrossStudent);
        CheckTwice([.. students, .. independent, .. cross]);
        CheckFloor(students, independent);
        CheckCross(students, cross, other);
        if (other?.Sha256 == teacher.Sha256)
        {
            Add("--other-teacher", $"expected a teacher that the students did not have, found the teacher itself: '{other.Path}' and '{teacher.Path}' are equal.");
        }

        CheckTeachers(students, teacher, "--student");
        if (other is not null)
        {
            CheckTeachers(cross, other, "--other-student");
        }

        Warn(teacher, students);
    }

    /// <summary>The models with their seeds: those of their runs where all students and independent students are runs, and pairs agree; else their places.</summary>
    public static List<AuditedModel> WithSeeds(IReadOnlyList<AuditedModel> models)
    {
        List<List<AuditedModel>> groups = [.. models.Where(m => m.Role is RunRole.Student or RunRole.Independent or RunRole.CrossStudent).GroupBy(m => (m.Role, m.Label)).Select(g => g.ToList())];
        List<int?> first = [.. groups.MaxBy(g => g.Count)!.Select(SeedOf)];
        bool ofRuns = first.All(s => s is not null) && first.Distinct().Count() == first.Count && groups.All(g => g.Select(SeedOf).SequenceEqual(first.Take(g.Count)));
        var places = new Dictionary<AuditedModel, int>(ReferenceEqualityComparer.Instance);
        foreach (List<AuditedModel> group in groups)
        {
            for (int place = 0; place < group.Count; place++)
            {
                places.Add(group[place], ofRuns ? SeedOf(group[place])!.Value : place + 1);
            }
        }

        return [.. models.Select(m => places.TryGetValue(m, out int seed) ? m with { Seed = seed } : m with { Seed = SeedOf(m) ?? 0 })];
    }

    /// <summary>The seed in a run's key, <c>role-label-s1-hash</c>; null where it is no run.</summary>
    private static int? SeedOf(AuditedModel model) =>
        model.Run?.Key.Split('-') is [.., ['s', .. var digits], _] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int seed) ? seed : null;

    private List<AuditedModel> Of(RunRole role) => [.. models.Where(m => m.Role == role)];

    private void Add(string option, string message) => problems.Add(new AuditProblem(AuditProblemKind.Request, option, message));

    private void CheckTwice(IReadOnlyList<AuditedModel> all)
    {
        foreach (IGrouping<string, AuditedModel> same in all.GroupBy(m => m.Sha256).Where(g => g.Count() > 1))
        {
            Add(same.Last().Option, $"expected every student once, found the same weights as {string.Join(" and ", same.Select(m => $"{m.Option} '{m.Path}'"))}: a copy is no further seed, and no control.");
        }
    }

    private void CheckFloor(List<AuditedModel> students, List<AuditedModel> independent)
    {
        if (independent.Count == 0)
        {
            return;
        }

        foreach (IGrouping<string, AuditedModel> group in students.GroupBy(m => m.Label).Where(g => g.Count() != independent.Count))
        {
            Add("--independent", string.Create(CultureInfo.InvariantCulture, $"expected one for each student, paired by order: '{group.Key}' has {group.Count()}, found {independent.Count}."));
        }

        foreach (AuditedModel model in students.Where(s => s.Architecture != independent[0].Architecture).Concat(independent.Where(i => i.Architecture != independent[0].Architecture)).Take(1))
        {
            Add("--independent", $"expected the students' network, since another one is no floor for them: '{model.Path}' is {model.Architecture}, found {independent[0].Architecture} in '{independent[0].Path}'.");
        }
    }

    private void CheckCross(List<AuditedModel> students, List<AuditedModel> cross, AuditedModel? other)
    {
        if (cross.Count > 0 && other is null)
        {
            Add("--other-student", "expected --other-teacher, whose students these are, found none.");
        }

        foreach ((AuditedModel model, AuditedModel student) in cross.SelectMany(c => students.Where(s => s.Architecture != c.Architecture).Select(s => (c, s))).Take(1))
        {
            Add("--other-student", $"expected the students' network, since another one is no control for them: '{student.Path}' is {student.Architecture}, found {model.Architecture} in '{model.Path}'.");
        }

        foreach (IGrouping<string, AuditedModel> group in cross.GroupBy(m => m.Label))
        {
            int wanted = students.Count(s => s.Label == group.Key);
            if (wanted != group.Count())
            {
                Add("--other-student", wanted == 0
                    ? $"expected the label of a --student ({string.Join(", ", students.Select(s => s.Label).Distinct())}), found '{group.Key}'."
                    : string.Create(CultureInfo.InvariantCulture, $"expected one for each student, paired by order: '{group.Key}' has {wanted}, found {group.Count()}."));
            }
        }
    }

    /// <summary>Runs know whose students they are.</summary>
    private void CheckTeachers(List<AuditedModel> students, AuditedModel teacher, string option)
    {
        foreach (AuditedModel student in students.Where(s => teacher.Run is not null && s.Run?.TeacherKey is { } key && key != teacher.Run.Key))
        {
            Add(option, $"'{student.Path}': expected a student of the run '{teacher.Run!.Key}' ({teacher.Option}), found one of '{student.Run!.TeacherKey}'.");
        }
    }

    private void Warn(AuditedModel teacher, List<AuditedModel> students)
    {
        if (students.Min(s => s.Parameters) > teacher.Parameters)
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture, $"The teacher ({teacher.Architecture}) has {teacher.Parameters:N0} weights, its students ({students[0].Architecture}) {students[0].Parameters:N0}: were --teacher and --student swapped?"));
        }

        if (students.Any(s => s.Sha256 == teacher.Sha256))
        {
            warnings.Add("A student has the same weights as the teacher: every level is at its ceiling.");
        }

        foreach (AuditedModel model in models.Where(m => m.Run?.Definition.Contains("read from a file", StringComparison.Ordinal) == true))
        {
            warnings.Add($"'{model.Path}' came from a file, and the run's record does not say what its input is normalised by; the data set's statistics are used unless {model.Option}-mean and {model.Option}-std are given.");
        }
    }
}
