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
        Assert.Throws<ArgumentException>(() => new ImageSet(Operators.Zeros([2, 1, 4, 4]), Operators.Zeros([2], DType.Int64), [7]));
    }

    [Fact]
    public void Regression_Tables_Name_Images_By_Their_Index_In_The_Data_Set()
    {
        using var scope = new TensorScope();
        using var fixture = new SubjectFixture((own, _, seed) => TinyClassifiers.Copy(own, (ulong)seed), images: 40);
        int[] indices = [.. Enumerable.Range(0, 40).Select(i => (7 * i) + 3)];
        using var subject = new AnalysisSubject
        {
            Teacher = fixture.Subject.Teacher,
            Seeds = fixture.Subject.Seeds,
            Independent = fixture.Subject.Independent,
            Students = fixture.Subject.Students,
            Test = new ImageSet(fixture.Subject.Test.Images, fixture.Subject.Test.Labels, indices),
            ClassNames = fixture.Subject.ClassNames,
            SavePicture = fixture.Subject.SavePicture,
        };

        Assert.Equal(indices, new FidelityAnalysis().Measure(subject, ReviewedMeasurements.Options("fidelity")).Table("test").Images);
        Assert.All(
            new LocalizationAnalysis().Measure(subject, ReviewedMeasurements.Options("localization", new() { ["images"] = 10 })).Table("test").Images,
            i => Assert.Equal(3, i % 7));
        Assert.Equal(Enumerable.Range(0, 40), fixture.Subject.Test.Indices);
    }

    [Fact]
    public void Regression_The_Strength_Of_Attacks_Is_Found_On_A_Random_Part_And_Not_The_First_Images()
    {
        using var scope = new TensorScope();
        using var sample = new ImageSample(TinyClassifiers.Images(400, 1), 300);

        using ImageSample part = sample.Part(50);
        using ImageSample again = sample.Part(50);
        using ImageSample whole = sample.Part(1000);

        Assert.Equal(part.Indices, again.Indices);
        Assert.Equal(50, part.Indices.Intersect(sample.Indices).Count());
        Assert.InRange(part.Indices.Count(i => i >= sample.Indices[150]), 15, 35);
        Assert.Equal(sample.Indices, whole.Indices);
    }
}
