using DistillSharp.Nn;
using DistillSharp.Torch;

namespace DistillSharp.Models;

/// <summary>
/// Attention within windows of a map, shifted or not, with a trained bias for each relative position (Liu et al. 2021, section 3.2 and eq. 4):
/// <c>[N, H, W, C]</c> to the same shape. Names are torchvision's.
/// </summary>
internal sealed class ShiftedWindowAttention : Module, ICountsMultiplyAdds
{
    private readonly int _window;
    private readonly int _shift;
    private readonly long _heads;
    private readonly Linear _projection;
    private readonly Linear _output;

    /// <summary>Makes the layer: biases of positions normal with deviation 0.02.</summary>
    /// <param name="width">C, channels.</param>
    /// <param name="window">Height and width of a window.</param>
    /// <param name="shift">How far windows are shifted down and right; 0 for not at all.</param>
    /// <param name="heads">Heads of the attention; they share the channels.</param>
    /// <param name="generator">Where the weights come from.</param>
    public ShiftedWindowAttention(long width, int window, int shift, long heads, Generator generator)
    {
        (_window, _shift, _heads) = (window, shift, heads);
        int span = (2 * window) - 1;
        RegisterParameter("relative_position_bias_table", Operators.Empty([span * span, heads], DType.Float32).NormalInPlace(0, 0.02, generator));
        RegisterBuffer("relative_position_index", Tensor.From(RelativePositions(window)));
        _projection = Register("qkv", new Linear(width, 3 * width, generator));
        _output = Register("proj", new Linear(width, width, generator));
    }

    private int TokensOfWindow => _window * _window;

    /// <summary>Those of the scores and of the mixing by them, padding included; the linear layers count their own.</summary>
    public long MultiplyAdds(ReadOnlySpan<long> output) =>
        output[0] * Padded(output[1]) * Padded(output[2]) * output[3] * 2 * TokensOfWindow;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        (long count, long height, long width, long channels) = (input.Size(0), input.Size(1), input.Size(2), input.Size(3));
        (long rows, long columns) = (Padded(height), Padded(width));
        bool whole = rows == height && columns == width;
        Tensor padded = whole ? input : input.ConstantPadNd([0, 0, 0, columns - width, 0, rows - height]);

        // A window that holds the whole map need not be shifted.
        long down = _window >= rows ? 0 : _shift;
        long right = _window >= columns ? 0 : _shift;
        bool shifted = down + right > 0;
        Tensor windows = Windows(shifted ? padded.Roll([-down, -right], [1, 2]) : padded, _window);
        Tensor attended = Attend(windows, shifted ? Mask(rows, columns, down, right, input) : null);
        Tensor joined = attended
            .View([count, rows / _window, columns / _window, _window, _window, channels])
            .Permute([0, 1, 3, 2, 4, 5])
            .Reshape([count, rows, columns, channels]);
        Tensor back = shifted ? joined.Roll([down, right], [1, 2]) : joined;
        return whole ? back : back.Slice(1, 0, height).Slice(2, 0, width).Contiguous();
    }

    /// <summary><c>[N, H, W, C]</c> to <c>[N·windows, tokens, C]</c>.</summary>
    private static Tensor Windows(Tensor map, long window) => map
        .View([map.Size(0), map.Size(1) / window, window, map.Size(2) / window, window, map.Size(3)])
        .Permute([0, 1, 3, 2, 4, 5])
        .Reshape([-1, window * window, map.Size(3)]);

    /// <summary>For every pair of tokens of a window, the row of the table that belongs to their relative position.</summary>
    private static long[] RelativePositions(int window)
    {
        int tokens = window * window;
        var index = new long[tokens * tokens];
        for (int from = 0; from < tokens; from++)
        {
            for (int to = 0; to < tokens; to++)
            {
                int down = (from / window) - (to / window) + window - 1;
                int right = (from % window) - (to % window) + window - 1;
                index[(from * tokens) + to] = (down * ((2 * window) - 1)) + right;
            }
        }

        return index;
    }

    /// <summary>A size of the map brought up to a whole number of windows.</summary>
    private long Padded(long size) => (size + _window - 1) / _window * _window;

    /// <summary>The attention of windows <c>[N·windows, tokens, C]</c>; a mask <c>[windows, 1, tokens, tokens]</c> is added to the scores.</summary>
    private Tensor Attend(Tensor windows, Tensor? mask)
    {
        (long count, long tokens, long channels) = (windows.Size(0), windows.Size(1), windows.Size(2));
        Tensor[] parts = _projection.Call(windows)
            .View([count, tokens, 3, _heads, channels / _heads])
            .Permute([2, 0, 3, 1, 4])
            .Unbind(0);
        Tensor bias = Parameter("relative_position_bias_table").IndexSelect(0, Buffer("relative_position_index"))
            .View([tokens, tokens, _heads])
            .Permute([2, 0, 1]);
        Tensor scores = (parts[0] * Math.Pow(channels / _heads, -0.5)).Matmul(parts[1].Transpose(2, 3)) + bias;
        if (mask is not null)
        {
            scores = (scores.View([-1, mask.Size(0), _heads, tokens, tokens]) + mask).View([count, _heads, tokens, tokens]);
        }

        Tensor mixed = scores.Softmax(-1).Matmul(parts[2]);
        return _output.Call(mixed.Transpose(1, 2).Reshape([count, tokens, channels]));
    }

    /// <summary>-100 between tokens that the shift brought into one window from different ends of the map, 0 elsewhere.</summary>
    private Tensor Mask(long rows, long columns, long down, long right, Tensor like)
    {
        var regions = new float[rows * columns];
        for (long row = 0; row < rows; row++)
        {
            for (long column = 0; column < columns; column++)
            {
                regions[(row * columns) + column] = (3 * Region(row, rows, down)) + Region(column, columns, right);
            }
        }

        Tensor ids = Windows(Tensor.From(regions, 1, rows, columns, 1), _window).View([-1, TokensOfWindow]);
        Tensor differs = ids.Unsqueeze(1).Ne(ids.Unsqueeze(2));
        return (differs.To(like.DType) * -100).Unsqueeze(1).To(like.Device);
    }

    /// <summary>Which of the three parts of an axis a position lies in: windows that were not cut, the part before the cut, the part behind it.</summary>
    private int Region(long position, long size, long shift) => shift == 0 || position < size - _window ? 0 : position < size - shift ? 1 : 2;
}
