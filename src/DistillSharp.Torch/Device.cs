using System.Globalization;
using DistillSharp.Torch.Internal;

namespace DistillSharp.Torch;

/// <summary>Where a tensor lives: the CPU or one CUDA device.</summary>
public readonly record struct Device
{
    private Device(int type, int index) => (Type, Index) = (type, index);

    /// <summary>The CPU.</summary>
    public static Device Cpu { get; } = new(0, -1);

    /// <summary>How many CUDA devices this libtorch can use; 0 where it has no CUDA.</summary>
    public static int CudaCount => Native.CudaDevices();

    /// <summary>ATen's number of the kind of device: 0 the CPU, 1 CUDA.</summary>
    public int Type { get; }

    /// <summary>Which one; -1 for the CPU.</summary>
    public int Index { get; }

    /// <summary>True for a CUDA device.</summary>
    public bool IsCuda => Type == 1;

    internal long Packed => ((long)Type << 32) | (uint)Index;

    /// <summary>A CUDA device.</summary>
    public static Device Cuda(int index = 0) => new(1, index);

    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static Device Parse(string text) => text switch
    {
        "cpu" => Cpu,
        "cuda" => Cuda(),
        _ when text.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int index) => Cuda(index),
        _ => throw new FormatException($"'{text}' is no device; expected cpu, cuda or cuda:INDEX."),
    };

    /// <summary>Waits until everything asked of the device is done.</summary>
    public void Synchronize()
    {
        if (IsCuda)
        {
            Native.Check(Native.CudaSynchronize(Index));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => IsCuda ? $"cuda:{Index}" : "cpu";

    internal static Device FromPacked(long packed) => new((int)(packed >> 32), (int)(packed & 0xffffffff));
}
