using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Benchmarks;

/// <summary>Forward passes in evaluation mode over 1,000 images in slices, as analyses make them, with batch norms apart and folded.</summary>
internal static class Inference
{
    private const int Images = 1_000;

    public static void Run(int threads)
    {
        TorchRuntime.Threads = threads;
        Measure("convnet", new Workload(1, 28, Images), [32, 64, 128], threads);
        Measure("resnet20", new Workload(3, 32, Images), null, threads);
    }

    private static void Measure(string network, Workload work, long[]? widths, int threads)
    {
        using var scope = new TensorScope();
        foreach (int slice in new[] { 64, 100, 200, 500 })
        {
            using ImageClassifier classifier = work.Classifier(network, widths);
            classifier.Network.Eval();
            Clock.Report($"{network}-{slice}", "ours", threads, Time(classifier, work, slice));
            BatchNormFolding.Fold(classifier.Network, []);
            Clock.Report($"{network}-{slice}", "ours-folded", threads, Time(classifier, work, slice));
        }
    }

    private static (double Fastest, double Median, double Processor) Time(ImageClassifier classifier, Workload work, int slice) =>
        Clock.Measure(() => classifier.Evaluate(work.Data.Images, slice).Dispose());
}
