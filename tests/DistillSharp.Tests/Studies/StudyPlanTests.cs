using DistillSharp.Studies;
using FsCheck;
using FsCheck.Fluent;

namespace DistillSharp.Tests.Studies;

public class StudyPlanTests
{
    [Fact]
    public void Should_group_the_students_of_a_seed_and_put_teachers_first()
    {
        StudyPlan plan = Plan(StudyTexts.Full);

        Assert.Equal(["teacher-teacher", "teacher-other-teacher", "students-s0", "students-s1", "students-s2"], plan.Groups.Select(g => g.Name));
        Assert.Equal([RunRole.Teacher], plan.Groups[0].Runs.Select(r => r.Role));
        Assert.Equal([RunRole.OtherTeacher], plan.Groups[1].Runs.Select(r => r.Role));
        Assert.Equal([RunRole.Independent, RunRole.Student, RunRole.Student, RunRole.Student], plan.Groups[2].Runs.Select(r => r.Role));
        Assert.Equal(14, plan.Runs.Select(r => r.Key).Distinct().Count());
        Assert.All(plan.Runs, r => Assert.Equal(r.Role == RunRole.Student ? plan.Groups[0].Runs[0].Key : null, r.TeacherKey));
    }

    [Fact]
    public void Should_name_runs_by_role_label_seed_and_hash()
    {
        string key = Plan(StudyTexts.Full).Groups[3].Runs[3].Key.ToString();

        Assert.Matches(@"\Astudent-kl-hot-s1-[0-9a-f]{12}\z", key);
    }

    [Fact]
    public void Should_keep_known_keys_so_that_finished_runs_are_found_again()
    {
        // Fixed on purpose: a change here repeats every run of every study that exists, and needs a new format version.
        Assert.Equal(
            "student-kl-s0-1e3ac5d10f52",
            RunKey.Compute(RunRole.Student, "kl", 0, [("b", "2"), ("a", "1")]).ToString());
    }

    [Fact]
    public void Should_not_depend_on_the_order_of_values_but_on_each_name_and_value()
    {
        string Hash(params (string, string)[] values) => RunKey.Compute(RunRole.Teacher, "t", 0, values).Hash;

        Assert.Equal(Hash(("a", "1"), ("b", "2")), Hash(("b", "2"), ("a", "1")));
        Assert.NotEqual(Hash(("a", "1"), ("b", "2")), Hash(("a", "1\nb=2")));
        Assert.NotEqual(Hash(("a", "b=c")), Hash(("a=b", "c")));
        Assert.Throws<ArgumentException>(() => Hash(("a", "1"), ("a", "1")));
    }

    [Theory]
    // What a thing is called or asked, and where its data lies, trains nothing else.
    [InlineData("study: quickstart", "study: other", "")]
    [InlineData("What does a small", "How does a small", "")]
    [InlineData("train: 12000", "train: 12000\n  path: /elsewhere", "")]
    [InlineData("- fidelity", "- calibration", "")]
    [InlineData("seeds: [0, 1, 2]", "seeds: [2, 1, 0]", "")]
    // What teachers are defined by reaches their students, and never the independent ones.
    [InlineData("seed: 100", "seed: 101", "teacher student")]
    [InlineData("{ epochs: 8 }", "{ epochs: 9 }", "teacher student")]
    [InlineData("widths: [32, 64, 128]\n    seed: 100", "widths: [32, 64, 129]\n    seed: 100", "teacher student")]
    [InlineData("seed: 200", "seed: 201", "other-teacher")]
    [InlineData("widths: [16, 32, 64]", "widths: [16, 32, 65]", "independent student")]
    // What all share reaches all.
    [InlineData("train: 12000", "train: 12001", "teacher other-teacher independent student")]
    [InlineData("validation: 2000", "validation: 2001", "teacher other-teacher independent student")]
    [InlineData("split-seed: 0", "split-seed: 1", "teacher other-teacher independent student")]
    [InlineData("crop: 2", "crop: 3", "teacher other-teacher independent student")]
    [InlineData("epochs: 5", "epochs: 6", "other-teacher independent student")]
    [InlineData("batch-size: 64", "batch-size: 32", "teacher other-teacher independent student")]
    [InlineData("momentum: 0.9", "momentum: 0.8", "teacher other-teacher independent student")]
    [InlineData("warm-up: 0", "warm-up: 1", "teacher other-teacher independent student")]
    public void Should_change_the_keys_of_the_runs_that_a_change_reaches(string old, string replacement, string roles)
    {
        Assert.Contains(old, StudyTexts.Full, StringComparison.Ordinal);
        HashSet<RunKey> before = [.. Plan(StudyTexts.Full).Runs.Select(r => r.Key)];

        IEnumerable<string> changed = Plan(StudyTexts.Full.Replace(old, replacement, StringComparison.Ordinal))
            .Runs.Where(r => !before.Contains(r.Key)).Select(r => r.Role.ToName()).Distinct();

        Assert.Equal(roles.Split(' ', StringSplitOptions.RemoveEmptyEntries), changed);
    }

    [Fact]
    public void Should_keep_the_students_of_a_teacher_that_is_only_renamed()
    {
        StudyPlan before = Plan(StudyTexts.Full);
        StudyPlan after = Plan(StudyTexts.Full.Replace("- name: teacher", "- name: large", StringComparison.Ordinal));

        Assert.Equal(before.Groups[2].Runs.Select(r => r.Key), after.Groups[2].Runs.Select(r => r.Key));
    }

    [Fact]
    public void Should_change_every_key_when_the_data_changes()
    {
        StudyPlan before = Plan(StudyTexts.Full);
        StudyPlan after = StudyPlan.Create(StudyTexts.Read(StudyTexts.Full, new FakeCatalog { Fingerprint = "fashion-2" }).Study!);

        Assert.Empty(before.Runs.Select(r => r.Key).Intersect(after.Runs.Select(r => r.Key)));
    }

    [Fact]
    public void Should_change_only_the_method_whose_option_changes()
    {
        HashSet<RunKey> before = [.. Plan(StudyTexts.Full).Runs.Select(r => r.Key)];
        StudyPlan after = Plan(StudyTexts.Full.Replace("temperature: 8", "temperature: 9", StringComparison.Ordinal));

        Assert.All(after.Runs, r => Assert.Equal(r.Method?.Label != "kl-hot", before.Contains(r.Key)));
    }

    [Theory]
    [InlineData("images: 2000", "images: 1000", "localization")]
    [InlineData("seed: 200", "seed: 201", "fidelity localization")]
    [InlineData("split-seed: 0", "split-seed: 0\n  test: 5000", "fidelity localization")]
    [InlineData("seeds: [0, 1, 2]", "seeds: [0, 1, 2, 3]", "fidelity localization")]
    [InlineData("seeds: [0, 1, 2]", "seeds: [1, 2, 0]", "")]
    public void Should_repeat_the_analyses_that_a_change_reaches(string old, string replacement, string names)
    {
        HashSet<string> before = [.. Plan(StudyTexts.Full).Analyses.Select(a => a.Key)];

        StudyPlan after = Plan(StudyTexts.Full.Replace(old, replacement, StringComparison.Ordinal));

        Assert.Equal(
            names.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            after.Analyses.Where(a => !before.Contains(a.Key)).Select(a => a.Analysis.Name));
        Assert.All(after.Analyses, a => Assert.Matches(@"\A(fidelity|localization)-[0-9a-f]{12}\z", a.Key));
        Assert.All(after.Analyses, a => Assert.Equal(after.Runs.Select(r => r.Key), a.Runs));
    }

    [Fact]
    public void Should_name_a_labelled_analysis_by_its_label_and_leave_the_keys_of_others()
    {
        StudyPlan before = Plan(StudyTexts.Full);

        StudyPlan after = Plan(StudyTexts.Full + "\n  - fidelity: { name: again }");

        Assert.Equal(before.Analyses.Select(a => a.Key), after.Analyses.Take(2).Select(a => a.Key));
        Assert.Equal(before.Analyses[0].Key.Replace("fidelity-", "fidelity-again-", StringComparison.Ordinal), after.Analyses[2].Key);
    }

    /// <summary>As they were before analyses had labels: measurements of then are still found.</summary>
    [Fact]
    public void Should_keep_the_keys_of_analyses_without_a_label() => Assert.Equal(
        ["fidelity-93911408146c", "localization-8864ba7a9d30"],
        Plan(StudyTexts.Full).Analyses.Select(a => a.Key));

    [Fact]
    public void Should_not_depend_on_the_order_of_keys_in_the_file()
    {
        string[] sections = Sections(StudyTexts.Full);
        StudyPlan plan = Plan(StudyTexts.Full);
        Prop.ForAll(Gen.Shuffle(sections).ToArbitrary(), shuffled => Plan(string.Concat(shuffled)) == plan).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Should_not_depend_on_the_order_of_options()
    {
        string[] options = ["name: sgd", "learning-rate: 0.05", "momentum: 0.9"];
        StudyPlan plan = Plan(StudyTexts.Full);
        Prop.ForAll(Gen.Shuffle(options).ToArbitrary(), shuffled =>
            Plan(StudyTexts.Full.Replace(string.Join(", ", options), string.Join(", ", shuffled), StringComparison.Ordinal)) == plan)
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Should_plan_the_resolved_study_alike()
    {
        StudyDefinition study = StudyTexts.ReadValid(StudyTexts.Small);

        Assert.Equal(StudyPlan.Create(study), Plan(StudyWriter.ToYaml(study)));
    }

    [Fact]
    public void Should_keep_the_keys_of_runs_when_an_option_of_augmentation_is_added_without_a_value()
    {
        var older = new FakeCatalog { AugmentationOptions = [.. new FakeCatalog().AugmentationOptions.Where(o => o.Name != "rotation")] };
        IEnumerable<RunKey> before = StudyPlan.Create(StudyTexts.Read(StudyTexts.Full, older).Study!).Runs.Select(r => r.Key);
        Assert.Equal(before, Plan(StudyTexts.Full).Runs.Select(r => r.Key));
        Assert.Empty(before.Intersect(Plan(StudyTexts.Full.Replace("crop: 2", "crop: 2, rotation: 0", StringComparison.Ordinal)).Runs.Select(r => r.Key)));
    }

    [Fact]
    public void Should_start_every_student_with_the_first_teachers_initial_weights_and_train_no_teacher_again()
    {
        const string Seeds = "seeds: [0, 1, 2]";
        string sameNet = StudyTexts.Full.Replace("widths: [16, 32, 64]", "widths: [32, 64, 128]", StringComparison.Ordinal).Replace("seed: 200", "seed: 200\n    teaches: true", StringComparison.Ordinal);
        StudyPlan Started(string start, string text) => Plan(text.Replace(Seeds, Seeds + "\n  start: " + start, StringComparison.Ordinal));
        StudyPlan plain = Plan(sameNet), fresh = Started("fresh", sameNet), same = Started("teacher", sameNet);

        Assert.Equal(plain, fresh);
        Assert.Equal(plain.Runs.Where(r => !r.IsStudent), same.Runs.Where(r => !r.IsStudent));
        Assert.Empty(plain.Runs.Where(r => r.IsStudent).Select(r => r.Key).Intersect(same.Runs.Select(r => r.Key)));
        Assert.All(same.Runs, r => Assert.Equal(r.IsStudent ? 100 : null, r.StartSeed));
        Assert.Equal([RunRole.Independent, RunRole.Student, RunRole.CrossStudent], same.Runs.Where(r => r.IsStudent).Select(r => r.Role).Distinct());

        // Another seed, other initial weights; another budget of the teacher, the same: independent students stay.
        IEnumerable<RunKey> Independent(StudyPlan plan) => plan.Runs.Where(r => r.Role == RunRole.Independent).Select(r => r.Key);
        Assert.Empty(Independent(same).Intersect(Independent(Started("teacher", sameNet.Replace("seed: 100", "seed: 101", StringComparison.Ordinal)))));
        Assert.Equal(Independent(same), Independent(Started("teacher", sameNet.Replace("{ epochs: 8 }", "{ epochs: 9 }", StringComparison.Ordinal))));

        StudyDefinition study = StudyTexts.ReadValid(sameNet.Replace(Seeds, Seeds + "\n  start: teacher", StringComparison.Ordinal));
        Assert.Contains("  start: teacher\n", StudyWriter.ToYaml(study), StringComparison.Ordinal);
        Assert.Equal(study, StudyTexts.ReadValid(StudyWriter.ToYaml(study)));
        Assert.Equal(102, Started("teacher", sameNet.Replace("seed: 100", "seed: 100\n    generations: 2", StringComparison.Ordinal)).Runs.First(r => r.IsStudent).StartSeed);
    }

    private static StudyPlan Plan(string yaml) => StudyPlan.Create(StudyTexts.ReadValid(yaml));

    /// <summary>The text cut before every key of the first level.</summary>
    private static string[] Sections(string yaml)
    {
        var sections = new List<string>();
        foreach (string line in yaml.Split('\n'))
        {
            if (char.IsLetter(line[0]))
            {
                sections.Add("");
            }

            sections[^1] += line + "\n";
        }

        return [.. sections];
    }

    [Fact]
    public void Should_change_every_key_with_how_the_data_are_read()
    {
        const string Folder = "data: { name: image-folder, size: 32 }";
        string yaml = StudyTexts.Small.Replace("data: { name: fashion-mnist }", Folder, StringComparison.Ordinal);
        StudyPlan before = Plan(yaml), sized = Plan(yaml.Replace("32", "28", StringComparison.Ordinal)), unsized = Plan(yaml.Replace(", size: 32", "", StringComparison.Ordinal));

        Assert.Empty(before.Runs.Select(r => r.Key).Intersect(sized.Runs.Select(r => r.Key)));
        Assert.Empty(before.Runs.Select(r => r.Key).Intersect(unsized.Runs.Select(r => r.Key)));
        Assert.Equal(before, Plan(yaml.Replace("size: 32", "channels: 3, size: 32", StringComparison.Ordinal)));
    }
}
