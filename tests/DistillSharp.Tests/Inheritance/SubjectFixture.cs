using System.Text.Json;
using DistillSharp.Configuration;
using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Statistics;
using DistillSharp.Studies.Results;
using DistillSharp.Torch;

namespace DistillSharp.Tests.Inheritance;

/// <summary>
/// A subject of tiny classifiers: a teacher, another teacher, three independent students with fresh weights and three students
/// made as a test says. Frees all of it, and checks what must hold after every analysis.
/// </summary>
internal sealed class SubjectFixture : IDisposable
{
    public const string Method = "kd (T=4), copied";

    private static readonly int[] Seeds = [1, 2, 3];

    private readonly long _liveBefore = LiveTensors();
    private readonly TensorScope _scope = new();
    private readonly List<ImageClassifier> _models = [];

    public SubjectFixture(
        Func<ImageClassifier, ImageClassifier, int, ImageClassifier> student,
        Func<ImageClassifier>? teacher = null,
        Func<ImageClassifier, ImageClassifier>? otherTeacher = null,
        Func<int, ImageClassifier>? independent = null,
        bool withOtherTeacher = true,
        bool withIndependent = true,
        int images = 300,
        Func<ImageClassifier, ImageClassifier, int, ImageClassifier>? crossStudent = null,
        Func<ImageSet, ImageSet>? test = null)
    {
        ImageClassifier own = Own(teacher?.Invoke() ?? TinyClassifiers.Random(100));
        ImageClassifier other = Own(otherTeacher?.Invoke(own) ?? TinyClassifiers.Random(200));
        Subject = new AnalysisSubject
        {
            Teacher = own,
            OtherTeacher = withOtherTeacher ? other : null,
            Seeds = Seeds,
            Independent = (withIndependent ? Seeds : []).ToDictionary(s => s, s => Own(independent?.Invoke(s) ?? TinyClassifiers.Random((ulong)(300 + s)))),
            Students = [new StudentGroup(Method, Seeds.ToDictionary(s => s, s => Own(student(own, other, s))))],
            CrossStudents = crossStudent is null ? [] : [new StudentGroup(Method, Seeds.ToDictionary(s => s, s => Own(crossStudent(own, other, s))))],
            Test = (test ?? (set => set))(TinyClassifiers.Images(images, 11)),
            Train = TinyClassifiers.Images(images, 12),
            ClassNames = ["ankle boot", "bag", "coat"],
            GradientSlice = 70,
            SavePicture = (name, pixels, width, height, channels) =>
            {
                Assert.Equal(width * height * channels, pixels.Length);
                Assert.True(Saved.Add(name), $"The picture '{name}' was saved twice.");
                return "pictures/" + name + ".png";
            },
        };
    }

    public AnalysisSubject Subject { get; }

    public HashSet<string> Saved { get; } = [];

    /// <summary>Measures and concludes, from memory and from what was written and read back; both must be the same.</summary>
    public IReadOnlyList<Finding> Analyse(string name, Dictionary<string, object?>? given = null)
    {
        Analysis analysis = AnalysisRegistry.Get(name);
        var options = new OptionValues(analysis.Options, given);
        int scoped = _scope.Count;
        Measurements measurements = analysis.Measure(Subject, options);
        Assert.Equal(scoped, _scope.Count);

        IReadOnlyList<Finding> findings = analysis.Conclude(measurements, options, new FindingBuilder());
        Measurements again = WriteAndRead(measurements);
        IReadOnlyList<Finding> recomputed = analysis.Conclude(again, options, new FindingBuilder());
        Assert.Equal(Text(findings), Text(recomputed));
        Assert.Equal(JsonSerializer.Serialize(measurements.Pictures), JsonSerializer.Serialize(again.Pictures));
        Pictures = measurements.Pictures;
        Charts = analysis.Charts(measurements, options, new FindingBuilder());
        Assert.Equal(Text(Charts), Text(analysis.Charts(again, options, new FindingBuilder())));
        foreach (ImageClassifier model in _models)
        {
            Assert.True(model.Network.NamedModules().All(m => m.Value.IsTraining), "A model was left in evaluation mode.");
            Assert.All(model.Network.Parameters(), p => Assert.Null(p.Grad));
        }

        return findings;
    }

    public IReadOnlyList<PictureTable> Pictures { get; private set; } = [];

    public IReadOnlyList<ResultChart> Charts { get; private set; } = [];

    /// <summary>A chart's level of one kind of model at a place.</summary>
    public static Estimate Level(ResultChart chart, string role, string place) =>
        chart.Series.Single(s => s.Role == role).Levels[chart.Places.ToList().IndexOf(place)];

    public static Measurements WriteAndRead(Measurements measurements)
    {
        var files = new Dictionary<string, string>();
        foreach (string file in measurements.FileNames)
        {
            using var writer = new StringWriter();
            measurements.WriteCsv(file, writer);
            files.Add(file, writer.ToString());
        }

        return Measurements.ReadCsv(measurements.Analysis, name => new StringReader(files[name]));
    }

    /// <summary>Frees everything; nothing may be left.</summary>
    public void Dispose()
    {
        Subject.Dispose();
        foreach (ImageClassifier model in _models)
        {
            model.Dispose();
        }

        _scope.Dispose();
        Assert.Equal(_liveBefore, Tensor.LiveCount);
    }

    /// <summary>Tensors that are still alive once those that earlier tests left to the collector are gone.</summary>
    private static long LiveTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.LiveCount;
    }

    private static string Text(IReadOnlyList<Finding> findings) =>
        string.Join("\n", findings.Select(f => JsonSerializer.Serialize(f, StudyResultsJson.Default.Finding)));

    private static string Text(IReadOnlyList<ResultChart> charts) =>
        string.Join("\n", charts.Select(c => JsonSerializer.Serialize(c, StudyResultsJson.Default.ResultChart)));

    private ImageClassifier Own(ImageClassifier model)
    {
        if (!_models.Contains(model))
        {
            _models.Add(model);
        }

        return model;
    }
}
