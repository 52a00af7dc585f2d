using DistillSharp.Studies;

namespace DistillSharp.Tests.Studies.Comparing;

public sealed class StudyValuesTests
{
    [Fact]
    public void Should_name_every_key_that_differs_and_nothing_else()
    {
        string other = StudyTexts.Full
            .Replace("study: quickstart", "study: other", StringComparison.Ordinal)
            .Replace("seed: 100", "seed: 101", StringComparison.Ordinal)
            .Replace("temperature: 8", "temperature: 9", StringComparison.Ordinal)
            .Replace("learning-rate: 0.05", "learning-rate: 0.1", StringComparison.Ordinal)
            .Replace("images: 2000", "images: 1000", StringComparison.Ordinal);

        Assert.Equal(
            ["teachers[0].seed 100 101", "teachers[0].budget.optimizer.learning-rate 0.05 0.1", "teachers[1].budget.optimizer.learning-rate 0.05 0.1", "students.methods.kl-hot.temperature 8 9", "budget.optimizer.learning-rate 0.05 0.1", "analyses.localization.images 2000 1000"],
            Differences(StudyTexts.Full, other));
        Assert.Empty(Differences(StudyTexts.Full, StudyTexts.Full));
    }

    [Fact]
    public void Should_name_what_only_one_study_has_once()
    {
        string fewer = StudyTexts.Full
            .Replace("    - hint: { weight: 1e2, student-layer: stage2, teacher-layer: stage2 }\n", "", StringComparison.Ordinal)
            .Replace("  - name: other-teacher\n    model: convnet\n    widths: [32, 64, 128]\n    seed: 200\n", "", StringComparison.Ordinal);

        Assert.Equal(["teachers[1].name other-teacher -", "students.methods.hint hint -"], Differences(StudyTexts.Full, fewer));
        Assert.Equal(["teachers[1].name - other-teacher", "students.methods.hint - hint"], Differences(fewer, StudyTexts.Full));
    }

    [Fact]
    public void Should_know_methods_and_analyses_by_their_labels_and_not_by_their_place()
    {
        string turned = StudyTexts.Full.Replace("    - kl\n", "", StringComparison.Ordinal).Replace("    - kl: { name: kl-hot", "    - kl\n    - kl: { name: kl-hot", StringComparison.Ordinal);

        Assert.Empty(Differences(StudyTexts.Full, turned));
    }

    [Fact]
    public void Should_take_a_study_from_before_there_was_a_choice_of_the_start_as_fresh()
    {
        string resolved = StudyWriter.ToYaml(StudyTexts.ReadValid(StudyTexts.Full));
        Assert.Contains("  start: fresh\n", resolved, StringComparison.Ordinal);

        Assert.Empty(StudyValues.Differences(Of(resolved), Of(resolved.Replace("  start: fresh\n", "", StringComparison.Ordinal))));
    }

    private static IEnumerable<string> Differences(string first, string second) =>
        StudyValues.Differences(Values(first), Values(second)).Select(d => $"{d.Key} {d.First ?? "-"} {d.Second ?? "-"}");

    private static StudyValues Values(string yaml) => Of(StudyWriter.ToYaml(StudyTexts.ReadValid(yaml)));

    private static StudyValues Of(string resolved) => StudyValues.Of(SourceTree.Parse(resolved, new ProblemList("study.yaml"))!);
}
