using DistillSharp.Data;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>
/// Measures how well maps find the object of each image that has a box, and what maps would score that know nothing of the image: one that is
/// the same everywhere, one that is the same inside a box of the mean size in the middle and zero elsewhere, and one that is zero but for the
/// pixel that most boxes cover. Energy is linear in the map, so no constant map has more of it than the last.
/// </summary>
internal sealed class BoxTable
{
    /// <summary>The name of the table; it holds the images that have a box.</summary>
    public const string Name = "boxes";

    /// <summary>The column of a model: the share of its map in the box.</summary>
    public const string Energy = "energy";

    /// <summary>The column of a model: whether its map's maximum is in the box.</summary>
    public const string Pointing = "pointing";

    /// <summary>The share of the image that its box covers: what a map that is the same everywhere has in it, and how often a random point hits it.</summary>
    public const string Covered = "covered-by-box";

    /// <summary>The share of the middle box that lies in the image's box: the energy of the map that is constant there and zero elsewhere.</summary>
    public const string CentreEnergy = "centre-box-energy";

    /// <summary>1 where the middle of the image lies in its box: the pointing game of a map whose maximum is there.</summary>
    public const string CentrePointing = "centre-pointing";

    /// <summary>The share of the pixel that most boxes cover, that this image's box covers.</summary>
    public const string BestEnergy = "best-pixel-energy";

    /// <summary>1 where the middle of that pixel lies in the image's box.</summary>
    public const string BestPointing = "best-pixel-pointing";

    /// <summary>The fact with the mean width of the boxes, pixels.</summary>
    public const string MeanWidth = "mean-box-width";

    /// <summary>The fact with the mean height of the boxes, pixels.</summary>
    public const string MeanHeight = "mean-box-height";

    /// <summary>The fact with the number of measured images that have no box.</summary>
    public const string Without = "images-without-box";

    private readonly ImageSample _sample;
    private readonly int[] _rows;
    private readonly ImageBox[] _boxes;
    private readonly int _height;
    private readonly int _width;
    private readonly int _slice;

    private BoxTable(AnalysisSubject subject, ImageSample sample, int[] rows, List<MeasurementFact> facts)
    {
        _sample = sample;
        _rows = rows;
        _boxes = Array.ConvertAll(rows, r => sample.Boxes[r]!.Value);
        (_height, _width, _slice) = ((int)sample.Images.Size(2), (int)sample.Images.Size(3), subject.GradientSlice);
        Table = new MeasurementTable(Name, Array.ConvertAll(rows, r => sample.Indices[r]), Array.ConvertAll(rows, r => sample.Classes[r]));
        (double width, double height) = (_boxes.Average(b => b.Width), _boxes.Average(b => b.Height));
        facts.Add(new MeasurementFact(new MeasurementKey(MeanWidth), width));
        facts.Add(new MeasurementFact(new MeasurementKey(MeanHeight), height));
        var centre = new ImageBox((_width - width) / 2, (_height - height) / 2, width, height);
        Table.Add(new MeasurementKey(Covered), Array.ConvertAll(_boxes, b => b.Area / (_height * _width)));
        Table.Add(new MeasurementKey(CentreEnergy), Array.ConvertAll(_boxes, b => (b.Intersect(centre)?.Area ?? 0) / centre.Area));
        Table.Add(new MeasurementKey(CentrePointing), Array.ConvertAll(_boxes, b => b.Contains(_width / 2.0, _height / 2.0) ? 1.0 : 0));
        ImageBox best = MostCovered();
        Table.Add(new MeasurementKey(BestEnergy), Array.ConvertAll(_boxes, b => b.Intersect(best)?.Area ?? 0));
        Table.Add(new MeasurementKey(BestPointing), Array.ConvertAll(_boxes, b => b.Contains(best.X + 0.5, best.Y + 0.5) ? 1.0 : 0));
    }

    /// <summary>What is measured.</summary>
    public MeasurementTable Table { get; }

    /// <summary>A table of the measured images that have a box, with what maps would score that know nothing; null where none has one.</summary>
    /// <param name="subject">The models; which of them are degenerate on these images is recorded.</param>
    /// <param name="sample">The measured images.</param>
    /// <param name="facts">Where counts and sizes are recorded; nothing where the data have no boxes.</param>
    public static BoxTable? For(AnalysisSubject subject, ImageSample sample, List<MeasurementFact> facts)
    {
        if (subject.Test.Boxes.Count == 0)
        {
            return null;
        }

        int[] rows = [.. Enumerable.Range(0, sample.Count).Where(i => sample.Boxes[i] is not null)];
        facts.Add(new MeasurementFact(new MeasurementKey(Without), sample.Count - rows.Length));
        if (rows.Length == 0)
        {
            return null;
        }

        using var scope = new TensorScope();
        Tensor positions = sample.Positions.IndexSelect(0, Tensor.From(Array.ConvertAll(rows, r => (long)r)));
        DegenerateModels.Record(facts, Name, subject, subject.Test, positions, crossStudents: true);
        return new BoxTable(subject, sample, rows, facts);
    }

    /// <summary>Adds a model's columns.</summary>
    /// <param name="model">Whose they are; the measure is set here.</param>
    /// <param name="maps">Its maps of the sample, of which those of the true class count; null where it has none.</param>
    /// <returns>The share of the map in the box for each image of the sample; NaN where there is no box or no map.</returns>
    public double[] Add(MeasurementKey model, ClassMaps? maps)
    {
        double[] missing = [.. Enumerable.Repeat(double.NaN, _rows.Length)];
        using var scope = new TensorScope();
        BoxScores scores = maps is null
            ? new BoxScores(missing, [.. missing])
            : BoxScores.Of(maps.OfClasses(_rows, Array.ConvertAll(_rows, r => _sample.Classes[r])), _boxes, _height, _width, _slice);
        Table.Add(model with { Measure = Energy }, scores.Energy);
        Table.Add(model with { Measure = Pointing }, scores.Pointing);
        double[] all = [.. Enumerable.Repeat(double.NaN, _sample.Count)];
        for (int i = 0; i < _rows.Length; i++)
        {
            all[_rows[i]] = scores.Energy[i];
        }

        return all;
    }

    // The first in reading order where several pixels are covered alike.
    private ImageBox MostCovered()
    {
        var covered = new double[_height * _width];
        foreach (ImageBox box in _boxes)
        {
            for (int y = (int)box.Y; y < Math.Min(_height, box.Y + box.Height); y++)
            {
                for (int x = (int)box.X; x < Math.Min(_width, box.X + box.Width); x++)
                {
                    covered[(y * _width) + x] += box.Intersect(new ImageBox(x, y, 1, 1))?.Area ?? 0;
                }
            }
        }

        int best = Array.IndexOf(covered, covered.Max());
        return new ImageBox(best % _width, best / _width, 1, 1);
    }
}
