using DistillSharp.Configuration;
using DistillSharp.Inheritance;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;

namespace DistillSharp.Tests.Inheritance;

/// <summary>Measurements with some numbers changed, to ask what is concluded from them.</summary>
internal static class ReviewedMeasurements
{
    public static OptionValues Options(string analysis, Dictionary<string, object?>? given = null)
    {
        Dictionary<string, object?> options = AnalysisRegistry.Get(analysis).Options.Any(o => o.Name == "pictures") ? new() { ["pictures"] = 0 } : [];
        foreach ((string name, object? value) in given ?? [])
        {
            options[name] = value;
        }

        return new OptionValues(AnalysisRegistry.Get(analysis).Options, options);
    }

    public static Measurements Measure(SubjectFixture fixture, string analysis, Dictionary<string, object?>? given = null) =>
        AnalysisRegistry.Get(analysis).Measure(fixture.Subject, Options(analysis, given));

    /// <summary>The first finding.</summary>
    public static Finding Conclude(Measurements measurements, Dictionary<string, object?>? given = null) =>
        AnalysisRegistry.Get(measurements.Analysis).Conclude(measurements, Options(measurements.Analysis, given), new FindingBuilder())[0];

    /// <summary>Every column as <paramref name="change"/> gives it; null leaves the column out.</summary>
    public static Measurements WithColumns(Measurements from, Func<MeasurementKey, double[], double[]?> change)
    {
        MeasurementTable[] tables = [.. from.Tables.Select(table =>
        {
            var changed = new MeasurementTable(table.Name, table.Images, table.Labels);
            foreach (MeasurementKey key in table.Keys)
            {
                if (change(key, table[key]) is { } values)
                {
                    changed.Add(key, values);
                }
            }

            return changed;
        })];
        return new Measurements(from.Analysis, tables, from.Facts, from.Pictures);
    }

    public static Measurements WithFact(Measurements from, MeasurementKey key, double value)
    {
        Assert.NotNull(from.Fact(key));
        return new Measurements(from.Analysis, from.Tables, [.. from.Facts.Select(f => f.Key == key ? f with { Value = value } : f)], from.Pictures);
    }
}
