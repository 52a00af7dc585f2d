using DistillSharp.Models;
using DistillSharp.Torch;
using DistillSharp.Torch.Serialization;
using DistillSharp.Weights;

namespace DistillSharp.Tests.Weights;

/// <summary>With PyTorch itself: the same weights give the same logits on both sides, in both directions.</summary>
public sealed class PyTorchRoundTripTests : IDisposable
{
    private static readonly (string Name, DType DType)[] Types = [("float32", DType.Float32), ("float64", DType.Float64)];

    private readonly string _folder = Directory.CreateTempSubdirectory("distillsharp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Should_give_the_logits_that_PyTorch_gives_for_its_weights()
    {
        PythonWithTorch.Require();
        PythonWithTorch.Run("resnet8.py", "make", _folder);
        foreach ((string name, DType dtype) in Types)
        {
            using var scope = new TensorScope();
            Dictionary<string, Tensor> answers = ReadAll($"pytorch-{name}-logits.pth");
            foreach (string kind in (string[])["pytorch", "pytorch-legacy"])
            {
                using WeightsFile file = WeightsFile.Open(File($"{kind}-{name}.pth"));
                Assert.Equal(["resnet8"], WeightsNetworks.Find(file.Entries).Select(f => f.Name));
                using ImageModel model = WeightsNetworks.Load("resnet8", file);
                model.To(dtype);
                file.LoadInto(model);
                Closeness.AssertClose(answers["logits"], Logits(model, answers["images"]), Closeness.Tolerance(dtype));
            }
        }
    }

    [Fact]
    public void Should_write_weights_that_give_the_same_logits_in_PyTorch()
    {
        PythonWithTorch.Require();
        foreach ((string name, DType dtype) in Types)
        {
            using var scope = new TensorScope();
            using ImageModel model = ModelZoo.Create("resnet8", new ImageTask(3, 32, 32, 7), seed: 3);
            model.To(dtype);
            using var generator = new Generator(5);
            Tensor Normal(params long[] shape) => Operators.Empty(shape, dtype).NormalInPlace(0, 1, generator);
            using (Autograd.NoGrad())
            {
                model.Call(Normal(16, 3, 32, 32)); // running statistics that are not the first ones
            }

            Tensor images = Normal(4, 3, 32, 32);
            PyTorchFile.Write(File($"ours-{name}-logits.pth"), [("images", images), ("logits", Logits(model, images))]);
            WeightsFile.Write(File($"ours-{name}.pth"), model.StateDict());
            WeightsFile.Write(File($"ours-{name}.safetensors"), model.StateDict());
        }

        string said = PythonWithTorch.Run("resnet8.py", "check", _folder);
        Assert.Equal(6, said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => line.StartsWith("float", StringComparison.Ordinal)));
    }

    private static Tensor Logits(ImageModel model, Tensor images)
    {
        using GradModeScope noGrad = Autograd.NoGrad();
        model.Eval();
        return model.Call(images);
    }

    private Dictionary<string, Tensor> ReadAll(string name)
    {
        using WeightsFile file = WeightsFile.Open(File(name));
        return file.Read().ToDictionary();
    }

    private string File(string name) => Path.Combine(_folder, name);
}
