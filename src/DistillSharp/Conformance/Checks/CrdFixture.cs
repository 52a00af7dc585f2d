using DistillSharp.Conformance.Reading;
using DistillSharp.Distillation;
using DistillSharp.Torch;

namespace DistillSharp.Conformance.Checks;

/// <summary>
/// The contrastive loss over successive calls: what it and its gradients are, the constants that the first call sets, and the
/// banks that every call renews.
/// </summary>
internal sealed class CrdFixture : IDisposable
{
    private readonly FixtureNode _root;
    private readonly Comparison _comparison;
    private readonly long _examples;
    private readonly long _negatives;
    private readonly ContrastiveEmbedding _student;
    private readonly ContrastiveEmbedding _teacher;
    private readonly ContrastiveMemory _memory;
    private readonly Dictionary<string, Tensor> _parameters;

    private CrdFixture(FixtureNode root, Comparison comparison)
    {
        (_root, _comparison) = (root, comparison);
        root.AllowOnly("format", "kind", "method", "hyperparameters", "parameters", "banks_before", "calls");
        FixtureNode settings = root.Get("hyperparameters");
        settings.AllowOnly("student_dim", "teacher_dim", "feature_dim", "dataset_size", "negatives", "temperature", "momentum", "eps");
        _examples = settings.Get("dataset_size").Integer(least: 1);
        _negatives = settings.Get("negatives").Integer(least: 1);
        int features = settings.Get("feature_dim").Integer(least: 1);
        FixtureNode banks = root.Get("banks_before");
        banks.AllowOnly("memory_v1", "memory_v2");
        Tensor studentBank = Bank(banks.Get("memory_v1"), features);
        Tensor teacherBank = Bank(banks.Get("memory_v2"), features);
        using var generator = new Generator(0);
        _student = new ContrastiveEmbedding(settings.Get("student_dim").Integer(least: 1), features, generator);
        _teacher = new ContrastiveEmbedding(settings.Get("teacher_dim").Integer(least: 1), features, generator);
        _memory = new ContrastiveMemory(
            studentBank,
            teacherBank,
            settings.Get("temperature").PositiveNumber(),
            settings.Get("momentum").Number(),
            settings.Number("eps", ContrastiveLoss.DefaultEpsilon));
        _parameters = _student.To(DType.Float64).StateDict().Select(p => KeyValuePair.Create("embed_s." + p.Key, p.Value))
            .Concat(_teacher.To(DType.Float64).StateDict().Select(p => KeyValuePair.Create("embed_t." + p.Key, p.Value)))
            .ToDictionary();
    }

    public static IEnumerable<FixtureCase> Cases(FixtureNode root) => root.Get("method").Text() == "crd"
        ? [new FixtureCase("", comparison => Check(root, comparison))]
        : throw new FixtureException("method", $"'crd' was expected for this kind, found {root.Get("method").Describe()}.");

    public void Dispose()
    {
        _student.Dispose();
        _teacher.Dispose();
        _memory.Dispose();
    }

    private static void Check(FixtureNode root, Comparison comparison)
    {
        using var fixture = new CrdFixture(root, comparison);
        fixture.LoadParameters();
        IReadOnlyList<FixtureNode> calls = root.Get("calls").Items();
        for (int i = 0; i < calls.Count; i++)
        {
            fixture.CheckCall(FormattableString.Invariant($"calls[{i}]"), calls[i]);
        }
    }

    private void LoadParameters()
    {
        FixtureNode stated = _root.Get("parameters");
        stated.AllowOnly([.. _parameters.Keys]);
        using GradModeScope noGrad = Autograd.NoGrad();
        foreach ((string name, Tensor parameter) in _parameters)
        {
            parameter.CopyInPlace(stated.Get(name).Tensor().WithShape("the dimensions under hyperparameters", parameter.Shape).ToTensor());
        }
    }

    private void CheckCall(string title, FixtureNode call)
    {
        using var scope = new TensorScope();
        call.AllowOnly("student", "teacher", "index", "negatives", "expected");
        FixtureTensor indices = call.Get("index").Tensor();
        if (indices.Shape.Length != 1 || indices.Data.Length == 0)
        {
            throw new FixtureException(indices.Path, $"one dimension was expected, found the shape [{string.Join(", ", indices.Shape)}].");
        }

        long batch = indices.Shape[0];
        Tensor student = Features(call.Get("student"), batch, "embed_s.linear.weight");
        Tensor teacher = Features(call.Get("teacher"), batch, "embed_t.linear.weight");
        Tensor negatives = call.Get("negatives").Tensor().WithShape("index by negatives", batch, _negatives).ToIndices(_examples, "dataset_size");
        Tensor loss = _memory.Contrast(_student.Call(student), _teacher.Call(teacher), indices.ToIndices(_examples, "dataset_size"), negatives);
        loss.Backward();
        foreach ((string quantity, FixtureNode expected) in call.Get("expected").Properties())
        {
            CheckQuantity($"{title}.{quantity}", quantity, expected, loss, student, teacher);
        }

        foreach (Tensor parameter in _parameters.Values)
        {
            parameter.Grad = null;
        }
    }

    private void CheckQuantity(string title, string quantity, FixtureNode expected, Tensor loss, Tensor student, Tensor teacher)
    {
        switch (quantity)
        {
            case "loss":
                _comparison.Check(title, expected, loss.Item());
                break;
            case "gradient_student":
                _comparison.Check(title, expected.Tensor(), student.Grad!);
                break;
            case "gradient_teacher":
                _comparison.Check(title, expected.Tensor(), teacher.Grad!);
                break;
            case "parameter_gradients":
                expected.AllowOnly([.. _parameters.Keys]);
                foreach ((string name, FixtureNode gradient) in expected.Properties())
                {
                    _comparison.Check($"{title}.{name}", gradient.Tensor(), _parameters[name].Grad!);
                }

                break;
            case "z_student":
                _comparison.Check(title, expected, _memory.StudentConstant.Item());
                break;
            case "z_teacher":
                _comparison.Check(title, expected, _memory.TeacherConstant.Item());
                break;
            case "bank_student_after":
                _comparison.Check(title, expected.Tensor(), _memory.StudentBank);
                break;
            case "bank_teacher_after":
                _comparison.Check(title, expected.Tensor(), _memory.TeacherBank);
                break;
            case var _ when !expected.IsText:
                throw new FixtureException(expected.Path, "the format has no such quantity.");
        }
    }

    private Tensor Bank(FixtureNode node, long features) =>
        node.Tensor().WithShape("dataset_size by feature_dim", _examples, features).ToTensor();

    private Tensor Features(FixtureNode node, long batch, string weight)
    {
        Tensor features = node.Tensor().WithShape("index by the network's dimension", batch, _parameters[weight].Size(1)).ToTensor();
        features.RequiresGrad = true;
        return features;
    }
}
