using DistillSharp.Studies;
using DistillSharp.Studies.Results;

namespace DistillSharp.Tests.Studies.Running;

public class StudyEvidenceTests
{
    private static readonly Estimate Some = new(0.05, 0.02, 0.08, [0.04, 0.05, 0.06]);

    [Theory]
    [InlineData(0.90, 0.88, false)]
    [InlineData(0.90, 0.875, true)]
    [InlineData(0.875, 0.90, true)]
    [InlineData(0.90, double.NaN, true)]
    public void Should_mark_findings_that_rest_on_unequal_teachers(double own, double other, bool unequal)
    {
        Finding finding = Weigh(Inherited, own, other);

        Assert.Equal(Verdict.Inherited, finding.Verdict);
        Assert.Equal(unequal, finding.Preliminary);
        Assert.Equal(unequal, finding.Reason.StartsWith("Because. Control unequal: the teacher has ", StringComparison.Ordinal));
        Assert.Equal(unequal, finding.Notes.Count == 1);
    }

    [Fact]
    public void Should_name_both_accuracies()
    {
        Finding finding = Weigh(Inherited, 0.90, 0.84);

        Assert.EndsWith("the teacher has 90.0 % of the test images right, the other teacher 84.0 %.", finding.Reason, StringComparison.Ordinal);
        Assert.Contains("the teacher has 90.0 % of the test images right, the other teacher 84.0 %.", Assert.Single(finding.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_leave_findings_without_the_control()
    {
        Finding alone = Inherited with { OwnMinusOther = null, Verdict = Verdict.Regularised };

        Assert.Same(alone, Weigh(alone, 0.90, 0.50));
        Assert.Same(Inherited, Assert.Single(StudyEvidence.Weigh([Inherited], [Model(RunRole.Teacher, 0.9)], 3)));
    }

    [Fact]
    public void Should_mark_findings_that_lost_a_seed_of_the_study()
    {
        Finding finding = Weigh(Inherited, 0.9, 0.9, seeds: 4);

        Assert.True(finding.Preliminary);
        Assert.StartsWith("Preliminary: the verdict rests on 3 of 4 seeds.", Assert.Single(finding.Notes), StringComparison.Ordinal);
        Assert.False(Weigh(Inherited with { Verdict = Verdict.NotApplicable, OwnMinusOther = null }, 0.9, 0.9, seeds: 4).Preliminary);
    }

    [Theory]
    [InlineData(true, 0.90, 0.89, false)]
    [InlineData(true, 0.90, 0.87, true)]
    [InlineData(false, 0.90, 0.89, true)]
    public void Should_compare_teachers_of_control_students_on_what_students_are_shown(bool otherIsStudent, double own, double other, bool unequal)
    {
        // Only the first teacher saw a second domain, so it is far better on all test images.
        ModelResult[] models =
        [
            Model(RunRole.Teacher, 0.88) with { SeenAccuracy = own },
            Model(RunRole.OtherTeacher, 0.55) with { SeenAccuracy = other },
        ];

        Finding finding = Assert.Single(StudyEvidence.Weigh([Inherited with { OtherIsStudent = otherIsStudent }], models, 3));

        Assert.Equal(unequal, finding.Preliminary);
        Assert.Equal(unequal && otherIsStudent, finding.Reason.Contains("the kinds that students learn from", StringComparison.Ordinal));
    }

    private static Finding Inherited { get; } = new(
        "fidelity", "agreement-test", "Agreement", "?", "share", true, "kl", [0, 1, 2], 100, 1, Some, null, Some, Some, Some, Some,
        Verdict.Inherited, false, "Because.", []);

    private static Finding Weigh(Finding finding, double own, double other, int seeds = 3) =>
        Assert.Single(StudyEvidence.Weigh([finding], [Model(RunRole.Teacher, own), Model(RunRole.OtherTeacher, other)], seeds));

    private static ModelResult Model(RunRole role, double accuracy) => new("run", role.ToName(), "none", 0, "convnet", 1, accuracy, 0, 0, accuracy, 0);
}
