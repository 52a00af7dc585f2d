using DistillSharp.Studies;

namespace DistillSharp.Tests.Studies;

/// <summary>Teachers that are not simply trained on labels, what students are distilled on, and methods combined: read, planned, written.</summary>
public sealed class TeacherOriginTests : IDisposable
{
    private const string Study = """
        study: origins
        data: { name: fashion-mnist, train: 1000 }
        teachers:
          - model: convnet
            seed: 100
        students:
          model: convnet
          seeds: [0, 1]
          methods: [kl]
        budget: { epochs: 3 }
        """;

    private readonly string _weights = Path.GetTempFileName();

    public void Dispose() => File.Delete(_weights);

    [Theory]
    [InlineData("members: 3", "ancestor teacher-member-0 100, ancestor teacher-member-1 101, ancestor teacher-member-2 102 | teacher teacher 100")]
    [InlineData("generations: 2", "ancestor teacher-generation-0 100 | ancestor teacher-generation-1 101 | teacher teacher 102")]
    [InlineData("at-epoch: 2", "teacher teacher 100")]
    [InlineData("learns-from: { model: convnet, widths: [64] }", "ancestor teacher-teacher 200 | teacher teacher 100")]
    [InlineData("learns-from: { model: convnet, widths: [64], members: 2, learns-from: { model: convnet, widths: [9] } }", "ancestor teacher-teacher-teacher 300 | ancestor teacher-teacher-member-0 200, ancestor teacher-teacher-member-1 201 | ancestor teacher-teacher 200 | teacher teacher 100")]
    [InlineData("learns-from: { model: convnet, widths: [64] }\n    generations: 1\n    method: { name: kl, temperature: 2 }", "ancestor teacher-teacher 200 | ancestor teacher-generation-0 100 | teacher teacher 101")]
    public void Should_plan_every_network_before_what_needs_it(string keys, string expected)
    {
        StudyDefinition study = StudyTexts.ReadValid(With(keys));
        StudyPlan plan = StudyPlan.Create(study);
        IEnumerable<IGrouping<int, RunGroup>> stages = plan.Groups.Where(g => !g.Runs[0].IsStudent).GroupBy(g => g.Stage);
        Assert.Equal(expected, string.Join(" | ", stages.Select(s => string.Join(", ", s.SelectMany(g => g.Runs).Select(r => $"{r.Role.ToName()} {r.Key.Label} {r.Seed}")))));

        var done = new HashSet<RunKey>();
        foreach (IGrouping<int, RunGroup> stage in plan.Groups.GroupBy(g => g.Stage))
        {
            Assert.All(stage.SelectMany(g => g.Runs), r => Assert.All(r.Members.Concat(r.TeacherKey is { } t ? [t] : []), k => Assert.Contains(k, done)));
            done.UnionWith(stage.SelectMany(g => g.Runs).Select(r => r.Key));
        }

        Assert.All(plan.Runs.Where(r => r.Role == RunRole.Student), r => Assert.Equal(plan.Runs.Single(t => t.Role == RunRole.Teacher).Key, r.TeacherKey));
        AssertReadsBack(study);
    }

    [Fact]
    public void Should_stop_an_early_teacher_before_the_end_of_its_budget_and_give_it_a_key_of_its_own()
    {
        PlannedRun early = Teacher(With("at-epoch: 2")), whole = Teacher(Study);
        Assert.Equal(2, early.Epochs);
        Assert.Equal(3, early.Budget.Epochs);
        Assert.NotEqual(whole.Key, early.Key);
    }

    [Fact]
    public void Should_know_a_teacher_out_of_a_file_by_its_content_and_not_by_its_place()
    {
        File.WriteAllText(_weights, "weights");
        string copy = _weights + ".copy";
        File.Copy(_weights, copy);
        PlannedRun here = Imported(_weights), there = Imported(copy);
        File.WriteAllText(copy, "others");
        PlannedRun other = Imported(copy);
        File.Delete(copy);
        Assert.Equal(here.Key, there.Key);
        Assert.NotEqual(here.Key, other.Key);
        Assert.False(here.IsTrained);

        PlannedRun Imported(string path)
        {
            StudyDefinition study = StudyTexts.ReadValid(Study.Replace("seed: 100", $"weights: {path}\n    mean: [0.3]\n    std: [0.25]", StringComparison.Ordinal));
            AssertReadsBack(study);
            return StudyPlan.Create(study).Runs.First();
        }
    }

    [Theory]
    [InlineData("members: 2\n    generations: 1", "either 'members'")]
    [InlineData("at-epoch: 3", "before the last of the teacher's budget, 3")]
    [InlineData("members: 0", "at least 1")]
    [InlineData("method: kl", "'learns-from' or 'generations' beside it")]
    [InlineData("generations: 1\n    method: label-smoothing", "a method that learns from a teacher")]
    [InlineData("mean: [0.5]", "the key 'weights' beside it")]
    [InlineData("weights: nowhere.pth", "found no file")]
    [InlineData("generations: 1\n    method: crossbow", "method 'crossbow'")]
    public void Should_refuse_teachers_that_cannot_be(string keys, string message)
    {
        StudyReadResult result = StudyTexts.Read(With(keys).Replace(keys.StartsWith("weights", StringComparison.Ordinal) ? "seed: 100\n    " : "\0", "", StringComparison.Ordinal));
        Assert.Contains(result.Problems, p => p.ToString().Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("seed: 100", "seed: 100\n    members: 3", "'teacher' is an ensemble of 3, each with initial weights of its own")]
    [InlineData("seed: 100", "weights: FILE", "'teacher' is read from a file, and the weights that it began with are not known")]
    [InlineData("teachers:\n  - model: convnet\n    seed: 100\n", "", "found a study without teachers")]
    public void Should_refuse_to_start_students_with_weights_that_are_not_those_of_one_known_network(string old, string replacement, string message)
    {
        string started = Study.Replace("seeds: [0, 1]", "start: teacher", StringComparison.Ordinal);
        Assert.Empty(StudyTexts.Read(started).Problems);
        IReadOnlyList<StudyProblem> problems = StudyTexts.Read(started.Replace(old, replacement.Replace("FILE", _weights, StringComparison.Ordinal), StringComparison.Ordinal)).Problems;
        Assert.Contains(message, Assert.Single(problems, p => p.Path == "students.start").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_training_keys_beside_weights_and_weights_of_another_network()
    {
        string wrong = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}wrong.pth");
        File.WriteAllText(wrong, "x");
        IReadOnlyList<StudyProblem> problems = StudyTexts.Read(With($"weights: {_weights}")).Problems;
        Assert.Contains("'seed' says how a teacher is trained", Assert.Single(problems).ToString(), StringComparison.Ordinal);
        problems = StudyTexts.Read(Study.Replace("seed: 100", $"weights: {wrong}", StringComparison.Ordinal)).Problems;
        File.Delete(wrong);
        Assert.Contains("another network", Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("own", 2, "own")]
    [InlineData("mixup", 4, "mixup")]
    [InlineData("noise", 4, "noise")]
    [InlineData("halves", 2, "halves")]
    [InlineData("{ name: extra, images: 500 }", 4, "extra")]
    [InlineData("{ name: other, set: fashion-mnist }", 4, "other")]
    public void Should_give_students_without_a_teacher_labelled_images_of_the_same_seed(string data, int groups, string kind)
    {
        StudyDefinition study = StudyTexts.ReadValid(Distilled(data));
        List<RunGroup> students = StudyPlan.Create(study).Groups.Where(g => g.Runs[0].IsStudent).ToList();
        Assert.Equal(groups, students.Count);
        Assert.Equal(kind, study.Students.Data.Name);
        Assert.All(students.SelectMany(g => g.Runs.Select(r => (g.Data, r))).Where(p => p.r.Role == RunRole.Independent), p => Assert.False(TransferKinds.IsUnlabelled(p.Data.Name)));
        Assert.All(students.SelectMany(g => g.Runs.Select(r => (g.Data, r))).Where(p => p.r.Role == RunRole.Student), p => Assert.Equal(kind, p.Data.Name));
        AssertReadsBack(study);

        RunKey Key(string text, RunRole role) => StudyPlan.Create(StudyTexts.ReadValid(text)).Runs.First(r => r.Role == role).Key;
        Assert.Equal(kind == "own", Key(Distilled(data), RunRole.Student) == Key(Study, RunRole.Student));
        Assert.Equal(kind != "halves", Key(Distilled(data), RunRole.Independent) == Key(Study, RunRole.Independent));
    }

    [Theory]
    [InlineData("moon", "kind of data 'moon'")]
    [InlineData("{ name: extra, images: 60000 }", "at most 59000 images")]
    [InlineData("{ name: other }", ".set: this option is missing")]
    [InlineData("{ name: extra, path: x }", "the key 'set' beside it")]
    public void Should_refuse_data_that_cannot_be(string data, string message) =>
        Assert.Contains(message, string.Join('\n', StudyTexts.Read(Distilled(data)).Problems), StringComparison.Ordinal);

    [Fact]
    public void Should_let_teacher_and_students_learn_from_images_of_their_own()
    {
        string both = With("images: { domain: { photo: 300, sketch: 0 } }").Replace("seeds: [0, 1]", "seeds: [0, 1]\n  images: { domain: [sketch] }", StringComparison.Ordinal);
        StudyDefinition study = StudyTexts.ReadValid(both);
        StudyPlan plan = StudyPlan.Create(study), plain = StudyPlan.Create(StudyTexts.ReadValid(Study));
        Assert.Equal([new SelectedValue("photo", 300), new SelectedValue("sketch", 0)], plan.Runs.Single(r => r.Role == RunRole.Teacher).Images!.Values);
        Assert.All(plan.Runs.Where(r => r.IsStudent), r => Assert.Equal("sketch", r.Images!.Values.Single().Name));
        Assert.Empty(plan.Runs.Select(r => r.Key).Intersect(plain.Runs.Select(r => r.Key)));
        AssertReadsBack(study);
    }

    [Theory]
    [InlineData("{ colour: [red] }", "attribute 'colour'")]
    [InlineData("{ domain: [photo, skech] }", "value of 'domain' 'skech'. Did you mean 'sketch'?")]
    [InlineData("{ domain: { photo: 40001 } }", "at most 40000")]
    [InlineData("{ domain: { photo: 0 } }", "at least one image")]
    [InlineData("{ domain: [] }", "at least one image")]
    [InlineData("{ domain: { photo: -1 } }", "a whole number of at least 0")]
    [InlineData("[photo]", "one attribute with the values")]
    [InlineData("{ domain: photo }", "one attribute with the values")]
    [InlineData("{ domain: [photo, photo] }", "each value once")]
    public void Should_refuse_images_that_cannot_be(string images, string message) =>
        Assert.Contains(message, string.Join('\n', StudyTexts.Read(With($"images: {images}")).Problems), StringComparison.Ordinal);

    [Fact]
    public void Should_plan_a_combination_with_all_its_parts()
    {
        const string Combined = "combine: { name: both, label-weight: 0.5, parts: [kl, { hint: { weight: 10, student-layer: stage2, teacher-layer: stage2 } }] }";
        StudyDefinition study = StudyTexts.ReadValid(Study.Replace("[kl]", $"[kl, {{ {Combined} }}]", StringComparison.Ordinal));
        MethodDefinition method = study.Students.Methods[^1];
        Assert.Equal("both", method.Label);
        Assert.Equal(["kl", "hint"], method.Parts.Select(p => p.Label));
        Assert.True(method.NeedsTeacher);
        AssertReadsBack(study);

        StudyDefinition other = StudyTexts.ReadValid(Study.Replace("[kl]", $"[kl, {{ {Combined.Replace("10", "11", StringComparison.Ordinal)} }}]", StringComparison.Ordinal));
        Assert.NotEqual(StudyPlan.Create(study).Runs.Last().Key, StudyPlan.Create(other).Runs.Last().Key);
    }

    [Fact]
    public void Should_also_train_students_of_a_second_teacher_that_teaches()
    {
        const string Two = "seed: 100\n  - model: convnet\n    seed: 200\n    augmentation: { flip: true }";
        StudyDefinition silent = StudyTexts.ReadValid(Study.Replace("seed: 100", Two, StringComparison.Ordinal));
        StudyDefinition study = StudyTexts.ReadValid(Study.Replace("seed: 100", Two + "\n    teaches: true", StringComparison.Ordinal));
        StudyPlan plan = StudyPlan.Create(study);
        List<PlannedRun> cross = plan.Runs.Where(r => r.Role == RunRole.CrossStudent).ToList();
        Assert.Equal([("kl", 0), ("kl", 1)], cross.Select(r => (r.Method!.Label, r.Seed)));
        Assert.All(cross, r => Assert.Equal(plan.Runs.Single(t => t.Role == RunRole.OtherTeacher).Key, r.TeacherKey));
        Assert.Equal(StudyPlan.Create(silent).Runs.Select(r => r.Key), plan.Runs.Where(r => r.Role != RunRole.CrossStudent).Select(r => r.Key));
        Assert.True(plan.Runs.Single(r => r.Role == RunRole.OtherTeacher).Augmentation!.Options.Boolean("flip"));
        Assert.Null(plan.Runs.Single(r => r.Role == RunRole.Teacher).Augmentation);
        AssertReadsBack(study);
        Assert.Contains("the first always teaches", string.Join('\n', StudyTexts.Read(With("teaches: true")).Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("combine", "the key 'parts'")]
    [InlineData("combine: { parts: [kl] }", "at least two methods")]
    [InlineData("combine: { parts: [kl, kl] }", "another label for each part")]
    [InlineData("combine: { parts: [kl, independent] }", "found 'independent'")]
    [InlineData("combine: { parts: [kl, { combine: { parts: [kl, scales] } }] }", "not nested")]
    [InlineData("combine: { parts: [kl, { kl: { name: hot, temperature: hot } }] }", "temperature")]
    public void Should_refuse_combinations_that_cannot_be(string entry, string message) =>
        Assert.Contains(message, string.Join('\n', StudyTexts.Read(Study.Replace("[kl]", $"[{{ {entry} }}]".Replace("{ combine }", "combine", StringComparison.Ordinal), StringComparison.Ordinal)).Problems), StringComparison.Ordinal);

    private static string With(string keys) => Study.Replace("seed: 100", $"seed: 100\n    {keys}", StringComparison.Ordinal);

    private static string Distilled(string data) => Study.Replace("seeds: [0, 1]", $"seeds: [0, 1]\n  data: {data}", StringComparison.Ordinal);

    private static PlannedRun Teacher(string yaml) => StudyPlan.Create(StudyTexts.ReadValid(yaml)).Runs.Single(r => r.Role == RunRole.Teacher);

    private static void AssertReadsBack(StudyDefinition study)
    {
        string written = StudyWriter.ToYaml(study);
        StudyReadResult again = StudyTexts.Read(written);
        Assert.Empty(again.Problems);
        Assert.Equal(study, again.Study);
        Assert.Equal(written, StudyWriter.ToYaml(again.Study!));
    }
}
