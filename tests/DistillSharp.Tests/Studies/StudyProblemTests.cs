using DistillSharp.Studies;

namespace DistillSharp.Tests.Studies;

/// <summary>Each thing that can be wrong in a study that is valid YAML: where it is reported, and in what words.</summary>
public class StudyProblemTests
{
    [Theory]
    // Keys, at every level.
    [InlineData("study: quickstart", "study: q\nstudi: x", "studi", "no key 'studi'. Did you mean 'study'")]
    [InlineData("train: 12000", "trian: 12000", "data.trian", "Did you mean 'train'")]
    [InlineData("crop: 2", "corp: 2", "data.augmentation.corp", "Did you mean 'crop'")]
    [InlineData("seed: 100", "sede: 100", "teachers[0].sede", "Did you mean 'seed'")]
    [InlineData("{ epochs: 8 }", "{ epoch: 8 }", "teachers[0].budget.epoch", "Did you mean 'epochs'")]
    [InlineData("seeds: [0, 1, 2]", "sedes: [0, 1, 2]", "students.sedes", "Did you mean 'seeds'")]
    [InlineData("weight: 1e2", "wieght: 1e2", "students.methods[2].hint.wieght", "Did you mean 'weight'")]
    [InlineData("batch-size: 64", "batchsize: 64", "budget.batchsize", "Did you mean 'batch-size'")]
    [InlineData("momentum: 0.9", "momentun: 0.9", "budget.optimizer.momentun", "Did you mean 'momentum'")]
    [InlineData("warm-up: 0", "warmup: 0", "budget.schedule.warmup", "Did you mean 'warm-up'")]
    [InlineData("images: 2000", "image: 2000", "analyses[1].localization.image", "Did you mean 'images'")]
    [InlineData("  epochs: 5\n", "  epochs: 5\n  epochs: 6\n", "budget.epochs", "stands twice; it is already on line 29")]
    [InlineData("study: quickstart\n", "", "study", "this key is missing")]
    [InlineData("  epochs: 5\n", "", "budget.epochs", "this key is missing; expected a whole number of at least 1")]
    // Names out of the catalogue.
    [InlineData("fashion-mnist", "fashion_mnist", "data.name", "no data set 'fashion_mnist'. Did you mean 'fashion-mnist'")]
    [InlineData("- kl\n", "- kll\n", "students.methods[1]", "no method 'kll'. Did you mean 'kl'")]
    [InlineData("name: sgd", "name: sdg", "budget.optimizer.name", "no optimizer 'sdg'. Did you mean 'sgd'")]
    [InlineData("name: cosine", "name: cosin", "budget.schedule.name", "no schedule 'cosin'")]
    [InlineData("- fidelity", "- fidelty", "analyses[0]", "no analysis 'fidelty'. Did you mean 'fidelity'")]
    [InlineData("- independent", "- independent: { name: base }", "students.methods[0].independent.name", "no key 'name'")]
    // Kinds, ranges and choices.
    [InlineData("epochs: 5", "epochs: five", "budget.epochs", "expected a whole number of at least 1, found 'five'")]
    [InlineData("epochs: 5", "epochs: \"5\"", "budget.epochs", "found '5' in quotes, which is a text")]
    [InlineData("epochs: 5", "epochs: 0", "budget.epochs", "at least 1, found '0'")]
    [InlineData("epochs: 5", "epochs: 1e1", "budget.epochs", "expected a whole number")]
    [InlineData("epochs: 5", "epochs: 99999999999", "budget.epochs", "at most 2147483647")]
    [InlineData("epochs: 5", "epochs:", "budget.epochs", "found nothing")]
    [InlineData("train: 12000", "train: 12_000", "data.train", "numbers have no underscores; write 12000")]
    [InlineData("flip: true", "flip: yes", "data.augmentation.flip", "expected true or false, found 'yes' (a plain word in YAML 1.2")]
    [InlineData("brightness: .2", "brightness: 1.5", "data.augmentation.brightness", "expected a number from 0 to 1, found '1.5'")]
    [InlineData("brightness: .2", "brightness: .nan", "data.augmentation.brightness", "found '.nan'")]
    [InlineData("weight: 1e2", "weight: -1", "students.methods[2].hint.weight", "expected a number of at least 0, found '-1'")]
    [InlineData("temperature: 8", "reduction: meen", "students.methods[3].kl.reduction", "no choice 'meen'. Did you mean 'mean'")]
    [InlineData("widths: [16, 32, 64]", "widths: 16", "students.widths", "expected a list such as [1, 2]")]
    [InlineData("widths: [16, 32, 64]", "widths: [16, x, 64]", "students.widths[1]", "expected a whole number from 1 to 4096, found 'x'")]
    [InlineData("optimizer: { name: sgd, learning-rate: 0.05, momentum: 0.9 }", "optimizer: [sgd]", "budget.optimizer", "found a list of 1 item")]
    [InlineData("augmentation: { crop: 2, flip: true, brightness: .2 }", "augmentation: strong", "data.augmentation", "expected a mapping with options, found 'strong'")]
    [InlineData("study: quickstart", "study: quick start", "study", "expected a name of letters, digits")]
    [InlineData("study: quickstart", "study: [a]", "study", "found a list of 1 item")]
    [InlineData("name: kl-hot", "name: ../kl", "students.methods[3].kl.name", "expected a name of letters, digits")]
    [InlineData("- kl\n", "- kl:\n      temperature: 2\n", "students.methods[1]", "Indent the options")]
    [InlineData("- kl\n", "-\n", "students.methods[1]", "expected the name of one method")]
    [InlineData("- fidelity", "- { fidelity: , calibration: }", "analyses[0]", "Indent the options")]
    // What does not fit together.
    [InlineData("train: 12000", "train: 59000", "data.train", "expected at most 60000 images together")]
    [InlineData("split-seed: 0", "test: 10001", "data.test", "expected at most 10000")]
    [InlineData("split-seed: 0", "fingerprint: old", "data.fingerprint", "The data has changed")]
    [InlineData("batch-size: 64", "batch-size: 12001", "budget.batch-size", "at most 12000 images")]
    [InlineData("{ epochs: 8 }", "{ batch-size: 12001 }", "teachers[0].budget.batch-size", "at most 12000 images")]
    [InlineData("seeds: [0, 1, 2]", "seeds: [0, 1, 1]", "students.seeds[2]", "expected each seed once, found 1 again")]
    [InlineData("seeds: [0, 1, 2]", "seeds: [0, -1]", "students.seeds[1]", "at least 0, found '-1'")]
    [InlineData("seeds: [0, 1, 2]", "seeds: []", "students.seeds", "at least one seed")]
    [InlineData("seed: 100", "seed: -1", "teachers[0].seed", "at least 0, found '-1'")]
    [InlineData("name: kl-hot", "name: KL", "students.methods[3]", "another label for each method, found 'KL' again")]
    [InlineData("- independent", "- kl: { name: independent, weight: 2 }", "students.methods", "no method with the label 'independent'")]
    [InlineData("name: other-teacher", "name: Teacher", "teachers[1].name", "another name for each teacher")]
    [InlineData("- localization: { student-layer: stage3, teacher-layer: stage3, images: 2000 }", "- fidelity", "analyses[1]", "another name for each analysis, found 'fidelity' again; it is already on line 34. Give this one its own: fidelity: { name: fidelity-2 }")]
    [InlineData("- fidelity", "- fidelity: { name: Localization }", "analyses[1].localization", "found 'localization' again; it is already on line 34")]
    [InlineData("- fidelity", "- fidelity: { name: ../fidelity }", "analyses[0].fidelity.name", "expected a name of letters, digits")]
    // What analyses could not measure.
    [InlineData("- fidelity", "- invariance: { strengths: [0.1, 2] }", "analyses[0].invariance.strengths", "a number from 0 to 1, found 2")]
    [InlineData("- fidelity", "- invariance: { strengths: [] }", "analyses[0].invariance.strengths", "at least one strength, found none")]
    [InlineData("- fidelity", "- invariance: { change: shift, strength: 1.5 }", "analyses[0].invariance.strength", "a whole number of pixels, found 1.5")]
    [InlineData("- fidelity", "- invariance: { change: shift, strengths: [1, 2, 3, 30] }", "analyses[0].invariance.strengths", "from 0 to 27, found 30")]
    [InlineData("- fidelity", "- bias: { attribute: domian }", "analyses[0].bias.attribute", "Did you mean 'domain'")]
    [InlineData("- fidelity", "- bias: { group: sketsh }", "analyses[0].bias.group", "no group of test images by 'domain' 'sketsh'. Did you mean 'sketch'")]
    [InlineData("- fidelity", "- bias: { group: clip art }", "analyses[0].bias.group", "There are: photo, sketch")]
    [InlineData("- fidelity", "- domain-adaptation: { attribute: camera }", "analyses[0].domain-adaptation.attribute", "no attribute of the test images 'camera'")]
    [InlineData("- fidelity", "- representation: { batch: 1001 }", "analyses[0].representation.batch", "expected at most 1000, so that 2000 test images make two whole batches, found 1001")]
    [InlineData("- fidelity", "- representation: { neighbours: 2000 }", "analyses[0].representation.neighbours", "expected at most 1999")]
    [InlineData("- fidelity", "- representation: { student-layers: [] }", "analyses[0].representation.student-layers", "at least one layer, found none")]
    [InlineData("- fidelity", "- shape-bias: { texture-patch: 29 }", "analyses[0].shape-bias.texture-patch", "expected at most 28")]
    [InlineData("- fidelity", "- unseen-domains: { texture-patch: 29 }", "analyses[0].unseen-domains.texture-patch", "expected at most 28")]
    [InlineData("student-layer: stage2", "student-layer: stage22", "students.methods[2].hint.student-layer", "no layer of the student 'stage22'. Did you mean 'stage2'")]
    [InlineData("teacher-layer: stage2", "teacher-layer: stag2", "students.methods[2].hint.teacher-layer", "no layer of the teacher 'teacher' 'stag2'. Did you mean 'stage2'")]
    [InlineData("student-layer: stage2, ", "", "students.methods[2].hint", "together, found one of them")]
    [InlineData("crop: 2", "rotation: 13", "data.augmentation", "expected a lucky number.")]
    [InlineData("seed: 100", "augmentation: { rotation: 13 }", "teachers[0].augmentation", "expected a lucky number.")]
    [InlineData("  seeds: [0, 1, 2]", "  start: techer", "students.start", "no start 'techer'. Did you mean 'teacher'")]
    [InlineData("  seeds: [0, 1, 2]", "  start: [teacher]", "students.start", "expected one of fresh, teacher, found a list of 1 item")]
    [InlineData("  seeds: [0, 1, 2]", "  start: teacher", "students.start", "expected students of the first teacher's network, convnet dropout 0 32-64-128, because initial weights are those of one network; found convnet dropout 0 16-32-64.")]
    [InlineData("widths: [16, 32, 64]", "widths: []", "students.model", "expected at least one stage")]
    public void Should_report_one_mistake_once_at_its_place(string old, string replacement, string path, string words)
    {
        StudyProblem problem = StudyTexts.OnlyProblem(StudyTexts.Full, old, replacement);

        Assert.Equal(path, problem.Path);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_say_which_default_of_an_analysis_does_not_fit()
    {
        string few = StudyTexts.Full.Replace("split-seed: 0", "test: 60", StringComparison.Ordinal);

        StudyProblem problem = StudyTexts.OnlyProblem(few, "- fidelity", "- representation");

        Assert.Equal("analyses[0]", problem.Path);
        Assert.Contains("the default of 'batch' does not fit: expected at most 30", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unseen-domains: { cue-conflict: false, texture-patch: 29 }")]
    [InlineData("bias: { attribute: domain, group: photo }")]
    [InlineData("invariance: { change: shift, strengths: [27] }")]
    [InlineData("representation: { batch: 1000, neighbours: 1999 }")]
    public void Should_let_pass_what_analyses_can_measure(string analysis) =>
        Assert.Empty(StudyTexts.Read(StudyTexts.Full.Replace("- fidelity", $"- {analysis}", StringComparison.Ordinal)).Problems);

    [Theory]
    [InlineData("model: convnet", "model: resnet", "depth", "this option is missing; expected a whole number from 8 to 110")]
    [InlineData("model: convnet", "model: convnot", "model", "no model 'convnot'. Did you mean 'convnet'")]
    public void Should_report_a_wrong_model_wherever_it_stands(string old, string replacement, string key, string words)
    {
        StudyReadResult result = StudyTexts.Read(StudyTexts.Small.Replace(old, replacement, StringComparison.Ordinal));

        Assert.Equal([$"teachers[0].{key}", $"students.{key}"], result.Problems.Select(p => p.Path));
        Assert.All(result.Problems, p => Assert.Contains(words, p.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(StudyTexts.Folder, "size: 32", "size: 0", "data.size", "expected a whole number from 1 to 1024, found '0'")]
    [InlineData(StudyTexts.Folder, "size: 32", "sise: 32", "data.sise", "Did you mean 'size'")]
    [InlineData(StudyTexts.Folder, "image-folder", "fashion-mnist", "data.size", "There is no key 'size'")]
    [InlineData(StudyTexts.Domains, "held-out: [sketch, art painting]", "held-out: sketch", "data.held-out", "expected a list of texts such as [a, b], found 'sketch'")]
    [InlineData(StudyTexts.Domains, "held-out: [sketch, art painting]", "held-out: [sketch, [x]]", "data.held-out[1]", "expected a text")]
    [InlineData(StudyTexts.Domains, "  held-out: [sketch, art painting]\n", "", "data.held-out", "this option is missing; expected a list of texts")]
    [InlineData(StudyTexts.Folder, "image-folder", "image-folders", "data.name", "Did you mean 'image-folder'")]
    public void Should_check_the_options_of_the_data(string study, string old, string replacement, string path, string words)
    {
        StudyReadResult read = StudyTexts.Read(study.Replace(old, replacement, StringComparison.Ordinal));

        StudyProblem problem = Assert.Single(read.Problems, p => p.Path == path);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(read.Problems, p => !p.Path.StartsWith("data.", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_refuse_another_data_set_whose_options_nobody_gives()
    {
        StudyProblem problem = StudyTexts.OnlyProblem(StudyTexts.Small, "methods: [kl]", "methods: [kl]\n  data: { name: other, set: domains, path: /x }");

        Assert.Equal("students.data.set", problem.Path);
        Assert.Contains("'domains' needs 'held-out'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_say_file_line_column_and_key()
    {
        StudyProblem problem = StudyTexts.OnlyProblem(StudyTexts.Full, "weight: 1e2", "wieght: 1e2");

        Assert.StartsWith("study.yaml:26:15: students.methods[2].hint.wieght: There is no key 'wieght'.", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_report_all_problems_in_the_order_of_the_file()
    {
        StudyReadResult result = StudyTexts.Read("""
            study: a b
            data: { name: fashion-mnst, train: x }
            teachers: { name: one }
            students: { model: convnt, seeds: [0, 0], methods: [kll, kl: { weight: no }] }
            budget: { epochs: 0, optimizer: sdg }
            analyses: [fidelty]
            """);

        Assert.Null(result.Study);
        Assert.Equal(
            [
                "study", "data.name", "data.train", "teachers", "students.model", "students.seeds[1]", "students.methods[0]",
                "students.methods[1].kl.weight", "budget.epochs", "budget.optimizer", "analyses[0]",
            ],
            result.Problems.Select(p => p.Path));
    }

    [Fact]
    public void Should_report_data_that_is_not_there()
    {
        var catalog = new FakeCatalog { MissingFiles = "expected the file train-images, found none; fetch it first." };

        StudyProblem problem = StudyTexts.OnlyProblem(StudyTexts.Full, "train: 12000", "path: /none", catalog);

        Assert.Equal("data.path: expected the file train-images, found none; fetch it first.", problem.Message);
    }

    [Fact]
    public void Should_report_methods_analyses_and_layers_that_need_a_teacher_where_there_is_none()
    {
        StudyReadResult result = StudyTexts.Read("""
            study: alone
            data: { name: fashion-mnist }
            students: { model: convnet, methods: [independent, hint: { teacher-layer: stage1 }] }
            budget: { epochs: 1 }
            analyses: [fidelity, calibration: { teacher-layer: stage1 }]
            """);

        Assert.Equal(["students.methods[1].hint", "analyses[0]", "analyses[1].calibration.teacher-layer"], result.Problems.Select(p => p.Path));
        Assert.Contains("'hint' needs a teacher, and the study has none", result.Problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_a_control_that_is_the_teacher_itself()
    {
        StudyProblem problem = StudyTexts.OnlyProblem(StudyTexts.Full.Replace("    budget: { epochs: 8 }\n", "", StringComparison.Ordinal), "seed: 200", "seed: 100");

        Assert.Equal("teachers[1]", problem.Path);
        Assert.Contains("would be the same network", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_a_third_teacher()
    {
        StudyProblem problem = StudyTexts.OnlyProblem(StudyTexts.Full, "seed: 200", "seed: 200\n  - name: third\n    model: convnet");

        Assert.Equal("teachers[2]", problem.Path);
        Assert.Equal(19, problem.Line);
        Assert.Contains("at most two teachers: the second is the control", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_check_the_layers_of_an_analysis_in_every_teacher()
    {
        StudyProblem problem = StudyTexts.OnlyProblem(StudyTexts.Full, "    widths: [32, 64, 128]\n    seed: 200", "    widths: [32, 64]\n    seed: 200");

        Assert.Equal("analyses[1].localization.teacher-layer", problem.Path);
        Assert.Contains("the teacher 'other-teacher'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_not_blame_a_teachers_options_for_a_mistake_in_the_budget_that_they_replace()
    {
        string yaml = StudyTexts.Full
            .Replace("name: sgd, learning-rate: 0.05, momentum: 0.9", "name: adamw, beta: 2", StringComparison.Ordinal)
            .Replace("{ epochs: 8 }", "{ optimizer: { beta: 0.5 } }", StringComparison.Ordinal);

        Assert.Equal("budget.optimizer.beta", Assert.Single(StudyTexts.Read(yaml).Problems).Path);
    }
}
