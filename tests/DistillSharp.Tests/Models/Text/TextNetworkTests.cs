using System.Text.Json;
using DistillSharp.Conformance.Checks;
using DistillSharp.Models;
using DistillSharp.Nn;
using DistillSharp.Optimization;
using DistillSharp.Torch;
using static DistillSharp.Tests.Closeness;

namespace DistillSharp.Tests.Models;

public class TextNetworkTests
{
    /// <summary>Names, logits and gradients of PyTorch's layers: tests/fixtures/text/make.py; Float64, 1e-9 of the largest value.</summary>
    [Theory]
    [InlineData("classifier")]
    [InlineData("classifier in both directions")]
    [InlineData("language model")]
    [InlineData("tied language model")]
    public void Should_equal_PyTorch(string name)
    {
        using var scope = new TensorScope();
        using var file = new GoldenFile("../text/text-networks.json");
        using Module network = Filled(file, name);
        JsonElement stated = file.At("cases", name, "state_dict");
        Assert.Equal(
            stated.EnumerateObject().Select(p => $"{p.Name} [{string.Join(", ", p.Value.EnumerateArray().Select(s => s.GetInt64()))}]"),
            network.StateDict().Select(p => $"{p.Key} [{string.Join(", ", p.Value.Shape)}]"));
        Tensor logits = network.Call(Words(file.At("cases", name, "words")));
        AssertClose(file.Tensor(DType.Float64, "cases", name, "logits"), logits, 1e-9);

        (logits.Flatten() * Operators.Arange(logits.ElementCount, DType.Float64).Sin()).Sum().Backward();
        IReadOnlyList<KeyValuePair<string, Tensor>> parameters = [.. network.NamedParameters()];
        Assert.Equal(file.At("cases", name, "gradients").EnumerateObject().Select(p => p.Name), parameters.Select(p => p.Key));
        Assert.All(parameters, p => AssertClose(file.Tensor(DType.Float64, "cases", name, "gradients", p.Key), p.Value.Grad!, 1e-9));
        network.ZeroGradients();
    }

    [Fact]
    public void Should_give_the_states_at_the_ends_to_the_classifier()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        using var network = new TextClassifier(new RecurrentSize(9, 4, 5, Bidirectional: true), 3, generator);
        using var taps = new TapRecorder(network, [network.PenultimateLayer, network.SequenceLayer]);
        network.Call(Tensor.From([3L, 4, 0, 5, 6, 7], 2, 3));
        Tensor outputs = taps[network.SequenceLayer];
        Assert.Equal([2L, 3, 10], outputs.Shape);
        Tensor ends = Operators.Cat([outputs.Select(0, 0).Select(0, 1).Slice(0, 0, 5), outputs.Select(0, 0).Select(0, 0).Slice(0, 5)]);
        Assert.True(ends.Equal(taps[network.PenultimateLayer].Select(0, 0)));
    }

    [Fact]
    public void Should_take_no_notice_of_padding_behind_a_text()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        using var network = new TextClassifier(new RecurrentSize(9, 4, 5, Bidirectional: true), 3, generator);
        Tensor alone = network.Call(Tensor.From([3L, 4], 1, 2));
        AssertClose(alone, network.Call(Tensor.From([3L, 4, 0, 0, 5, 5, 5, 5], 2, 4)).Rows(0, 1), 1e-6);
        Assert.True(network.Call(Tensor.From([0L, 0, 0], 1, 3)).Isfinite().All().Item() == 1);
    }

    [Fact]
    public void Should_not_see_the_words_that_it_is_to_predict()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        using var network = new LanguageModel(new RecurrentSize(9, 4, 5, Padding: null), generator);
        Tensor first = network.Call(Tensor.From([3L, 4, 5], 1, 3));
        Tensor second = network.Call(Tensor.From([3L, 4, 8], 1, 3));
        Assert.Equal([1L, 3, 9], first.Shape);
        Assert.True(first.Slice(1, 0, 2).Equal(second.Slice(1, 0, 2)));
        Assert.False(first.Equal(second));
    }

    [Fact]
    public void Should_read_a_text_in_pieces_as_in_one()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        using var network = new LanguageModel(new RecurrentSize(9, 4, 5, Layers: 2, Padding: null), generator);
        Tensor whole = network.Call(Tensor.From([3L, 4, 5, 6], 1, 4));
        (Tensor start, LstmState end) = network.Read(Tensor.From([3L, 4], 1, 2));
        (Tensor rest, _) = network.Read(Tensor.From([5L, 6], 1, 2), end);
        AssertClose(whole, Operators.Cat([start, rest], 1), 1e-6);
    }

    [Fact]
    public void Should_keep_tied_weights_tied_through_loading_and_conversion()
    {
        using var scope = new TensorScope();
        using var generator = new Generator(1);
        using var first = new LanguageModel(new RecurrentSize(9, 4, 4, Padding: null), generator, tied: true);
        using var second = new LanguageModel(new RecurrentSize(9, 4, 4, Padding: null), generator, tied: true);
        second.LoadStateDict(first.StateDict());
        second.To(DType.Float64);
        Dictionary<string, Tensor> state = second.StateDict().ToDictionary(p => p.Key, p => p.Value);
        Assert.Same(state["embedding.weight"], state["decoder.weight"]);
        Assert.DoesNotContain(second.NamedParameters(), p => p.Key == "decoder.weight");
        Tensor words = Tensor.From([3L, 4, 5], 1, 3);
        AssertClose(first.Call(words).To(DType.Float64), second.Call(words), 1e-5);
    }

    [Fact]
    public void Should_say_which_sizes_do_not_go_together()
    {
        using var generator = new Generator(1);
        Assert.Contains("Hidden is 5, EmbeddingWidth is 4", Assert.Throws<ArgumentException>(() => new LanguageModel(new RecurrentSize(9, 4, 5), generator, tied: true)).Message);
        Assert.Contains("one direction", Assert.Throws<ArgumentException>(() => new LanguageModel(new RecurrentSize(9, 4, 5, Bidirectional: true), generator)).Message);
    }

    /// <summary>The class is whether word 5 occurs before word 6: the order of words decides, not which there are.</summary>
    [Fact]
    public void Should_learn_what_the_order_of_words_decides()
    {
        long before = Tensor.LiveCount;
        using (new TensorScope())
        {
            using var generator = new Generator(1);
            using var network = new TextClassifier(new RecurrentSize(7, 8, 16, Bidirectional: true, Dropout: 0.1), 2, generator);
            using var optimizer = new Adam(network.Parameters(), 0.02);
            network.UseGenerator(generator);
            Tensor words = Operators.Randint(1, 5, [64, 6], generator);
            Tensor classes = Operators.Arange(64).Remainder(2);
            Tensor orders = Tensor.From([5L, 6, 6, 5], 2, 2).IndexSelect(0, classes);
            words = Operators.Cat([words.Slice(1, 0, 2), orders.Slice(1, 0, 1), words.Slice(1, 2, 4), orders.Slice(1, 1), words.Slice(1, 4)], 1);
            double first = Step(network, optimizer, words, classes);
            double last = 0;
            for (int i = 0; i < 40; i++)
            {
                last = Step(network, optimizer, words, classes);
            }

            Assert.InRange(first, 0.6, 0.9);
            Assert.True(last < 0.1, $"The loss went from {first} to {last} only.");
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    private static double Step(TextClassifier network, Adam optimizer, Tensor words, Tensor classes)
    {
        using var scope = new TensorScope();
        Tensor loss = network.Call(words).CrossEntropyLoss(classes);
        network.ZeroGradients();
        loss.Backward();
        optimizer.Step();
        network.ZeroGradients();
        return loss.Item();
    }

    private static Module Filled(GoldenFile file, string name)
    {
        using var generator = new Generator(1);
        long Size(string key) => file.At("sizes", key).GetInt64();
        JsonElement settings = file.At("cases", name);
        int layers = settings.GetProperty("layers").GetInt32();
        Module network = settings.TryGetProperty("tied", out JsonElement tied)
            ? new LanguageModel(new RecurrentSize(Size("words"), Size("width"), tied.GetBoolean() ? Size("width") : Size("hidden"), layers, Padding: null), generator, tied.GetBoolean())
            : new TextClassifier(new RecurrentSize(Size("words"), Size("width"), Size("hidden"), layers, settings.GetProperty("bidirectional").GetBoolean()), Size("classes"), generator);
        network.To(DType.Float64);
        using GradModeScope noGrad = Autograd.NoGrad();
        IReadOnlyList<KeyValuePair<string, Tensor>> state = network.StateDict();
        for (int k = 0; k < state.Count; k++)
        {
            state[k].Value.CopyInPlace(FixtureNetworks.Wave(state[k].Value.Shape, 0.7, 0.1 * k) * 0.5);
        }

        return network;
    }

    private static Tensor Words(JsonElement rows) =>
        Operators.Stack([.. rows.EnumerateArray().Select(row => Tensor.From([.. row.EnumerateArray().Select(w => w.GetInt64())]))]);
}
