using System.Text.Json;
using DistillSharp.Statistics;
using DistillSharp.Studies;
using DistillSharp.Studies.Results;

namespace DistillSharp.Tests.Studies.Comparing;

public sealed class StudyComparerTests(ComparedStudies studies) : IClassFixture<ComparedStudies>
{
    [Fact]
    public void Should_find_no_difference_between_a_study_and_itself()
    {
        StudyComparison same = StudyComparer.Compare(studies.First, studies.First);

        Assert.Empty(same.Differences);
        Assert.Empty(same.NotCompared);
        Assert.Equal(4, same.Effects.Count);
        Assert.All(same.Effects, e => Assert.Equal((0, 0, 0, ComparisonBasis.SeedsAndImages, 2, 0), (e.Difference.Mean, e.Difference.Low, e.Difference.High, e.Basis, e.DegreesOfFreedom, e.Direction)));
        Assert.Contains("do not differ in anything that trains or measures", Assert.Single(same.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_pair_by_seed_and_image_and_name_what_differs()
    {
        StudyComparison compared = StudyComparer.Compare(studies.First, studies.Weight);

        Assert.Equal(["students.methods.kl.weight", "students.methods.hint"], compared.Differences.Select(d => d.Key));
        Assert.Equal(("0.9", "0.1"), (compared.Differences[0].First, compared.Differences[0].Second));
        Assert.Equal(4, compared.Effects.Count);
        Assert.All(compared.Effects, e =>
        {
            Assert.Equal(("kl", ComparisonBasis.SeedsAndImages), (e.Method, e.Basis));
            Assert.Equal([0, 1, 2], e.Seeds);
            Assert.Equal(e.First.Mean - e.Second.Mean, e.Difference.Mean, 1e-9);
            Assert.Equal(e.First.PerSeed.Zip(e.Second.PerSeed, (a, b) => a - b), e.Difference.PerSeed, (a, b) => Math.Abs(a - b) < 1e-9);
            Assert.True(e.Difference.Low <= e.Difference.Mean && e.Difference.Mean <= e.Difference.High);
            Assert.Equal(e.FirstTeacher, e.SecondTeacher);
        });
        Assert.All(compared.Effects.Where(e => e.Unit == "nats"), e => Assert.True(e.Difference.Low < e.Difference.Mean && e.Difference.Mean < e.Difference.High));
        Assert.Equal(4, compared.NotCompared.Count);
        Assert.All(compared.NotCompared, n => Assert.True(n.What.EndsWith(", hint", StringComparison.Ordinal) && n.Reason == "'tiny' has no such finding.", $"{n}"));

        // The other way round, the same with the other sign.
        StudyComparison turned = StudyComparer.Compare(studies.Weight, studies.First);
        Assert.Equal(compared.Effects.Select(e => -e.Difference.Mean), turned.Effects.Select(e => e.Difference.Mean), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(compared.Effects.Select(e => -e.Direction), turned.Effects.Select(e => e.Direction));
    }

    [Fact]
    public void Should_take_each_seeds_effect_as_one_number_where_measurements_are_not_at_hand()
    {
        string bare = studies.Copy(studies.Weight, "bare");
        Directory.Delete(Path.Combine(bare, "measurements"), recursive: true);

        StudyComparison compared = StudyComparer.Compare(studies.First, bare);

        Assert.All(compared.Effects, e =>
        {
            Estimate expected = SeedInterval.Of([.. e.First.PerSeed.Zip(e.Second.PerSeed, (a, b) => a - b)]);
            Assert.Equal((ComparisonBasis.Seeds, 2), (e.Basis, e.DegreesOfFreedom));
            Assert.Equal((expected.Mean, expected.Low, expected.High), (e.Difference.Mean, e.Difference.Low, e.Difference.High));
        });
        Assert.Contains(compared.Warnings, w => w.Contains("does not allow for other images", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_not_take_measurements_that_do_not_give_the_findings()
    {
        string changed = studies.Copy(studies.Weight, "changed");
        string table = Directory.GetFiles(Path.Combine(changed, "measurements"), "fidelity.test.csv", SearchOption.AllDirectories).Single();
        string[] lines = File.ReadAllLines(table);
        int column = Array.FindIndex(lines[0].Split(','), h => h.StartsWith("agreement/kl/0/own", StringComparison.Ordinal));
        string[] cells = lines[1].Split(',');
        cells[column] = cells[column] == "1" ? "0" : "1";
        File.WriteAllLines(table, [lines[0], string.Join(',', cells), .. lines[2..]]);

        Assert.All(StudyComparer.Compare(studies.First, changed).Effects, e => Assert.Equal(ComparisonBasis.Seeds, e.Basis));
    }

    [Fact]
    public void Should_take_other_seeds_as_independent_samples()
    {
        StudyComparison compared = StudyComparer.Compare(studies.First, studies.Seeds);

        Assert.Equal([3, 4], compared.Second.Seeds);
        Assert.All(compared.Effects, e =>
        {
            (Estimate expected, double freedom) = WelchInterval.Of(e.First.PerSeed, e.Second.PerSeed);
            Assert.Equal((ComparisonBasis.IndependentSeeds, freedom, expected.Low, expected.High), (e.Basis, e.DegreesOfFreedom, e.Difference.Low, e.Difference.High));
            Assert.Empty(e.Seeds);
            Assert.True(e.Preliminary);
        });
        Assert.Contains(compared.Warnings, w => w.Contains("Welch", StringComparison.Ordinal));
        Assert.Contains(compared.Warnings, w => w.StartsWith("Preliminary", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_pair_the_seeds_that_both_have_where_they_are_enough()
    {
        StudyComparison compared = StudyComparer.Compare(studies.First, studies.More), all = StudyComparer.Compare(studies.First, studies.Weight);

        Assert.All(compared.Effects, e =>
        {
            Assert.Equal(ComparisonBasis.SeedsAndImages, e.Basis);
            Assert.Equal([0, 1, 2], e.Seeds);
            EffectComparison same = all.Effects.Single(a => (a.Measure, a.Method) == (e.Measure, e.Method));
            Assert.Equal((same.Difference.Mean, same.Difference.Low, same.Difference.High), (e.Difference.Mean, e.Difference.Low, e.Difference.High));
        });
        Assert.Contains(compared.Warnings, w => w.StartsWith("Differences rest on the seeds that both studies have (0, 1, 2)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("  test: 40", "  test: 30", "data.test 40 and 30")]
    [InlineData("fingerprint: ", "fingerprint: x", "data.fingerprint ")]
    [InlineData("name: idx", "name: mnist", "data.name idx and mnist")]
    public void Should_refuse_other_test_images_by_name(string old, string replacement, string message)
    {
        string other = studies.CopyWith(studies.First, "images", old, replacement);

        var refused = Assert.Throws<StudiesNotComparableException>(() => StudyComparer.Compare(studies.First, other));
        Assert.Contains("expected the same test images in both, found", refused.Message, StringComparison.Ordinal);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_warn_of_other_training_images_and_compare_nothing_of_an_analysis_that_measured_otherwise()
    {
        string split = studies.CopyWith(studies.First, "split", "split-seed: 0", "split-seed: 1");
        Assert.Contains(StudyComparer.Compare(studies.First, split).Warnings, w => w == "The students learnt from other images: data.split-seed 0 and 1.");

        // Fidelity has no options, so an analysis of another kind stands in for one that was asked otherwise.
        string otherwise = studies.CopyWith(studies.First, "otherwise", "- fidelity", "- fidelity: { images: 5 }");
        var refused = Assert.Throws<StudiesNotComparableException>(() => StudyComparer.Compare(studies.First, otherwise));
        Assert.Contains("fidelity: its options differ: analyses.fidelity.images not given and 5.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_name_findings_without_an_effect()
    {
        string none = studies.Copy(studies.First, "none");
        StudyResults results = StudyResultsFile.Read(none);
        Finding[] findings = [results.Findings[0] with { Effect = null, Verdict = Verdict.NotApplicable, Reason = "The teacher lacks it." }, results.Findings[1] with { HigherIsCloser = !results.Findings[1].HigherIsCloser }, .. results.Findings.Skip(2)];
        File.WriteAllText(Path.Combine(none, "findings.json"), JsonSerializer.Serialize(results with { Findings = findings }, StudyResultsJson.Default.StudyResults));

        StudyComparison compared = StudyComparer.Compare(studies.First, none);

        Assert.Equal(2, compared.Effects.Count);
        Assert.Contains(compared.NotCompared, n => n.Reason == "not applicable in 'tiny': The teacher lacks it.");
        Assert.Contains(compared.NotCompared, n => n.Reason.StartsWith("closer to the teacher is ", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_say_which_file_of_a_folder_is_missing_or_broken()
    {
        string broken = studies.Copy(studies.First, "broken");
        File.WriteAllText(Path.Combine(broken, "study.resolved.yaml"), "a: [");
        Assert.Contains("study.resolved.yaml", Assert.Throws<InvalidDataException>(() => StudyComparer.Compare(studies.First, broken)).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(broken, "study.resolved.yaml"));
        Assert.Contains("study.resolved.yaml", Assert.Throws<FileNotFoundException>(() => StudyComparer.Compare(studies.First, broken)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(broken, "findings.json"), "{ \"format\": 1 }");
        Assert.Contains("findings.json", Assert.Throws<InvalidDataException>(() => StudyComparer.Compare(studies.First, broken)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => StudyComparer.Compare(studies["nowhere"], studies.First));
    }

    [Fact]
    public void Should_write_what_it_found_as_json()
    {
        using JsonDocument json = JsonDocument.Parse(StudyComparer.Compare(studies.First, studies.Weight).ToJson());

        JsonElement root = json.RootElement, effect = root.GetProperty("effects")[0];
        Assert.Equal(1, root.GetProperty("format").GetInt32());
        Assert.Equal(("tiny", "light"), (root.GetProperty("first").GetProperty("name").GetString(), root.GetProperty("second").GetProperty("name").GetString()));
        Assert.Equal(("fidelity", "seeds-and-images"), (effect.GetProperty("analysis").GetString(), effect.GetProperty("basis").GetString()));
        Assert.Equal(3, effect.GetProperty("difference").GetProperty("perSeed").GetArrayLength());
        Assert.False(effect.TryGetProperty("label", out _));
    }
}
