using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

public sealed class AnalysisSubjectTests
{
    [Fact]
    public void Should_Evaluate_Each_Model_Once_For_All_Analyses()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 40);

        Tensor first = fixture.Subject.CleanLogits(fixture.Subject.Teacher, fixture.Subject.Test);
        fixture.Analyse("fidelity");
        fixture.Analyse("localization", new() { ["pictures"] = 0 });
        Tensor second = fixture.Subject.CleanLogits(fixture.Subject.Teacher, fixture.Subject.Test);

        Assert.Same(first, second);
        Assert.False(first.IsDisposed);
    }

    [Fact]
    public void Regression_A_Student_Is_Not_Left_In_Evaluation_Mode_And_Keeps_The_Mode_Of_Each_Part()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 40);
        ImageModel network = fixture.Subject.Teacher.Network;
        network.Find("conv").Eval();
        using (var scope = new TensorScope())
        {
            ImageSet set = fixture.Subject.Test;
            GradCam.Maps(network, "map", ImageClassifier.ToUnitRange(set.Images), set.Labels);
            IterativeFgsm.Perturb(network, ImageClassifier.ToUnitRange(set.Images), set.Labels, new AttackBudget(0.1, 0.05, 2));
        }

        Assert.True(network.IsTraining);
        Assert.False(network.Find("conv").IsTraining);
        Assert.True(network.Find("map").IsTraining);
    }

    [Fact]
    public void Should_Refuse_Labels_That_Are_Reserved_Or_Occur_Twice()
    {
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 4);
        StudentGroup group = fixture.Subject.Students[0];
        AnalysisSubject Make(params StudentGroup[] groups) => new()
        {
            Teacher = fixture.Subject.Teacher,
            Seeds = [1],
            Independent = fixture.Subject.Independent,
            Students = groups,
            Test = fixture.Subject.Test,
            ClassNames = fixture.Subject.ClassNames,
            SavePicture = fixture.Subject.SavePicture,
        };

        Assert.Throws<ArgumentException>(() => Make(group with { Method = "independent" }));
        Assert.Throws<ArgumentException>(() => Make(group, group));
        Assert.Contains("'fidelity'", Assert.Throws<ArgumentException>(() => AnalysisRegistry.Get("fidelty")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_Images_And_Labels_That_Do_Not_Fit()
    {
        using var scope = new TensorScope();

        Assert.Throws<ArgumentException>(() => new ImageSet(Operators.Zeros([2, 1, 4, 4]), Operators.Zeros([3], DType.Int64)));
        Assert.Throws<ArgumentException>(() => new ImageSet(Operators.Zeros([0, 1, 4, 4]), Operators.Zeros([0], DType.Int64)));
    }
}
