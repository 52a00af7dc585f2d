namespace DistillSharp.Optimization;

/// <summary>
/// The learning rate as a function of how far training has come, so that a resumed run needs no state of its own.
/// Rates change once an epoch, as the recipes of the field have it; a warm-up rises batch by batch.
/// </summary>
/// <param name="baseRate">The full rate.</param>
/// <param name="epochs">Epochs of the whole training.</param>
/// <param name="warmUpEpochs">Epochs over which the rate rises in equal steps from base/steps to base; 0 for none.</param>
public abstract class LearningRateSchedule(double baseRate, int epochs, int warmUpEpochs)
{
    /// <summary>The full rate.</summary>
    protected double BaseRate => baseRate;

    /// <summary>Epochs of the whole training.</summary>
    protected int Epochs => epochs;

    /// <summary>The rate for one batch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="batch">The batch within the epoch, from 0.</param>
    /// <param name="batchesPerEpoch">Batches an epoch has.</param>
    public double Rate(int epoch, int batch, int batchesPerEpoch)
    {
        if (epoch < warmUpEpochs)
        {
            double steps = (double)warmUpEpochs * batchesPerEpoch;
            return baseRate * (((double)epoch * batchesPerEpoch) + batch + 1) / steps;
        }

        return RateAfterWarmUp(epoch - warmUpEpochs, epochs - warmUpEpochs);
    }

    /// <summary>The rate of an epoch, counted from the end of the warm-up.</summary>
    protected abstract double RateAfterWarmUp(int epoch, int epochs);
}

/// <summary>The same rate throughout.</summary>
public sealed class ConstantSchedule(double baseRate, int epochs, int warmUpEpochs = 0) : LearningRateSchedule(baseRate, epochs, warmUpEpochs)
{
    /// <inheritdoc/>
    protected override double RateAfterWarmUp(int epoch, int epochs) => BaseRate;
}

/// <summary>The rate is multiplied by a factor at given epochs (counted from the start of training).</summary>
public sealed class StepSchedule(double baseRate, int epochs, IReadOnlyList<long> milestones, double factor = 0.1, int warmUpEpochs = 0)
    : LearningRateSchedule(baseRate, epochs, warmUpEpochs)
{
    private readonly int _warmUp = warmUpEpochs;

    /// <inheritdoc/>
    protected override double RateAfterWarmUp(int epoch, int epochs) =>
        BaseRate * Math.Pow(factor, milestones.Count(m => epoch + _warmUp >= m));
}

/// <summary>Half a cosine from the base rate towards a least rate (Loshchilov and Hutter 2017, equation 5, without restarts).</summary>
public sealed class CosineSchedule(double baseRate, int epochs, double minimum = 0, int warmUpEpochs = 0) : LearningRateSchedule(baseRate, epochs, warmUpEpochs)
{
    /// <inheritdoc/>
    protected override double RateAfterWarmUp(int epoch, int epochs) =>
        minimum + ((BaseRate - minimum) * (1 + Math.Cos(Math.PI * epoch / epochs)) / 2);
}
