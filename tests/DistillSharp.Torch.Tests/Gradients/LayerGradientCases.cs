using static DistillSharp.Torch.Tests.Gradients.GradientCases;
using O = DistillSharp.Torch.Operators;

namespace DistillSharp.Torch.Tests.Gradients;

/// <summary>Products, layers and losses.</summary>
internal static class LayerGradientCases
{
    public static IEnumerable<GradientCase> All =>
    [
        new("mm", x => x[0].Mm(x[1]), Any(2, 3), Any(3, 2)),
        new("matmul", x => x[0].Matmul(x[1]), Any(2, 2, 3), Any(3, 2)),
        new("bmm", x => x[0].Bmm(x[1]), Any(2, 2, 3), Any(2, 3, 2)),
        new("addmm", x => x[0].Addmm(x[1], x[2], 0.5, 2.0), Any(2, 2), Any(2, 3), Any(3, 2)),
        new("linear", x => O.Linear(x[0], x[1], x[2]), Any(2, 3), Any(4, 3), Any(4)),
        new("linear without bias", x => O.Linear(x[0], x[1]), Any(2, 3), Any(4, 3)),
        new("einsum", x => O.Einsum("bi,bj->bij", [x[0], x[1]]), Any(2, 3), Any(2, 2)),
        new("conv2d", x => O.Conv2d(x[0], x[1], x[2], [2, 1], [1, 0]), Any(2, 2, 4, 4), Any(3, 2, 3, 3), Any(3)),
        new("conv2d dilated, in groups", x => O.Conv2d(x[0], x[1], null, null, null, [2, 2], 2), Any(1, 2, 4, 4), Any(4, 1, 2, 2)),
        new("max_pool2d", x => x[0].MaxPool2d([2, 2], [1, 2], [1, 0]), Any(1, 2, 4, 4)),
        new("avg_pool2d", x => x[0].AvgPool2d([2, 2], [2, 1], [1, 1], countIncludePad: false), Any(1, 2, 4, 4)),
        new("adaptive_avg_pool2d", x => x[0].AdaptiveAvgPool2d([2, 3]), Any(1, 2, 4, 5)),
        new("batch_norm training", x => O.BatchNorm(x[0], x[1], x[2], null, null, true, 0.1, 1e-5, false), Any(3, 2, 2, 2), Any(2), Any(2)),
        new("batch_norm", BatchNormInUse, Any(3, 2, 2, 2), Any(2), Any(2)),
        new("layer_norm", x => O.LayerNorm(x[0], [4], x[1], x[2]), Any(3, 4), Any(4), Any(4)),
        new("relu", x => x[0].Relu(), Any(2, 3)),
        new("relu_", x => x[0].Clone().ReluInPlace(), Any(2, 3)),
        new("leaky_relu", x => x[0].LeakyRelu(0.2), Any(2, 3)),
        new("gelu", x => x[0].Gelu(), Any(2, 3)),
        new("gelu by tanh", x => x[0].Gelu("tanh"), Any(2, 3)),
        new("silu", x => x[0].Silu(), Any(2, 3)),
        new("hardtanh", x => x[0].Hardtanh(-0.7, 0.7), Any(2, 3)),
        new("dropout at rest", x => O.Dropout(x[0], 0.5, false), Any(2, 3)),
        new("dropout", SeededDropout, Any(4, 5)),
        new("softmax.int", x => x[0].Softmax(1), Any(2, 3)),
        new("log_softmax.int", x => x[0].LogSoftmax(0), Any(2, 3)),
        new("cross_entropy_loss", x => x[0].CrossEntropyLoss(Classes, labelSmoothing: 0.1), Any(3, 4)),
        new("cross_entropy_loss of probabilities", x => x[0].CrossEntropyLoss(x[1].Softmax(1)), Any(3, 4), Any(3, 4)),
        new("nll_loss_nd", x => x[0].NllLossNd(Classes, reduction: 0), Any(3, 4)),
        new("kl_div", x => x[0].KlDiv(x[1]), Any(2, 3), Positive(2, 3)),
        new("kl_div of log targets", x => x[0].KlDiv(x[1], 2, logTarget: true), Any(2, 3), Any(2, 3)),
        new("conv_transpose2d.input", x => O.ConvTranspose2d(x[0], x[1], x[2], [2, 2], [1, 1]), Any(2, 2, 3, 3), Any(2, 3, 4, 4), Any(3)),
        new("mse_loss", x => x[0].MseLoss(x[1]), Any(2, 3), Positive(2, 3)),
        new("smooth_l1_loss", x => x[0].SmoothL1Loss(x[1], beta: 0.61), Any(2, 3), new(-1.2, 0.37, 2, 3)),
        new("grid_sampler", x => O.GridSampler(x[0], x[1], 0, 0, false), Any(1, 2, 4, 4), new(-0.83, 0.87, 1, 3, 2, 2)),
        new("upsample_bilinear2d", x => x[0].UpsampleBilinear2d([5, 7], false), Any(1, 2, 3, 3)),
        new("upsample_nearest2d", x => x[0].UpsampleNearest2d([4, 5]), Any(1, 2, 2, 3)),
    ];

    private static Tensor Classes => Tensor.From([1L, 3L, 0L]);

    private static Tensor BatchNormInUse(Tensor[] x) =>
        O.BatchNorm(x[0], x[1], x[2], Tensor.From([0.3, -0.2]), Tensor.From([1.5, 0.5]), false, 0.1, 1e-5, false);

    private static Tensor SeededDropout(Tensor[] x)
    {
        TorchRuntime.ManualSeed(7);
        return O.Dropout(x[0], 0.4, true);
    }
}
