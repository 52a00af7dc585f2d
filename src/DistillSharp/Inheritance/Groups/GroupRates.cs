namespace DistillSharp.Inheritance;

/// <summary>How right a model is in each group: accuracy, and for each class the rates that equalised odds compares (Hardt, Price, Srebro 2016).</summary>
internal sealed class GroupRates
{
    private readonly double[] _answers;
    private readonly IReadOnlyList<int> _labels;
    private readonly double[] _groups;

    /// <summary>Takes a model's answers (NaN for none), the true classes and each image's group.</summary>
    public GroupRates(double[] answers, IReadOnlyList<int> labels, double[] groups) => (_answers, _labels, _groups) = (answers, labels, groups);

    /// <summary>The share of a group's images that are classified right, 0 to 1; NaN for a group without answers.</summary>
    public double Accuracy(int group) => Share(group, _ => true, (answer, label) => answer == label);

    /// <summary>Of a group's images of a class the share that is given that class: the true positive rate.</summary>
    public double TruePositiveRate(int group, int label) => Share(group, l => l == label, (answer, _) => answer == label);

    /// <summary>Of a group's images of other classes the share that is given a class: the false positive rate.</summary>
    public double FalsePositiveRate(int group, int label) => Share(group, l => l != label, (answer, _) => answer == label);

    /// <summary>The mean accuracy of all other groups minus a group's, each group counting alike; NaN where a group has no answers.</summary>
    public double Gap(int group, IReadOnlyList<int> groups) => groups.Where(g => g != group).Average(Accuracy) - Accuracy(group);

    /// <summary>
    /// The difference in equalised odds, 0 to 1: over classes, the mean of the larger of the two spreads between groups, that of true and
    /// that of false positive rates. 0 says that no group is treated otherwise than another.
    /// </summary>
    public double EqualisedOdds(IReadOnlyList<int> groups, int classes)
    {
        var spreads = new List<double>();
        for (int c = 0; c < classes; c++)
        {
            double[] hits = [.. groups.Select(g => TruePositiveRate(g, c)).Where(r => !double.IsNaN(r))];
            double[] alarms = [.. groups.Select(g => FalsePositiveRate(g, c)).Where(r => !double.IsNaN(r))];
            if (hits.Length > 1 && alarms.Length > 1)
            {
                spreads.Add(Math.Max(hits.Max() - hits.Min(), alarms.Max() - alarms.Min()));
            }
        }

        return spreads.Count == 0 ? double.NaN : spreads.Average();
    }

    private double Share(int group, Func<int, bool> counts, Func<double, int, bool> hits)
    {
        int all = 0, hit = 0;
        for (int i = 0; i < _answers.Length; i++)
        {
            if (_groups[i] == group && !double.IsNaN(_answers[i]) && counts(_labels[i]))
            {
                all++;
                hit += hits(_answers[i], _labels[i]) ? 1 : 0;
            }
        }

        return all == 0 ? double.NaN : (double)hit / all;
    }
}
