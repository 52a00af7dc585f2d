using DistillSharp.Configuration;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Inheritance;

/// <summary>Planes through triplets of some of the test images, with what the models answer there.</summary>
internal sealed class PlaneSet
{
    private readonly List<ImagePlane> _planes = [];
    private readonly List<(string Name, int[][] Answers)> _teachers = [];

    /// <summary>Draws the planes.</summary>
    /// <param name="subject">Whose test images they go through.</param>
    /// <param name="options">How many, of which resolution, and how many are drawn as pictures.</param>
    /// <param name="value">The attribute's value that all the images have; empty where images are not told apart.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="rows">The rows of the test set that triplets are drawn from.</param>
    public PlaneSet(AnalysisSubject subject, OptionValues options, string value, string table, int[] rows)
    {
        using var scope = new TensorScope();
        Value = value;
        ImageSet test = subject.Test;
        var triplets = new List<int[]>();
        foreach (int[] drawn in ImageTriplets.Draw(Array.ConvertAll(rows, r => test.Classes[r]), options.Integer("triplets")))
        {
            int[] triplet = Array.ConvertAll(drawn, i => rows[i]);
            Tensor images = test.Images.IndexSelect(0, Tensor.From(Array.ConvertAll(triplet, i => (long)i)).To(test.Images.Device));
            if (ImagePlane.Through(images, options.Integer("resolution")) is { } plane)
            {
                triplets.Add(triplet);
                _planes.Add(plane);
            }
            else
            {
                OnOneLine++;
            }
        }

        Table = new MeasurementTable(table, [.. triplets.Select(t => test.Indices[t[0]])], [.. triplets.Select(t => test.Classes[t[0]])]);
        Table.Add(new MeasurementKey("second-image"), [.. triplets.Select(t => (double)test.Indices[t[1]])]);
        Table.Add(new MeasurementKey("third-image"), [.. triplets.Select(t => (double)test.Indices[t[2]])]);
        Pictures = new PlanePictures(subject, value, triplets, _planes, options.Integer("pictures"));
    }

    /// <summary>The attribute's value that all the images have; empty where images are not told apart.</summary>
    public string Value { get; }

    /// <summary>How many triplets were left out because their images lie on one line.</summary>
    public int OnOneLine { get; }

    /// <summary>A row a plane.</summary>
    public MeasurementTable Table { get; }

    /// <summary>The planes as pictures.</summary>
    public PlanePictures Pictures { get; }

    /// <summary>Asks a teacher, and records the share of each plane that its largest region takes.</summary>
    /// <param name="subject">Whose teacher it is.</param>
    /// <param name="key">The column's key.</param>
    /// <param name="words">What the pictures call it.</param>
    /// <param name="teacher">The teacher.</param>
    public void Ask(AnalysisSubject subject, MeasurementKey key, string words, ImageClassifier teacher)
    {
        int[][] answers = Answers(subject, teacher);
        _teachers.Add((key.Teacher, answers));
        Pictures.Add(words, answers);
        Table.Add(key, Array.ConvertAll(answers, a => DegenerateModels.Largest(a.Where(c => c >= 0))));
    }

    /// <summary>Asks a student, and records on which share of each plane it answers as each teacher that was asked before.</summary>
    /// <param name="subject">Whose student it is.</param>
    /// <param name="key">The columns' key, but for the teacher.</param>
    /// <param name="student">The student.</param>
    public void Ask(AnalysisSubject subject, MeasurementKey key, SubjectModel student)
    {
        int[][] answers = Answers(subject, student.Classifier);
        foreach ((string teacher, int[][] wanted) in _teachers)
        {
            Table.Add(key with { Teacher = teacher }, [.. wanted.Zip(answers, PlaneAnswers.Agreement)]);
        }

        if (student.Seed == subject.Seeds[0])
        {
            Pictures.Add(student.Method, answers);
        }
    }

    private int[][] Answers(AnalysisSubject subject, ImageClassifier model) => [.. _planes.Select(p => PlaneAnswers.Of(model, p, subject))];
}
