using DistillSharp.Studies;

namespace DistillSharp.Tests.Studies;

public class StudyReaderTests
{
    /// <summary>The full study with two teachers of one model and one budget.</summary>
    private static readonly string Sound = StudyTexts.Full.Replace("seed: 200", "seed: 200\n    budget: { epochs: 8 }", StringComparison.Ordinal);

    [Fact]
    public void Should_read_every_part_of_a_study()
    {
        StudyDefinition study = StudyTexts.ReadValid(StudyTexts.Full);

        Assert.Equal("quickstart", study.Name);
        Assert.Equal(12000, study.Data.Train);
        Assert.Equal(0.2, study.Data.Augmentation.Options.Number("brightness"));
        Assert.Equal(["teacher", "other-teacher"], study.Teachers.Select(t => t.Name));
        Assert.Equal(["independent", "kl", "hint", "kl-hot"], study.Students.Methods.Select(m => m.Label));
        Assert.Equal(100, study.Students.Methods[2].Options.Number("weight"));
        Assert.Equal("stage3", study.Analyses[1].Options.Text("student-layer"));
    }

    [Fact]
    public void Should_fill_in_every_default()
    {
        StudyReadResult result = StudyTexts.Read(StudyTexts.Small);
        StudyDefinition study = result.Study!;

        Assert.Equal(60000, study.Data.Train);
        Assert.Equal(10000, study.Data.Test);
        Assert.Equal("teacher", study.Teachers[0].Name);
        Assert.Equal(100, study.Teachers[0].Seed);
        Assert.Equal(study.Budget, study.Teachers[0].Budget);
        Assert.Equal([0, 1, 2], study.Students.Seeds);
        Assert.Equal(64, study.Budget.BatchSize);
        Assert.Equal("sgd", study.Budget.Optimizer.Name);
        Assert.Equal("cosine", study.Budget.Schedule.Name);
    }

    [Fact]
    public void Should_add_the_independent_students_and_say_so()
    {
        StudyReadResult result = StudyTexts.Read(StudyTexts.Small);

        Assert.Equal(["independent", "kl"], result.Study!.Students.Methods.Select(m => m.Label));
        Assert.Contains("'independent' was added", Assert.Single(result.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_leave_the_images_that_the_validation_split_does_not_take()
    {
        string yaml = StudyTexts.Small.Replace("{ name: fashion-mnist }", "{ name: fashion-mnist, validation: 5000 }", StringComparison.Ordinal);

        Assert.Equal(55000, StudyTexts.ReadValid(yaml).Data.Train);
    }

    [Fact]
    public void Should_replace_only_the_named_parts_of_a_teachers_budget()
    {
        StudyDefinition study = StudyTexts.ReadValid(StudyTexts.Full.Replace("{ epochs: 8 }", "{ optimizer: { momentum: 0.5 } }", StringComparison.Ordinal));

        BudgetDefinition own = study.Teachers[0].Budget;
        Assert.Equal(5, own.Epochs);
        Assert.Equal(0.5, own.Optimizer.Options.Number("momentum"));
        Assert.Equal(0.05, own.Optimizer.Options.Number("learning-rate"));
    }

    [Fact]
    public void Should_start_from_the_defaults_of_another_optimizer_in_a_teachers_budget()
    {
        StudyDefinition study = StudyTexts.ReadValid(StudyTexts.Full.Replace("{ epochs: 8 }", "{ optimizer: adamw }", StringComparison.Ordinal));

        Assert.Equal(0.001, study.Teachers[0].Budget.Optimizer.Options.Number("learning-rate"));
    }

    [Fact]
    public void Should_read_relative_data_paths_from_the_studys_folder()
    {
        string yaml = StudyTexts.Small.Replace("{ name: fashion-mnist }", "{ name: fashion-mnist, path: images }", StringComparison.Ordinal);

        Assert.Equal(Path.Combine(Environment.CurrentDirectory, "images"), StudyTexts.ReadValid(yaml).Data.Path);
    }

    [Theory]
    [InlineData("1e1", 10)]
    [InlineData(".5", 0.5)]
    [InlineData("+2.", 2)]
    [InlineData("0x10", 16)]
    [InlineData("0o17", 15)]
    [InlineData("012", 12)]
    public void Should_read_numbers_as_YAML_1_2_does(string written, double meant)
    {
        StudyDefinition study = StudyTexts.ReadValid(StudyTexts.Full.Replace("temperature: 8", $"temperature: {written}", StringComparison.Ordinal));

        Assert.Equal(meant, study.Students.Methods[3].Options.Number("temperature"));
    }

    [Fact]
    public void Should_read_a_file_with_a_byte_order_mark_and_windows_line_breaks()
    {
        StudyTexts.ReadValid('\uFEFF' + StudyTexts.Full.ReplaceLineEndings("\r\n"));
    }

    [Fact]
    public void Should_allow_a_study_without_teachers_where_nothing_needs_one()
    {
        StudyDefinition study = StudyTexts.ReadValid("""
            study: floor
            data: { name: fashion-mnist }
            students: { model: convnet, methods: [independent, label-smoothing] }
            budget: { epochs: 1 }
            analyses: [calibration]
            """);

        Assert.Empty(study.Teachers);
    }

    [Theory]
    [InlineData("seeds: [0, 1, 2]", "seeds: [0, 1]", "students.seeds", "preliminary")]
    [InlineData("seeds: [0, 1, 2]", "seeds: [0, 1, 100]", "teachers[0].seed", "same seed, 100")]
    [InlineData("kl-hot, temperature: 8", "kl-cold, temperature: 4", "students.methods", "'kl-cold' and 'kl' are the same method")]
    [InlineData("    - kl\n    - hint: { weight: 1e2, student-layer: stage2, teacher-layer: stage2 }\n    - kl: { name: kl-hot, temperature: 8 }\n", "", "students.methods", "no distilled student")]
    [InlineData("  - fidelity\n  - localization: { student-layer: stage3, teacher-layer: stage3, images: 2000 }", "  []", "analyses", "no analyses")]
    [InlineData("seed: 200\n    budget: { epochs: 8 }", "seed: 200", "teachers[1]", "the budget of the control 'other-teacher' and of the teacher 'teacher' differ")]
    [InlineData("[32, 64, 128]\n    seed: 200", "[32, 64, 64]\n    seed: 200", "teachers[1]", "the model of the control")]
    [InlineData("[32, 64, 128]\n    seed: 200\n    budget: { epochs: 8 }", "[32, 64, 64]\n    seed: 200", "teachers[1]", "the model and budget of the control")]
    [InlineData("  - name: other-teacher\n    model: convnet\n    widths: [32, 64, 128]\n    seed: 200\n    budget: { epochs: 8 }\n", "", "teachers", "no second teacher")]
    [InlineData("widths: [16, 32, 64]\n  seeds: [0, 1, 2]", "widths: [32, 64, 128]\n  start: teacher", "students.start", "the initial weights of the teacher 'teacher' (seed 100)")]
    public void Should_warn_of_what_a_study_cannot_show(string old, string replacement, string path, string words)
    {
        Assert.Contains(old, Sound, StringComparison.Ordinal);

        StudyReadResult result = StudyTexts.Read(Sound.Replace(old, replacement, StringComparison.Ordinal));

        Assert.True(result.IsValid);
        StudyProblem warning = Assert.Single(result.Warnings);
        Assert.Equal(path, warning.Path);
        Assert.Contains(words, warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_read_several_analyses_of_one_kind_under_names_of_their_own()
    {
        StudyDefinition study = StudyTexts.ReadValid(StudyTexts.Full + "\n  - localization: { name: early, student-layer: stage2 }");

        Assert.Equal([("fidelity", null), ("localization", null), ("localization", "early")], study.Analyses.Select(a => (a.Name, a.GivenLabel)));
        Assert.Equal(["fidelity", "localization", "early"], study.Analyses.Select(a => a.Label));
    }

    [Fact]
    public void Should_warn_of_two_analyses_that_differ_only_by_their_names()
    {
        StudyReadResult result = StudyTexts.Read(Sound + "\n  - fidelity: { name: again }");

        StudyProblem warning = Assert.Single(result.Warnings);
        Assert.Equal("analyses[2]", warning.Path);
        Assert.Contains("'again' and 'fidelity' are the same analysis with the same options", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_not_warn_of_a_study_that_can_show_everything()
    {
        Assert.Empty(StudyTexts.Read(Sound).Warnings);
    }
}
