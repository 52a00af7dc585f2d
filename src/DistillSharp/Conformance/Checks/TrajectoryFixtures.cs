using DistillSharp.Conformance.Reading;
using DistillSharp.Configuration;
using DistillSharp.Distillation;
using DistillSharp.Models;
using DistillSharp.Optimization;
using DistillSharp.Torch;

namespace DistillSharp.Conformance.Checks;

/// <summary>
/// A few steps of training: the loss before and the norm of the parameters after each step, then what the student gives out in
/// evaluation mode for the last step's images, and its running statistics.
/// </summary>
internal sealed class TrajectoryFixtures
{
    private const string CrossEntropy = "ce";
    private const string SoftLabels = "kd";
    private const string Losses = "losses";
    private const string ParameterNorms = "parameter_norm_after_each_step";

    // The images that the format's literature trains on, where a file does not give their shape.
    private static readonly long[] ImageSizes = [3, 32, 32];

    private readonly FixtureNode _root;
    private readonly ImageFormula _images;
    private readonly long[] _shape;
    private readonly ImageTask _task;
    private readonly int _steps;
    private readonly int _labelMultiplier;

    private TrajectoryFixtures(FixtureNode root)
    {
        _root = root;
        root.AllowOnly("format", "kind", "fill_parameters", "models", "steps", "batch_size", "input_parameters", "label_parameters", "optimizers", "kd", "runs");
        root.Get("models").AllowOnly("student", "teacher", "classes");
        root.Get("label_parameters").AllowOnly("multiplier");
        _images = ImageFormula.Read(root);
        int batch = root.Get("batch_size").Integer(least: 1, most: 4096);
        _shape = _images.Shape ?? [batch, .. ImageSizes];
        if (_shape[0] != batch)
        {
            throw new FixtureException("input_parameters.shape", $"{batch} images were expected (batch_size), found {_shape[0]}.");
        }

        _steps = root.Get("steps").Integer(least: 1, most: 100_000);
        _labelMultiplier = root.Get("label_parameters").Get("multiplier").Integer(most: 1_000_000);
        _task = new ImageTask((int)_shape[1], (int)_shape[2], (int)_shape[3], FixtureNetworks.Classes(root.Get("models").Get("classes")));
    }

    public static IEnumerable<FixtureCase> Cases(FixtureNode root)
    {
        var file = new TrajectoryFixtures(root);
        IReadOnlyList<KeyValuePair<string, FixtureNode>> runs = root.Get("runs").Properties();
        return runs.Count > 0
            ? runs.Select(run => file.Case(run.Key, run.Value)).ToList()
            : throw new FixtureException("runs", "the file states no run.");
    }

    private FixtureCase Case(string name, FixtureNode run)
    {
        try
        {
            int dash = name.IndexOf('-', StringComparison.Ordinal);
            (string loss, string optimizer) = dash < 0 ? (name, "") : (name[..dash], name[(dash + 1)..]);
            if (loss is not (CrossEntropy or SoftLabels) || optimizer.Length == 0)
            {
                throw new FixtureException(run.Path, $"a run is named after its loss (ce or kd) and its optimiser, e.g. ce-sgd, not '{name}'.");
            }

            FixtureNode settings = _root.Get("optimizers").Find(optimizer)
                ?? throw new FixtureException(run.Path, NearestName.Explain("optimiser", optimizer, _root.Get("optimizers").Properties().Select(p => p.Key)));
            bool distil = loss == SoftLabels;
            return MissingNetwork(distil) is { } missing
                ? FixtureCase.Missing(name, missing)
                : new FixtureCase(name, comparison => Check(run, optimizer, settings, distil, comparison));
        }
        catch (FixtureException e)
        {
            // A run that cannot be understood fails alone.
            return new FixtureCase(name, comparison => comparison.Fail("", e.Message));
        }
    }

    private string? MissingNetwork(bool distil)
    {
        foreach (string role in distil ? ["student", "teacher"] : new[] { "student" })
        {
            FixtureNode node = _root.Get("models").Get(role);
            if (!FixtureNetworks.IsImplemented(FixtureNetworks.SmallImages, node.Text(), node.Path))
            {
                return $"the network {node.Text()}";
            }
        }

        return null;
    }

    private void Check(FixtureNode run, string optimizerName, FixtureNode settings, bool distil, Comparison comparison)
    {
        foreach (string quantity in new[] { Losses, ParameterNorms })
        {
            // Before the training, which a file could make long.
            if (run.Find(quantity) is { } list && list.Items().Count != _steps)
            {
                throw new FixtureException(list.Path, $"{_steps} values were expected (steps), found {list.Items().Count}.");
            }
        }

        using ImageModel student = Create("student", "student_gain");
        using ImageModel? teacher = distil ? Create("teacher", "teacher_gain") : null;
        using Optimizer optimizer = FixtureOptimizer.Create(optimizerName, settings, student.Parameters());
        student.Train();
        teacher?.Eval();
        var losses = new double[_steps];
        var norms = new double[_steps];
        for (int step = 0; step < _steps; step++)
        {
            using var scope = new TensorScope();
            Tensor loss = Loss(student, teacher, step);
            loss.Backward();
            optimizer.Step();
            losses[step] = loss.Item();
            norms[step] = Math.Sqrt(student.Parameters().Sum(p => p.Detach().Square().Sum().Item()));
        }

        student.Eval();
        foreach ((string quantity, FixtureNode expected) in run.Properties())
        {
            CheckQuantity(quantity, expected, student, losses, norms, comparison);
        }
    }

    private void CheckQuantity(string quantity, FixtureNode expected, ImageModel student, double[] losses, double[] norms, Comparison comparison)
    {
        const string statistics = "_running_";
        switch (quantity)
        {
            case Losses:
                comparison.CheckEach(quantity, expected, losses);
                break;
            case ParameterNorms:
                comparison.CheckEach(quantity, expected, norms);
                break;
            case "eval_logits_after":
                using (Autograd.NoGrad())
                {
                    ModelFixtures.CheckFirst(quantity, expected.Tensor(), student.Call(Images(_steps - 1)), comparison);
                }

                break;
            case var name when name.IndexOf(statistics, StringComparison.Ordinal) is > 0 and var at:
                // bn1_running_mean is the entry bn1.running_mean of the state dict.
                string entry = $"{name[..at]}.{name[(at + 1)..]}";
                IReadOnlyList<KeyValuePair<string, Tensor>> state = student.StateDict();
                comparison.Check(name, expected.Tensor(), state.FirstOrDefault(s => s.Key == entry).Value
                    ?? throw new FixtureException(expected.Path, NearestName.Explain("weight", entry, state.Select(s => s.Key))));
                break;
            case var _ when !expected.IsText:
                throw new FixtureException(expected.Path, "the format has no such quantity.");
        }
    }

    private Tensor Loss(ImageModel student, ImageModel? teacher, int step)
    {
        Tensor images = Images(step);
        Tensor labels = Tensor.From([.. Enumerable.Range(0, (int)_shape[0]).Select(j => (((long)_labelMultiplier * j) + step) % _task.Classes)]);
        Tensor logits = student.Call(images);
        Tensor crossEntropy = logits.CrossEntropyLoss(labels);
        if (teacher is null)
        {
            return crossEntropy;
        }

        FixtureNode settings = _root.Get("kd");
        settings.AllowOnly("temperature", "label_weight", "kl_weight");
        using GradModeScope noGrad = Autograd.NoGrad();
        Tensor soft = teacher.Call(images);
        using GradModeScope recording = Autograd.EnableGrad();
        return (crossEntropy * settings.Get("label_weight").Number())
            + (KlMethod.Loss(logits, soft, settings.Get("temperature").PositiveNumber()) * settings.Get("kl_weight").Number());
    }

    private Tensor Images(int step) => _images.Images(_shape, shift: step);

    private ImageModel Create(string role, string gain) =>
        FixtureNetworks.Create(_root.Get("models").Get(role).Text(), _task, FillParameters.Read(_root, gain));
}
