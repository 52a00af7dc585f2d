using DistillSharp.Conformance.Reading;
using DistillSharp.Inheritance;
using DistillSharp.Models;
using DistillSharp.Torch;

namespace DistillSharp.Conformance.Checks;

/// <summary>What analyses are made of: Grad-CAM, iterative FGSM, measures of predictions, and CKA.</summary>
internal sealed class AnalysisFixtures
{
    private static readonly string[] Roles = ["student", "teacher"];

    private readonly FixtureNode _root;

    private AnalysisFixtures(FixtureNode root) => _root = root;

    public static IEnumerable<FixtureCase> Cases(FixtureNode root)
    {
        root.AllowOnly("format", "kind", "fill_parameters", "nets", "input_parameters", "labels", "grad_cam", "iterative_fgsm", "predictions", "cka");
        var file = new AnalysisFixtures(root);
        List<FixtureCase> cases =
        [
            .. file.WithNetworks("grad_cam", file.CheckGradCam),
            .. file.WithNetworks("iterative_fgsm", file.CheckFgsm),
            .. file.Case("predictions", PredictionFixture.Check),
            .. file.Case("cka", CheckCka),
        ];
        return cases.Count > 0 ? cases : throw new FixtureException("", "the file states nothing to compute: grad_cam, iterative_fgsm, predictions or cka.");
    }

    private static void CheckCka(FixtureNode section, Comparison comparison)
    {
        section.AllowOnly("x", "y", "linear", "linear_unbiased");
        Tensor x = section.Get("x").Tensor().ToTensor();
        Tensor y = section.Get("y").Tensor().ToTensor();
        if (section.Find("linear") is { } linear)
        {
            comparison.Check("linear", linear, LinearCka.Biased(x, y));
        }

        if (section.Find("linear_unbiased") is { } unbiased)
        {
            comparison.Check("linear_unbiased", unbiased, LinearCka.Unbiased(x, y));
        }
    }

    private void CheckGradCam(FixtureNode section, Pair pair, Comparison comparison)
    {
        FixtureNode choice = section.Get("class");
        if (choice.Text() != "the label")
        {
            throw new FixtureException(choice.Path, $"'the label' was expected, found {choice.Describe()}.");
        }

        // The layer is given in words, and the first of them is its path.
        string layer = section.Get("layer").Text().Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("").TrimEnd(',', ';', ':');
        Tensor[] maps = [.. Roles.Select(role => GradCam.Maps(pair[role], layer, pair.Images, pair.Labels))];
        Tensor[] raw = [.. Roles.Select(role => GradCam.Maps(pair[role], layer, pair.Images, pair.Labels, relu: false))];
        foreach ((string quantity, FixtureNode expected) in section.Properties().Where(p => p.Key is not ("layer" or "class")))
        {
            switch (quantity)
            {
                case "student" or "teacher":
                    comparison.Check(quantity, expected.Tensor(), maps[Array.IndexOf(Roles, quantity)]);
                    break;
                case "student_before_relu" or "teacher_before_relu":
                    comparison.Check(quantity, expected.Tensor(), raw[Array.IndexOf(Roles, quantity.Split('_')[0])]);
                    break;
                case "cosine":
                    CheckCosines(quantity, expected, GradCam.Cosines(maps[0], maps[1]), comparison);
                    break;
                case "cosine_before_relu":
                    CheckCosines(quantity, expected, GradCam.Cosines(raw[0], raw[1]), comparison);
                    break;
                case var _ when !expected.IsText:
                    throw new FixtureException(expected.Path, "the format has no such quantity.");
            }
        }
    }

    /// <summary>A cosine is stated as null where a map is zero throughout: it then has no value.</summary>
    private static void CheckCosines(string quantity, FixtureNode expected, double[] actual, Comparison comparison)
    {
        IReadOnlyList<FixtureNode> stated = expected.Items();
        if (stated.Count != actual.Length)
        {
            comparison.Fail(quantity, $"{stated.Count} values are stated, {actual.Length} were computed.");
            return;
        }

        for (int i = 0; i < actual.Length; i++)
        {
            string name = FormattableString.Invariant($"{quantity}[{i}]");
            if (stated[i].IsNull || double.IsNaN(actual[i]))
            {
                comparison.CheckExactly(name, stated[i].IsNull == double.IsNaN(actual[i])
                    ? null
                    : FormattableString.Invariant($"{stated[i].Describe()} is stated, {actual[i]:R} was computed; a map of zeros has no cosine (null)."));
            }
            else
            {
                comparison.Check(name, stated[i], actual[i]);
            }
        }
    }

    private void CheckFgsm(FixtureNode section, Pair pair, Comparison comparison)
    {
        FixtureNode attacked = section.Get("attacked");
        if (!Roles.Contains(attacked.Text()))
        {
            throw new FixtureException(attacked.Path, $"'student' or 'teacher' was expected, found {attacked.Describe()}.");
        }

        double[] clip = section.Get("clip").Numbers();
        if (clip.Length != 2 || clip[0] >= clip[1])
        {
            throw new FixtureException(section.Path + ".clip", $"a lower and an upper limit were expected, found {section.Get("clip").Describe()}.");
        }

        double epsilon = section.Get("epsilon").Number();
        var budget = new AttackBudget(epsilon, section.Get("alpha").Number(), section.Get("steps").Integer(most: 100_000), clip[0], clip[1]);
        Tensor adversarial = IterativeFgsm.Perturb(pair[attacked.Text()], pair.Images, pair.Labels, budget);
        using GradModeScope noGrad = Autograd.NoGrad();
        Tensor change = adversarial - pair.Images;
        foreach ((string quantity, FixtureNode expected) in section.Properties().Where(p => p.Key is not ("attacked" or "clip" or "epsilon" or "alpha" or "steps")))
        {
            switch (quantity)
            {
                case "adversarial_sum":
                    comparison.Check(quantity, expected, adversarial.Sum().Item());
                    break;
                case "adversarial_l2_from_x":
                    comparison.Check(quantity, expected, change.LinalgVectorNorm(2).Item());
                    break;
                case "fraction_at_bound":
                    // Subtracting the image again leaves a few digits of rounding on either side of epsilon.
                    comparison.Check(quantity, expected, change.Abs().Ge(epsilon - 1e-9).To(DType.Float64).Mean().Item());
                    break;
                case "student_logits_clean" or "teacher_logits_clean":
                    comparison.Check(quantity, expected.Tensor(), pair[quantity.Split('_')[0]].Call(pair.Images));
                    break;
                case "student_logits_adversarial" or "teacher_logits_adversarial":
                    comparison.Check(quantity, expected.Tensor(), pair[quantity.Split('_')[0]].Call(adversarial));
                    break;
                case var _ when !expected.IsText:
                    throw new FixtureException(expected.Path, "the format has no such quantity.");
            }
        }
    }

    private IEnumerable<FixtureCase> Case(string name, Action<FixtureNode, Comparison> check)
    {
        if (_root.Find(name) is { } section)
        {
            yield return new FixtureCase(name, comparison => check(section, comparison));
        }
    }

    private IEnumerable<FixtureCase> WithNetworks(string name, Action<FixtureNode, Pair, Comparison> check)
    {
        string? missing = null;
        try
        {
            missing = _root.Find(name) is null ? null : MissingNetwork();
        }
        catch (FixtureException e)
        {
            // What needs no network is checked all the same.
            return [new FixtureCase(name, comparison => comparison.Fail("", e.Message))];
        }

        return missing is not null ? [FixtureCase.Missing(name, $"the network {missing}")] : Case(name, (section, comparison) =>
        {
            using var pair = new Pair(_root);
            check(section, pair, comparison);
        });
    }

    private string? MissingNetwork()
    {
        FixtureNode nets = _root.Get("nets");
        nets.AllowOnly("student", "teacher", "classes");
        return Roles.Select(nets.Get)
            .Where(n => !FixtureNetworks.IsImplemented(FixtureNetworks.SmallImages, n.Text(), n.Path))
            .Select(n => n.Text())
            .FirstOrDefault();
    }

    /// <summary>The filled student and teacher with the images and labels that they are shown.</summary>
    private sealed class Pair : IDisposable
    {
        private readonly Dictionary<string, ImageModel> _models = [];

        public Pair(FixtureNode root)
        {
            ImageFormula formula = ImageFormula.Read(root);
            long[] shape = formula.Shape ?? throw new FixtureException("input_parameters", "the key 'shape' is missing.");
            FixtureNode nets = root.Get("nets");
            int classes = FixtureNetworks.Classes(nets.Get("classes"));
            var task = new ImageTask((int)shape[1], (int)shape[2], (int)shape[3], classes);
            Images = formula.Images(shape);
            Labels = root.Get("labels").Tensor().WithShape("one for each image", shape[0]).ToIndices(classes, "classes");
            foreach (string role in Roles)
            {
                ImageModel model = FixtureNetworks.Create(nets.Get(role).Text(), task, FillParameters.Read(root, role + "_gain"));
                model.Eval();
                _models[role] = model;
            }
        }

        public Tensor Images { get; }

        public Tensor Labels { get; }

        public ImageModel this[string role] => _models[role];

        public void Dispose()
        {
            foreach (ImageModel model in _models.Values)
            {
                model.Dispose();
            }
        }
    }
}
