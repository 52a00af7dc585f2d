using System.Globalization;
using DistillSharp.Data;
using DistillSharp.Distillation;
using DistillSharp.Torch;

namespace DistillSharp.Training;

/// <summary>
/// The losses and hits of an epoch. Each step writes one row on the device, without waiting for it; rows are read a stretch
/// at a time and summed in order in float64, so that the sums do not depend on when they were read.
/// </summary>
internal sealed class LossLedger : IDisposable
{
    private readonly Tensor _rows;
    private readonly double[] _sums;
    private readonly List<TrainingPosition> _unread = [];
    private int _batches;

    public LossLedger(IEnumerable<string> termNames, int batchesPerEpoch)
    {
        TermNames = termNames.ToArray();
        _sums = new double[TermNames.Count + 3];
        using GradModeScope noGrad = Autograd.NoGrad();
        _rows = Operators.Zeros([batchesPerEpoch, _sums.Length], DType.Float64).Unscoped();
    }

    public IReadOnlyList<string> TermNames { get; }

    /// <summary>The state between two reads, for checkpoints: everything has been read.</summary>
    public string State => string.Join(';', [string.Join(',', TermNames), _batches.ToString(CultureInfo.InvariantCulture), .. _sums.Select(s => s.ToString("R", CultureInfo.InvariantCulture))]);

    /// <exception cref="FormatException">The text is no such state.</exception>
    public static LossLedger FromState(string state, int batchesPerEpoch)
    {
        string[] parts = state.Split(';');
        int terms = parts[0].Split(',').Length;
        if (parts.Length != terms + 5)
        {
            throw new FormatException($"Expected the sums of {terms} loss terms in {terms + 5} parts, found {parts.Length} parts.");
        }

        int batches = int.Parse(parts[1], CultureInfo.InvariantCulture);
        double[] sums = Array.ConvertAll(parts[2..], s => double.Parse(s, CultureInfo.InvariantCulture));
        var ledger = new LossLedger(parts[0].Split(','), batchesPerEpoch)
        {
            _batches = batches,
        };
        sums.CopyTo(ledger._sums, 0);
        return ledger;
    }

    public void Record(ImageBatch batch, IReadOnlyList<LossTerm> terms, Tensor loss, Tensor logits)
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        var values = new Tensor[terms.Count + 3];
        for (int i = 0; i < terms.Count; i++)
        {
            values[i] = terms[i].Value.Detach().To(DType.Float64);
        }

        values[^3] = loss.Detach().To(DType.Float64);
        values[^2] = logits.Argmax(1).Eq(batch.Targets).Sum().To(DType.Float64);
        values[^1] = batch.Targets.Ne(ImageDataset.NoLabel).Sum().To(DType.Float64);
        _rows.Select(0, _unread.Count).CopyInPlace(Operators.Stack(values));
        _unread.Add(new TrainingPosition(batch.Epoch, batch.Index));
    }

    public (double Loss, double Accuracy) Read(string run)
    {
        using var scope = new TensorScope();
        double[] rows = _unread.Count == 0 ? [] : _rows.Rows(0, _unread.Count).ToArray<double>();
        for (int row = 0; row < _unread.Count; row++)
        {
            for (int column = 0; column < _sums.Length; column++)
            {
                double value = rows[(row * _sums.Length) + column];
                if (!double.IsFinite(value))
                {
                    string term = column < TermNames.Count ? TermNames[column] : "sum of all terms";
                    throw NonFiniteLossException.OfLoss(run, _unread[row], term, value);
                }

                _sums[column] += value;
            }
        }

        _batches += _unread.Count;
        _unread.Clear();
        return _batches == 0 ? (double.NaN, double.NaN) : (_sums[^3] / _batches, _sums[^2] / _sums[^1]);
    }

    public EpochMetrics CloseEpoch(int epoch, double learningRate, double validationLoss, double validationAccuracy)
    {
        var metrics = new EpochMetrics(
            epoch,
            learningRate,
            _sums[^3] / _batches,
            _sums[..^3].Select(s => s / _batches).ToArray(),
            _sums[^2] / _sums[^1],
            validationLoss,
            validationAccuracy);
        Array.Clear(_sums);
        _batches = 0;
        return metrics;
    }

    public void Dispose() => _rows.Dispose();
}
