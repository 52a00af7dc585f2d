using System.Globalization;

namespace DistillSharp.Inheritance;

/// <summary>The rates of every model by group, and what a reader needs of them beside the gap.</summary>
internal sealed class BiasRates
{
    private readonly MeasurementTable _table;
    private readonly IReadOnlyList<(int Code, string Name)> _groups;
    private readonly double[] _members;
    private readonly (int Code, string Name)? _positive;
    private readonly int _classes;

    /// <summary>Takes the answers.</summary>
    /// <param name="table">The answers of every model.</param>
    /// <param name="groups">The groups that have images.</param>
    /// <param name="positive">The class whose true and false positive rates are told; null for none.</param>
    public BiasRates(MeasurementTable table, IReadOnlyList<(int Code, string Name)> groups, (int Code, string Name)? positive)
    {
        _table = table;
        _groups = groups;
        _positive = positive;
        _members = table[new MeasurementKey(GroupedAnswers.Group)];
        _classes = table.Labels.Max() + 1;
        Codes = [.. groups.Select(g => g.Code)];
        Teacher = Of(new MeasurementKey(GroupedAnswers.Answer, MeasurementKey.TeacherModel, null, MeasurementKey.OwnTeacher));
        Worst = groups.OrderByDescending(g => Teacher.Gap(g.Code, Codes)).ThenBy(g => g.Code).First();
    }

    /// <summary>The groups' numbers.</summary>
    public IReadOnlyList<int> Codes { get; }

    /// <summary>The teacher's rates.</summary>
    public GroupRates Teacher { get; }

    /// <summary>The group with the teacher's largest gap.</summary>
    public (int Code, string Name) Worst { get; }

    /// <summary>Accuracy of each group, equalised odds and the worst group, for teacher, independent students and a method's students.</summary>
    /// <param name="method">The method.</param>
    /// <param name="chosen">The group, where the teacher's largest gap chose it; null where the study names it.</param>
    public IEnumerable<string> Notes(string method, string? chosen)
    {
        if (chosen is not null)
        {
            yield return $"'{chosen}' is the group with the teacher's largest gap on these test images; the choice makes the gaps of the teacher and of students that share its errors look larger than they are on others, and with them the effect. Preliminary: name the group (option group) where you know it.";
        }

        foreach ((string who, IReadOnlyList<GroupRates> rates) in new[]
        {
            ("Teacher", [Teacher]), ("Independent students", Students(MeasurementKey.Independent)), ("Students", Students(method)),
        })
        {
            if (rates.Count > 0)
            {
                (double level, string name) = _groups.Select(g => (rates.Average(r => r.Accuracy(g.Code)), g.Name)).Min();
                double largest = rates.Average(r => _groups.Max(g => r.Accuracy(g.Code)) - _groups.Min(g => r.Accuracy(g.Code)));
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{who}: accuracy {ByGroup(rates, (r, g) => r.Accuracy(g))}; worst group {name} ({100 * level:0.0} %); largest gap between two groups {100 * largest:0.0} points; difference in equalised odds {rates.Average(r => r.EqualisedOdds(Codes, _classes)):0.000}.");
                if (_positive is var (positive, label))
                {
                    yield return $"{who}: true positive rate of '{label}' {ByGroup(rates, (r, g) => r.TruePositiveRate(g, positive))}; false positive rate {ByGroup(rates, (r, g) => r.FalsePositiveRate(g, positive))}.";
                }
            }
        }
    }

    private string ByGroup(IReadOnlyList<GroupRates> rates, Func<GroupRates, int, double> rate) =>
        string.Join(", ", _groups.Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Name} {100 * rates.Average(r => rate(r, g.Code)):0.0} %")));

    private List<GroupRates> Students(string method) =>
        [.. _table.Keys.Where(k => k.Measure == GroupedAnswers.Answer && k.Method == method && k.Teacher == MeasurementKey.OwnTeacher).Select(Of)];

    private GroupRates Of(MeasurementKey key) => new(_table[key], _table.Labels, _members);
}
