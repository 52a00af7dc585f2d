using System.Globalization;
using DistillSharp.Studies.Results;

namespace DistillSharp.Inheritance;

/// <summary>Heat maps of the CKA of all pairs of layers, a square a pair, averaged over seeds: a row for each teacher, a column for each method.</summary>
internal sealed class CkaPictures(AnalysisSubject subject)
{
    private const int Side = 160;
    private readonly List<(string Method, string Teacher, int Seed, CkaComparison Comparison)> _offered = [];

    /// <summary>Takes one student's comparison with one teacher.</summary>
    public void Offer(SubjectModel student, string teacher, CkaComparison comparison) => _offered.Add((student.Method, teacher, student.Seed, comparison));

    /// <summary>The finished table.</summary>
    public IReadOnlyList<PictureTable> Tables(string analysis)
    {
        string[] methods = [.. _offered.Select(o => o.Method).Distinct()];
        string[] teachers = [.. _offered.Select(o => o.Teacher).Distinct()];
        if (methods.Length == 0)
        {
            return [];
        }

        var rows = new List<PictureRow>();
        foreach (string teacher in teachers)
        {
            var cells = new List<PictureCell>();
            foreach (string method in methods)
            {
                CkaComparison[] seeds = [.. _offered.Where(o => o.Method == method && o.Teacher == teacher).Select(o => o.Comparison)];
                string name = string.Create(CultureInfo.InvariantCulture, $"representation-{teacher}-{cells.Count}-cka");
                cells.Add(new PictureCell(Draw(name, Mean(seeds)), string.Create(CultureInfo.InvariantCulture, $"matched layers {seeds.Average(s => s.MatchedMean):0.00}")));
            }

            rows.Add(new PictureRow(teacher == MeasurementKey.OwnTeacher ? "own teacher" : "other teacher", cells));
        }

        CkaComparison first = _offered[0].Comparison;
        return
        [
            new PictureTable(
                analysis,
                "CKA of every layer with every layer of the teachers",
                "Unbiased linear CKA, the mean of all seeds: black is 0 or below, light yellow is 1, grey cannot be measured. "
                + $"Students' layers from top to bottom: {string.Join(", ", first.StudentLayers)}. Teachers' layers from left to right: {string.Join(", ", first.TeacherLayers)}"
                + $"{(_offered.Any(o => !o.Comparison.TeacherLayers.SequenceEqual(first.TeacherLayers)) ? $"; of the other teacher {string.Join(", ", _offered[^1].Comparison.TeacherLayers)}" : "")}.",
                methods,
                rows),
        ];
    }

    private static double[,] Mean(CkaComparison[] seeds)
    {
        var mean = new double[seeds[0].StudentLayers.Count, seeds[0].TeacherLayers.Count];
        foreach (CkaComparison seed in seeds)
        {
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i / mean.GetLength(1), i % mean.GetLength(1)] += seed.Values[i / mean.GetLength(1), i % mean.GetLength(1)] / seeds.Length;
            }
        }

        return mean;
    }

    private string Draw(string name, double[,] values)
    {
        int rows = values.GetLength(0), columns = values.GetLength(1);
        int square = Math.Max(4, Side / Math.Max(rows, columns)), width = columns * square, height = rows * square;
        var pixels = new byte[3 * width * height];
        for (int at = 0; at < width * height; at++)
        {
            double value = values[at / width / square, at % width / square];
            (double red, double green, double blue) = double.IsNaN(value) ? (0.5, 0.5, 0.5) : InfernoColours.At(value);
            pixels[3 * at] = (byte)((255 * red) + 0.5);
            pixels[(3 * at) + 1] = (byte)((255 * green) + 0.5);
            pixels[(3 * at) + 2] = (byte)((255 * blue) + 0.5);
        }

        return subject.SavePicture(name, pixels, width, height, 3);
    }
}
