using DistillSharp.Models;
using DistillSharp.Torch;
using DistillSharp.Training;

namespace DistillSharp.Tests.Training;

/// <summary>The teacher only answers; defects that public implementations have had, each with its name.</summary>
public sealed class TeacherTests : IDisposable
{
    private readonly TrainingBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Should_Leave_The_Teacher_As_It_Was()
    {
        using TrainingGroup group = _bench.Group(_bench.Run("kl"), _bench.Run("hint"), _bench.Run("crd"));
        FrozenTeacher teacher = group.Teacher!;
        Dictionary<string, byte[]> before = Bits(teacher);
        new Trainer(TrainingBench.Options()).Train([group], _bench.Validation);
        Assert.Equal(before, Bits(teacher));
        Assert.All(teacher.Network.Parameters(), p => Assert.False(p.RequiresGrad));
        Assert.All(teacher.Network.Parameters(), p => Assert.Null(p.Grad));
    }

    [Fact]
    public void Should_Fold_The_Batch_Norms()
    {
        using FrozenTeacher teacher = _bench.Teacher();
        Assert.Equal(2, teacher.FoldedNorms);
    }

    [Fact]
    public void Should_Answer_With_Layers_That_Give_Out_The_Same_Value_And_Give_Memory_Back()
    {
        var task = new ImageTask(1, 8, 8, 3);
        long before = Tensor.LiveCount;
        using (var teacher = new FrozenTeacher(
            new ImageClassifier(ModelZoo.Create("resnet8", task, 1), [0.5], [0.5]),
            ["layer1", "layer1.0", "layer1.0.preact", "layer1.0.bn2", "layer1.0.conv1", "layer3.0.preact"]))
        using (Tensor images = Operators.Ones([2, 1, 8, 8]))
        {
            // The tapped convolution keeps its norm apart; the other eight are folded.
            Assert.Equal(8, teacher.FoldedNorms);
            using TeacherAnswer answer = teacher.Answer(images);
            using var scope = new TensorScope();
            Assert.True(answer.Taps["layer1"].Equal(answer.Taps["layer1.0"]));
            Assert.True(answer.Taps["layer1.0.preact"].Relu().Equal(answer.Taps["layer1"]));
            Assert.True(answer.Taps["layer3.0.preact"].Min().Item() < 0);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_Refuse_To_Answer_In_Training_Mode_Regression_Teacher_Left_In_Train_Mode()
    {
        using FrozenTeacher teacher = _bench.Teacher();
        using Tensor images = Operators.Zeros([2, 1, LearnableImages.Size, LearnableImages.Size]);
        Assert.All(teacher.Network.NamedModules(), m => Assert.False(m.Value.IsTraining, m.Key));
        teacher.Answer(images).Dispose();
        teacher.Network.Train();
        Assert.Contains("training mode", Assert.Throws<InvalidOperationException>(() => teacher.Answer(images)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Train_On_In_Training_Mode_Regression_Student_Left_In_Eval_Mode_After_Validation()
    {
        TrainingRun? run = null;
        var modes = new List<bool>();
        run = _bench.Run("kl", epochs: 3, wrap: m => new SpyMethod(m, _ => modes.Add(run!.Classifier.Network.NamedModules().All(p => p.Value.IsTraining))));
        _bench.Train(TrainingBench.Options(), run);
        Assert.Equal(Enumerable.Repeat(true, 12), modes);
    }

    [Fact]
    public void Should_Ask_The_Teacher_Once_A_Batch_For_All_Students_Of_A_Seed()
    {
        using TrainingGroup group = _bench.Group(_bench.Run("independent"), _bench.Run("kl"), _bench.Run("hint"), _bench.Run("crd"));
        int asked = 0;
        group.Teacher!.Network.AddTap(_ => Interlocked.Increment(ref asked));
        new Trainer(TrainingBench.Options()).Train([group], _bench.Validation);

        // 2 epochs of 4 batches, and the sample batch that the methods are built from.
        Assert.Equal(9, asked);
    }

    [Fact]
    public void Should_Not_Ask_The_Teacher_Where_Only_Independent_Students_Are_Left()
    {
        using TrainingGroup group = _bench.Group(_bench.Run("independent", epochs: 3), _bench.Run("kl", epochs: 1));
        int asked = 0;
        group.Teacher!.Network.AddTap(_ => Interlocked.Increment(ref asked));
        new Trainer(TrainingBench.Options()).Train([group], null);
        Assert.Equal(5, asked);
    }

    private static Dictionary<string, byte[]> Bits(FrozenTeacher teacher) =>
        teacher.Network.StateDict().ToDictionary(p => p.Key, p => p.Value.DType.IsFloatingPoint()
            ? p.Value.ToArray<float>().SelectMany(BitConverter.GetBytes).ToArray()
            : p.Value.ToArray<long>().SelectMany(BitConverter.GetBytes).ToArray());
}
