using DistillSharp.Models;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Weights;

public sealed class WeightsFileTests : IDisposable
{
    private static readonly string[] Names = ["conv.weight", "bn.num_batches_tracked", "fc.weight", "fc.bias"];

    private readonly string _folder = Directory.CreateTempSubdirectory("distillsharp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("zip.pth", WeightsFormat.PyTorch, "", "")]
    [InlineData("legacy.pth", WeightsFormat.PyTorchLegacy, "", "")]
    [InlineData("data-parallel.pth", WeightsFormat.PyTorch, "", "module.")]
    [InlineData("nested.pth", WeightsFormat.PyTorch, "state_dict", "")]
    public void Should_find_the_state_dict(string name, WeightsFormat format, string key, string prefix)
    {
        using var scope = new TensorScope();
        using WeightsFile file = WeightsFile.Open(WeightsFixtures.File(name));
        Assert.Equal((format, key, prefix), (file.Format, file.Key, file.Prefix));
        Assert.Equal(Names, file.Entries.Select(e => e.Name));
        Assert.Equal("[2, 1, 3, 3]", file.Entries[0].ShapeText);
        Assert.Equal((18, 72), (file.Entries[0].ElementCount, file.Entries[0].Bytes));
        OrderedDictionary<string, Tensor> tensors = file.Read();
        Assert.Equal(Names, tensors.Keys);
        Assert.Equal([1f, -1f], tensors["fc.bias"].ToArray<float>());
    }

    [Fact]
    public void Should_take_the_state_dict_of_a_key_and_list_what_lies_beside_it()
    {
        using var scope = new TensorScope();
        using WeightsFile file = WeightsFile.Open(WeightsFixtures.File("nested.pth"), "ema");
        Assert.Equal(("ema", "module."), (file.Key, file.Prefix));
        Assert.Equal(["state_dict"], file.OtherKeys);
        Assert.Equal([2f, 0f], file.Read()["fc.bias"].ToArray<float>());
        Assert.Contains(new IgnoredEntry("epoch", "a whole number"), file.Ignored);
        Assert.Contains(new IgnoredEntry("optimizer", "a dictionary of 2"), file.Ignored);
        Assert.DoesNotContain(file.Ignored, i => i.Name == "ema");
    }

    [Fact]
    public void Should_say_which_keys_there_are()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => WeightsFile.Open(WeightsFixtures.File("nested.pth"), "stat_dict"));
        Assert.Contains("There is no state dict under the key 'stat_dict'. Did you mean 'state_dict'?", e.Message);
        string safe = Path.Combine(_folder, "w.safetensors");
        SafeTensors.Write(safe, []);
        Assert.Contains("Leave the key out", Assert.Throws<ArgumentException>(() => WeightsFile.Open(safe, "model")).Message);
    }

    [Fact]
    public void Should_decide_by_content_and_not_by_name()
    {
        using var scope = new TensorScope();
        string misnamed = Path.Combine(_folder, "weights.pth");
        SafeTensors.Write(misnamed, [("module._orig_mod.a", Tensor.Of(2)), ("module._orig_mod.b", Tensor.Of(3))]);
        using WeightsFile file = WeightsFile.Open(misnamed);
        Assert.Equal((WeightsFormat.SafeTensors, "module._orig_mod."), (file.Format, file.Prefix));
        Assert.Equal(3, file.Read()["b"].Item());
    }

    [Fact]
    public void Should_refuse_what_holds_no_weights()
    {
        string text = Path.Combine(_folder, "notes.pth");
        File.WriteAllText(text, "These are no weights, only words.");
        Assert.Contains("expected a safetensors file or a file of torch.save, found neither", Assert.Throws<InvalidDataException>(() => WeightsFile.Open(text)).Message);
        Assert.Contains("is a folder", Assert.Throws<InvalidDataException>(() => WeightsFile.Open(_folder)).Message);
        Assert.Throws<FileNotFoundException>(() => WeightsFile.Open(Path.Combine(_folder, "none.pth")));
        Assert.Contains("posix.system", Assert.Throws<PyTorchFileException>(() => WeightsFile.Open(WeightsFixtures.File("attack.pth"))).Message);

        using WeightsFile empty = WeightsFile.Open(WeightsFixtures.File("empty.pth"));
        Assert.Empty(empty.Entries);
    }

    [Theory]
    [InlineData("nested.pth")]
    [InlineData("zip.pth")]
    [InlineData("views-legacy.pth")]
    [InlineData("attack.pth")]
    public void Should_own_no_tensor_once_the_caller_s_scope_is_closed(string name)
    {
        TorchRuntime.EnsureStarted();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.LiveCount;
        using (new TensorScope())
        {
            try
            {
                using WeightsFile file = WeightsFile.Open(WeightsFixtures.File(name));
                Assert.NotEmpty(file.Read());
                Assert.Throws<WeightsMismatchException>(() => WeightsNetworks.Load("lenet5", file));
            }
            catch (PyTorchFileException)
            {
                Assert.Equal("attack.pth", name);
            }
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Should_look_once_at_dictionaries_that_hold_each_other()
    {
        // A thousand keys with one dictionary of a thousand keys, which holds the first: a million paths, and a cycle.
        byte[] bytes;
        using (var pickle = new MemoryStream())
        {
            void Put(string opcodes) => pickle.Write(System.Text.Encoding.Latin1.GetBytes(opcodes));
            Put("\u0080\u0002}q\0}q\u0001(");
            for (int i = 0; i < 1000; i++)
            {
                Put($"U\u0004{i:D4}h\0");
            }

            Put("u0(");
            for (int i = 0; i < 1000; i++)
            {
                Put($"U\u0004{i:D4}h\u0001");
            }

            Put("u.");
            bytes = pickle.ToArray();
        }

        string path = Path.Combine(_folder, "cycle.pth");
        using (var archive = new System.IO.Compression.ZipArchive(File.Create(path), System.IO.Compression.ZipArchiveMode.Create))
        {
            using Stream entry = archive.CreateEntry("archive/data.pkl", System.IO.Compression.CompressionLevel.NoCompression).Open();
            entry.Write(bytes);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        string said = Assert.Throws<PyTorchFileException>(() => WeightsFile.Open(path)).Message;
        Assert.Contains("expected a dictionary of named tensors, here or under a key, found none under the keys 0000, 0001", said);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
    }

    [Theory]
    [InlineData("saved.pth", WeightsFormat.PyTorch)]
    [InlineData("saved.pt", WeightsFormat.PyTorch)]
    [InlineData("saved.safetensors", WeightsFormat.SafeTensors)]
    public void Should_give_a_network_its_weights_back(string name, WeightsFormat format)
    {
        using var scope = new TensorScope();
        string path = Path.Combine(_folder, name);
        var task = new ImageTask(1, 28, 28, 10);
        using var classifier = new ImageClassifier(ModelZoo.Create("resnet8", task, seed: 1), [0.5], [0.5]);
        classifier.Save(path);

        using WeightsFile file = WeightsFile.Open(path);
        Assert.Equal(format, file.Format);
        using ImageModel again = WeightsNetworks.Load("resnet8", file);
        Assert.All(classifier.Network.StateDict().Zip(again.StateDict()), p => Assert.True(p.First.Value.Equal(p.Second.Value)));
        Assert.All(again.Parameters(), p => Assert.True(p.RequiresGrad));
    }

    [Fact]
    public void Should_convert_to_the_network_s_type()
    {
        using var scope = new TensorScope();
        string path = Path.Combine(_folder, "half.pth");
        using ImageModel model = ModelZoo.Create("lenet5", new ImageTask(1, 28, 28, 10), seed: 1);
        WeightsFile.Write(path, model.StateDict().Select(p => new KeyValuePair<string, Tensor>(p.Key, p.Value.Detach().To(DType.BFloat16))));
        using WeightsFile file = WeightsFile.Open(path);
        Assert.All(file.Entries, e => Assert.Equal(DType.BFloat16, e.DType));
        using ImageModel read = WeightsNetworks.Load("lenet5", file);
        Assert.All(read.Parameters(), p => Assert.Equal(DType.Float32, p.DType));
        Closeness.AssertClose(model.Parameters()[0], read.Parameters()[0], 1e-2);
    }
}
