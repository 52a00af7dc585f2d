using System.Runtime.InteropServices;
using DistillSharp.Torch;

namespace DistillSharp.Data.Derived;

/// <summary>Makes one image out of another.</summary>
/// <param name="image">The image that it is made from: bytes, row-major [H, W].</param>
/// <param name="index">The index of that image.</param>
/// <param name="version">Which version of it is wanted.</param>
/// <param name="made">To be filled: bytes, row-major [C, H, W].</param>
internal delegate void PaintImage(ReadOnlySpan<byte> image, int index, int version, Span<byte> made);

/// <summary>Makes images on all cores at once, straight into the memory of a tensor.</summary>
internal static unsafe class ImagePainter
{
    /// <summary>UInt8 <c>[N, C, H, W]</c> on the CPU: for each entry of <paramref name="versions"/> an image, made from the image at its position modulo their number.</summary>
    /// <param name="from">Grey images, on any device.</param>
    /// <param name="versions">The version of each image.</param>
    /// <param name="channels">C.</param>
    /// <param name="paint">Makes an image; called on several threads.</param>
    public static Tensor Paint(ImageDataset from, int[] versions, int channels, PaintImage paint)
    {
        using var scope = new TensorScope();
        Tensor source = from.Images.To(Device.Cpu).Contiguous();
        Tensor made = Operators.Empty([versions.Length, channels, from.Height, from.Width], DType.UInt8);
        int pixels = from.Height * from.Width, count = from.Count;

        // Spans hold at most 2^31 bytes and cannot be given to other threads.
        byte* read = Start(source), written = Start(made);
        Parallel.For(0, versions.Length, i =>
        {
            int index = i % count;
            paint(new ReadOnlySpan<byte>(read + ((nint)index * pixels), pixels), index, versions[i], new Span<byte>(written + ((nint)i * channels * pixels), channels * pixels));
        });
        GC.KeepAlive(source);
        return scope.Keep(made);
    }

    private static byte* Start(Tensor images)
    {
        using var scope = new TensorScope();
        return (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(images.Rows(0, 1).AsSpan<byte>()));
    }
}
