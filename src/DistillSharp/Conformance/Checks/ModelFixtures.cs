using DistillSharp.Conformance.Reading;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Conformance.Checks;

/// <summary>Networks: names, order and shapes of the weights, their number, the features and the logits of stated images.</summary>
internal static class ModelFixtures
{
    public static IEnumerable<FixtureCase> Cases(FixtureNode root)
    {
        root.AllowOnly(["format", "kind", "fill_parameters", "input_parameters", .. FixtureNetworks.Groups.Keys]);
        FillParameters fill = FillParameters.Read(root, "gain");
        ImageFormula images = ImageFormula.Read(root);
        var cases = new List<FixtureCase>();
        foreach (string group in FixtureNetworks.Groups.Keys)
        {
            foreach ((string name, FixtureNode entry) in root.Find(group)?.Properties() ?? [])
            {
                cases.Add(Case(group, name, entry, fill, images));
            }
        }

        return cases.Count > 0
            ? cases
            : throw new FixtureException("", $"the file states no network; they stand under {string.Join(" or ", FixtureNetworks.Groups.Keys)}.");
    }

    private static FixtureCase Case(string group, string name, FixtureNode entry, FillParameters fill, ImageFormula images)
    {
        string title = $"{group}.{name}";
        try
        {
            return FixtureNetworks.IsImplemented(group, name, entry.Path)
                ? new FixtureCase(title, comparison => Check(FixtureNetworks.ZooName(group, name), entry, fill, images, comparison))
                : FixtureCase.Missing(title, $"the network {name} ({group})");
        }
        catch (FixtureException e)
        {
            // An unknown network fails alone: the file's others are checked all the same.
            return new FixtureCase(title, comparison => comparison.Fail("", e.Message));
        }
    }

    private static void Check(string name, FixtureNode entry, FillParameters fill, ImageFormula formula, Comparison comparison)
    {
        entry.AllowOnly("parameters", "state_dict", "feature_shapes", "feature_means", "feature_norms", "input_shape", "logits", "logits_norm", "classes");
        long[] shape = entry.Find("input_shape") is { } own
            ? FixtureNetworks.ImageShape(own)
            : formula.Shape ?? throw new FixtureException(entry.Path, "the key 'input_shape' is missing.");
        var task = new ImageTask((int)shape[1], (int)shape[2], (int)shape[3], FixtureNetworks.Classes(entry.Get("classes")));
        using ImageModel model = FixtureNetworks.Create(name, task, fill);
        if (entry.Find("parameters") is { } parameters)
        {
            long stated = parameters.Integer();
            comparison.CheckExactly("parameters", stated == model.ParameterCount() ? null : $"{stated} weights are stated, the network has {model.ParameterCount()}.");
        }

        if (entry.Find("state_dict") is { } state)
        {
            comparison.CheckExactly("state_dict", StateDictProblem(state, model));
        }

        CheckOutputs(model, entry, formula.Images(shape), comparison);
    }

    private static void CheckOutputs(ImageModel model, FixtureNode entry, Tensor images, Comparison comparison)
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        model.Eval();
        using var taps = new TapRecorder(model, model.FeatureLayers);
        Tensor logits = model.Call(images);
        Tensor[] features = [.. model.FeatureLayers.Select(layer => taps[layer])];
        if (entry.Find("feature_shapes") is { } shapes)
        {
            comparison.CheckExactly("feature_shapes", FeatureShapesProblem(shapes, model.FeatureLayers, features));
        }

        if (entry.Find("feature_means") is { } means)
        {
            comparison.CheckEach("feature_means", means, Array.ConvertAll(features, f => f.Mean().Item()));
        }

        if (entry.Find("feature_norms") is { } norms)
        {
            comparison.CheckEach("feature_norms", norms, Array.ConvertAll(features, Norm));
        }

        if (entry.Find("logits") is { } stated)
        {
            CheckFirst("logits", stated.Tensor(), logits, comparison);
        }

        if (entry.Find("logits_norm") is { } norm)
        {
            comparison.Check("logits_norm", norm, Norm(logits));
        }
    }

    /// <summary>Compares the rows and columns that a file states: it may hold only the first of each.</summary>
    internal static void CheckFirst(string quantity, FixtureTensor expected, Tensor actual, Comparison comparison)
    {
        if (expected.Shape.Length != 2 || expected.Data.Length == 0 || expected.Shape[0] > actual.Size(0) || expected.Shape[1] > actual.Size(1))
        {
            comparison.Fail(quantity, $"the shape [{string.Join(", ", expected.Shape)}] is stated, [{string.Join(", ", actual.Shape)}] was computed; the first rows and columns of it may be stated.");
            return;
        }

        comparison.Check(quantity, expected, actual.Narrow(0, 0, expected.Shape[0]).Narrow(1, 0, expected.Shape[1]));
    }

    private static double Norm(Tensor values) => values.LinalgVectorNorm(2).Item();

    private static string? StateDictProblem(FixtureNode stated, Module model)
    {
        IReadOnlyList<KeyValuePair<string, FixtureNode>> expected = stated.Properties();
        IReadOnlyList<KeyValuePair<string, Tensor>> actual = model.StateDict();
        for (int k = 0; k < Math.Min(expected.Count, actual.Count); k++)
        {
            (string name, FixtureNode shape) = expected[k];
            if (name != actual[k].Key)
            {
                return $"entry {k} is stated as '{name}'; the network has '{actual[k].Key}' there.";
            }

            long[] sizes = shape.Shape();
            if (!sizes.AsSpan().SequenceEqual(actual[k].Value.Shape))
            {
                return $"{name} is stated as [{string.Join(", ", sizes)}]; the network's is [{string.Join(", ", actual[k].Value.Shape)}].";
            }
        }

        return expected.Count == actual.Count ? null : $"{expected.Count} entries are stated; the network has {actual.Count}.";
    }

    private static string? FeatureShapesProblem(FixtureNode stated, IReadOnlyList<string> layers, Tensor[] features)
    {
        IReadOnlyList<FixtureNode> shapes = stated.Items();
        if (shapes.Count != features.Length)
        {
            return $"{shapes.Count} features are stated; the network has {features.Length} ({string.Join(", ", layers)}).";
        }

        for (int i = 0; i < features.Length; i++)
        {
            long[] sizes = shapes[i].Shape();
            if (!sizes.AsSpan().SequenceEqual(features[i].Shape))
            {
                return $"feature {i} ({layers[i]}) is stated as [{string.Join(", ", sizes)}]; the network gives out [{string.Join(", ", features[i].Shape)}].";
            }
        }

        return null;
    }
}
