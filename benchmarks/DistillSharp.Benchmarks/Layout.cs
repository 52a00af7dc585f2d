using DistillSharp.Data;
using DistillSharp.Models;
using DistillSharp.Torch;
using DistillSharp.Training;

namespace DistillSharp.Benchmarks;

/// <summary>
/// Row-major (NCHW) and channels-last side by side for every network for small images, or those named: a training step at batch 64, and a forward pass of slices of
/// 200 and 500. The two layouts take turns, so that what else the machine does falls on both.
/// </summary>
internal static class Layout
{
    private const int Rounds = 3;
    private static readonly (string Way, MemoryFormat Format)[] Layouts = [("nchw", MemoryFormat.Contiguous), ("channels-last", MemoryFormat.ChannelsLast)];

    public static void Run(int threads, string[] networks)
    {
        TorchRuntime.Threads = threads;
        foreach (ModelFamily family in ModelZoo.All.Where(f => networks.Length == 0 ? f.Group == ModelGroup.SmallImages : networks.Contains(f.Name)))
        {
            int side = family.Name is "convnet" or "lenet5" ? 28 : 32;
            var work = new Workload(side == 28 ? 1 : 3, side, 1_000);
            Training(family.Name, work, threads);
            Forward(family.Name, work, 200, threads);
            Forward(family.Name, work, 500, threads);
        }
    }

    private static void Training(string network, Workload work, int threads)
    {
        using var scope = new TensorScope();
        using var batches = BatchStream.ForTraining(work.Data, null, Workload.BatchSize, 1);
        ImageBatch batch = batches.Batch(0, 0);
        TrainingRun[] runs = Array.ConvertAll(Layouts, l => work.Run("independent", null, network, layout: l.Format));
        foreach (TrainingRun run in runs)
        {
            run.Start(batch, null, new MethodSize(work.Data.Count, work.Task.Classes, batches.BatchCount));
        }

        TakeTurns($"train-{network}", threads, i =>
        {
            runs[i].Step(batch, null);
            runs[i].ReadProgress();
        });
        Array.ForEach(runs, run => run.Dispose());
    }

    private static void Forward(string network, Workload work, int slice, int threads)
    {
        using var scope = new TensorScope();
        ImageClassifier[] models = Array.ConvertAll(Layouts, l => work.Classifier(network, layout: l.Format));
        Tensor images = work.Data.Images.Rows(0, slice);
        TakeTurns($"forward{slice}-{network}", threads, i => models[i].Evaluate(images, slice).Dispose());
        Array.ForEach(models, model => model.Dispose());
    }

    private static void TakeTurns(string name, int threads, Action<int> once)
    {
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < Layouts.Length; i++)
            {
                int layout = i;
                Clock.Report(name, Layouts[i].Way, threads, Clock.Measure(() => once(layout), seconds: 0.2, fewest: 2, warmUp: 1));
            }
        }
    }
}
