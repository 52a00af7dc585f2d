using DistillSharp.Configuration;
using DistillSharp.Data;
using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Training;

/// <summary>The ten lines: train a teacher, distil a student by one method or several, use what comes back.</summary>
public sealed class DistillerTests : IDisposable
{
    private static readonly DistillerOptions Options = new() { Epochs = 12, BatchSize = 16, Seed = 1 };
    private readonly string _folder = Directory.CreateTempSubdirectory("distillsharp-ten-").FullName;
    private readonly TrainTestData _data;

    public DistillerTests()
    {
        TorchRuntime.EnsureStarted();
        LearnableImages.Write(_folder, train: 128, test: 16);
        _data = IdxDataset.Any.Load(_folder);
    }

    public void Dispose()
    {
        _data.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Should_distil_by_one_method_or_by_several()
    {
        long before = LiveTensors.Settled();
        using (ImageClassifier teacher = Distiller.Train(Net(6, 8), _data, Options))
        using (ImageClassifier alone = Distiller.Train(Net(4, 8), _data, Options))
        using (ImageClassifier one = Distiller.Distill(teacher, Net(4, 8), _data, "kl", Options))
        using (ImageClassifier again = Distiller.Distill(teacher, Net(4, 8), _data, "kl", Options))
        using (ImageClassifier both = Distiller.Distill(teacher, Net(4, 8), _data, ["kl", "hint"], Options))
        {
            using var scope = new TensorScope();
            Tensor answers = one.Evaluate(_data.Test.Images);
            Assert.True(answers.Equal(again.Evaluate(_data.Test.Images)));
            Assert.False(answers.Equal(both.Evaluate(_data.Test.Images)));
            Assert.False(answers.Equal(alone.Evaluate(_data.Test.Images)));
            Tensor wanted = teacher.Evaluate(_data.Test.Images);
            Assert.InRange(ClassificationMetrics.Agreement(wanted, answers), 0.5, 1);
            Assert.False(one.Network.IsTraining);
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_name_what_does_not_exist()
    {
        using ImageClassifier teacher = Distiller.Train(Net(4, 8), _data, Options with { Epochs = 1 });
        Assert.Contains("'hint'", Assert.Throws<ArgumentException>(() => Distiller.Distill(teacher, Net(4, 8), _data, "hin", Options)).Message, StringComparison.Ordinal);
        Assert.Contains("'convnet'", Assert.Throws<ArgumentException>(() => Distiller.Train("convnot", _data, Options)).Message, StringComparison.Ordinal);
    }

    private static Choice Net(params long[] widths) => new("convnet") { ["widths"] = widths };
}
