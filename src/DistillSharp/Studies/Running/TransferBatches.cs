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
    private readonly Dictionary<(SelectionDefinition Images, bool IsStudent), Tensor> _selected = [];
    private ImageDataset? _transfer;
    private (Tensor Teacher, Tensor Student)? _halves;

    public TransferBatches(StudyDefinition study, StudyCatalog catalog, TrainTestData data, DatasetSplit split) =>
        (_study, _catalog, _data, _split) = (study, catalog, data, split);

    /// <summary>The labelled images that students learn from: all training images, their half, or those that the study selects.</summary>
    public Tensor StudentImages => Own(_study.Students.Images, isStudent: true);

    private (Tensor Teacher, Tensor Student) Halves => _halves ??= Halve();

    /// <summary>The batches of a group; every kind of data gives epochs of as many steps as labelled images do.</summary>
    public BatchStream Batches(TransferDefinition data, PlannedRun run)
    {
        var augmentation = Augmentation.From((run.Augmentation ?? _study.Data.Augmentation).Options);
        int batch = run.Budget.BatchSize;
        ulong seed = (ulong)run.Seed;
        return data.Name switch
        {
            TransferKinds.Own or TransferKinds.Halves => BatchStream.ForTraining(_data.Train, Own(run.Images, run.IsStudent), batch, seed, augmentation),
            TransferKinds.Mixup => BatchStream.ForTraining(_data.Train, Own(run.Images, run.IsStudent), batch, seed, augmentation, mix: true),
            _ => BatchStream.ForTraining(_transfer ??= MakeTransfer(data), null, batch, seed, augmentation, epochImages: (int)StudentImages.ElementCount),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _transfer?.Dispose();
        _halves?.Teacher.Dispose();
        _halves?.Student.Dispose();
        foreach (Tensor selected in _selected.Values)
        {
            selected.Dispose();
        }
    }

    private Tensor Own(SelectionDefinition? images, bool isStudent)
    {
        Tensor all = _study.Students.Data.Name != TransferKinds.Halves ? _split.Train : isStudent ? Halves.Student : Halves.Teacher;
        if (images is null)
        {
            return all;
        }

        if (!_selected.TryGetValue((images, isStudent), out Tensor? selected))
        {
            selected = Select(images, all.ToArray<long>());
            _selected.Add((images, isStudent), selected);
        }

        return selected;
    }

    // One order for all selections: a teacher and a student that both want some images of a value share as many as they can.
    private Tensor Select(SelectionDefinition images, long[] all)
    {
        ImageAttribute attribute = _data.Train.Attributes.First(a => a.Name == images.Attribute);
        long[] order = new SeedStream((ulong)_study.Data.SplitSeed).Random("images").Permutation(all.Length);
        var taken = new List<long>();
        foreach (SelectedValue value in images.Values)
        {
            int code = attribute.ValueNames.ToList().IndexOf(value.Name);
            long[] found = [.. order.Select(i => all[i]).Where(i => attribute.Values[(int)i] == code).Take(value.Count ?? int.MaxValue)];
            if (found.Length < value.Count)
            {
                throw new ArgumentException($"{value.Count} training images with '{images.Attribute}' = '{value.Name}' are wanted, and what the study trains on has {found.Length}: give 'data.train' more images, or 'images' fewer.");
            }

            taken.AddRange(found);
        }

        taken.Sort();
        using var scope = new TensorScope();
        return Tensor.From(taken.ToArray()).To(null, _data.Train.Device).Unscoped();
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
        return TransferSet.WithExtra(_data.Train, StudentImages, source.Images.IndexSelect(0, extra));
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
