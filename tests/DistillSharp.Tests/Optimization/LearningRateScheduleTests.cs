using DistillSharp.Configuration;
using DistillSharp.Optimization;

namespace DistillSharp.Tests.Optimization;

/// <summary>Rates against values worked out by hand.</summary>
public class LearningRateScheduleTests
{
    [Fact]
    public void Should_fall_at_the_milestones()
    {
        var schedule = new StepSchedule(0.1, 10, [3, 6], 0.5);
        Assert.Equal([0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.025], Epochs(schedule, 10));
    }

    [Fact]
    public void Should_count_milestones_from_the_start_of_training_also_after_a_warm_up() =>
        Assert.Equal([0.2, 0.02, 0.02], Epochs(new StepSchedule(0.2, 5, [3], 0.1, warmUpEpochs: 2), 5).Skip(2).Select(r => Math.Round(r, 12)));

    [Fact]
    public void Should_follow_half_a_cosine()
    {
        double root = Math.Sqrt(0.5);
        double[] rates = Epochs(new CosineSchedule(1, 4), 4);
        Assert.Equal([1, (1 + root) / 2, 0.5, (1 - root) / 2], rates.Select(r => r), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal(0.6, new CosineSchedule(1, 4, minimum: 0.2).Rate(2, 0, 10), 1e-15);
    }

    [Fact]
    public void Should_rise_batch_by_batch_and_then_begin_the_cosine()
    {
        var schedule = new CosineSchedule(1, 6, warmUpEpochs: 2);
        double[] rising = [.. from epoch in new[] { 0, 1 } from batch in Enumerable.Range(0, 4) select schedule.Rate(epoch, batch, 4)];
        Assert.Equal([0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1], rising);
        Assert.Equal(1, schedule.Rate(2, 3, 4));
        Assert.Equal(0.5, schedule.Rate(4, 0, 4), 1e-15);
    }

    [Fact]
    public void Should_stay_the_same() => Assert.Equal([0.3, 0.3], Epochs(new ConstantSchedule(0.3, 2), 2));

    [Fact]
    public void Should_be_made_by_name()
    {
        OptionValues options = new(Recipes.Schedules["step"], new Dictionary<string, object?> { ["milestones"] = new long[] { 1 }, ["factor"] = 0.25 });
        Assert.Equal([0.8, 0.2], Epochs(Recipes.CreateSchedule("step", options, 0.8, 2), 2));
        Assert.Contains("Did you mean 'cosine'", Assert.Throws<ArgumentException>(() => Recipes.CreateSchedule("cosin", options, 1, 1)).Message);
    }

    private static double[] Epochs(LearningRateSchedule schedule, int epochs) => [.. Enumerable.Range(0, epochs).Select(e => schedule.Rate(e, 1, 3))];
}
