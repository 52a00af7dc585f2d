using DistillSharp.Data;
using DistillSharp.Torch;

namespace DistillSharp.Studies;

/// <summary>The batches that runs train on: the study's own images, or what its students are distilled on.</summary>
internal sealed class TransferBatches : IDisposable
{
    private const ulong NoiseSeed = 0;

    private readonly StudyDefinition _study;
    private readonly StudyCatalog _catalog;
    private readonly TrainTestData _data;
    private readonly DatasetSplit _split;
    private ImageDataset? _transfer;
    private (Tensor Teacher, Tensor Student)? _halves;

    public TransferBatches(StudyDefinition study, StudyCatalog catalog, TrainTestData data, DatasetSplit split) =>
        (_study, _catalog, _data, _split) = (study, catalog, data, split);

    /// <summary>The labelled images that students learn from: all training images, or their half.</summary>
    public Tensor StudentImages => _study.Students.Data.Name == TransferKinds.Halves ? Halves.Student : _split.Train;

    private (Tensor Teacher, Tensor Student) Halves => _halves ??= Halve();

    /// <summary>The batches of a group; every kind of data gives epochs of as many steps as labelled images do.</summary>
    public BatchStream Batches(TransferDefinition data, PlannedRun run)
    {
        var augmentation = Augmentation.From((run.Augmentation ?? _study.Data.Augmentation).Options);
        int batch = run.Budget.BatchSize;
        ulong seed = (ulong)run.Seed;
        return data.Name switch
        {
            TransferKinds.Own => BatchStream.ForTraining(_data.Train, _split.Train, batch, seed, augmentation),
            TransferKinds.Halves => BatchStream.ForTraining(_data.Train, run.IsStudent ? Halves.Student : Halves.Teacher, batch, seed, augmentation),
            TransferKinds.Mixup => BatchStream.ForTraining(_data.Train, _split.Train, batch, seed, augmentation, mix: true),
            _ => BatchStream.ForTraining(_transfer ??= MakeTransfer(data), null, batch, seed, augmentation, epochImages: _split.TrainCount),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _transfer?.Dispose();
        _halves?.Teacher.Dispose();
        _halves?.Student.Dispose();
    }

    private ImageDataset MakeTransfer(TransferDefinition data)
    {
        using var scope = new TensorScope();
        bool isCounted = data.Options.Has("images");
        if (data.Name == TransferKinds.Noise)
        {
            int count = isCounted ? data.Options.Integer("images") : _split.TrainCount;
            return TransferSet.Unlabelled(_data.Train, TransferSet.Noise(_data.Train, count, NoiseSeed));
        }

        if (data.Name == TransferKinds.Other)
        {
            return TransferSet.Unlabelled(_data.Train, _catalog.Load(data.Options.Text("set"), data.Path, data.Reading.Options).Train.Images);
        }

        ImageDataset source = data.Options.Has("set") ? _catalog.Load(data.Options.Text("set"), data.Path, data.Reading.Options).Train : _data.Train;
        Tensor extra = data.Options.Has("set") ? Drawn(source, data, isCounted) : Rest(data, isCounted);
        return TransferSet.WithExtra(_data.Train, _split.Train, source.Images.IndexSelect(0, extra));
    }

    private static Tensor Drawn(ImageDataset source, TransferDefinition data, bool isCounted) => isCounted
        ? Tensor.From(DatasetSplit.Draw(source, data.Options.Integer("images"), NoiseSeed)).To(null, source.Device)
        : Operators.Arange(source.Count, DType.Int64, source.Device);

    // What the study neither trains nor validates on, in an order drawn by the split's seed.
    private Tensor Rest(TransferDefinition data, bool isCounted)
    {
        var used = _split.Train.ToArray<long>().Concat(_split.Validation.ToArray<long>()).ToHashSet();
        long[] rest = Enumerable.Range(0, _data.Train.Count).Select(i => (long)i).Where(i => !used.Contains(i)).ToArray();
        long[] order = new SeedStream((ulong)_study.Data.SplitSeed).Random("rest").Permutation(rest.Length);
        int count = isCounted ? data.Options.Integer("images") : rest.Length;
        return Tensor.From(order.Take(count).Select(i => rest[i]).ToArray()).To(null, _data.Train.Device);
    }

    private (Tensor Teacher, Tensor Student) Halve()
    {
        using var scope = new TensorScope();
        int half = _split.TrainCount / 2;
        Tensor order = Tensor.From(new SeedStream((ulong)_study.Data.SplitSeed).Random("halves").Permutation(_split.TrainCount)).To(null, _data.Train.Device);
        return (
            _split.Train.IndexSelect(0, order.Rows(0, half)).Unscoped(),
            _split.Train.IndexSelect(0, order.Rows(half, 2 * half)).Unscoped());
    }
}
