using System.Globalization;
using DistillSharp.Torch.Internal;

namespace DistillSharp.Torch;

/// <summary>Where a tensor lives: the CPU or one CUDA device.</summary>
public readonly record struct Device
{
    private const int MostCudaDevices = 128; // libtorch counts devices in a signed byte

    private readonly int _index; // 0 for the CPU, so that the default value is the CPU

    private Device(int type, int index) => (Type, _index) = (type, index);

    /// <summary>The CPU; also the default value.</summary>
    public static Device Cpu => default;

    /// <summary>How many CUDA devices this libtorch can use; 0 where it has no CUDA.</summary>
    public static int CudaCount => Native.CudaDevices();

    /// <summary>ATen's number of the kind of device: 0 the CPU, 1 CUDA.</summary>
    public int Type { get; }

    /// <summary>Which one; -1 for the CPU.</summary>
    public int Index => IsCuda ? _index : -1;

    /// <summary>True for a CUDA device.</summary>
    public bool IsCuda => Type == 1;

    internal long Packed => ((long)Type << 32) | (uint)Index;

    /// <summary>A CUDA device.</summary>
    /// <param name="index">Which one, 0 to 127.</param>
    public static Device Cuda(int index = 0) => index is >= 0 and < MostCudaDevices
        ? new(1, index)
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"CUDA devices are numbered from 0 to {MostCudaDevices - 1}.");

    /// <summary>Reads <c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static Device Parse(string text) => text switch
    {
        "cpu" => Cpu,
        "cuda" => Cuda(),
        null => throw new ArgumentNullException(nameof(text)),
        _ when text.StartsWith("cuda:", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && index < MostCudaDevices => Cuda(index),
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

    internal static Device FromPacked(long packed) => packed >> 32 == 0 ? Cpu : new((int)(packed >> 32), unchecked((int)packed));
}
