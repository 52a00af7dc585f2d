namespace DistillSharp.Torch.Serialization;

/// <summary>The stack of a pickle, with its marks: nothing is taken from below the last mark but by what takes the mark too.</summary>
internal sealed class PickleStack(PickleInput input)
{
    private readonly List<object?> _values = [];
    private readonly List<int> _marks = [];

    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    public bool HasMarks => _marks.Count > 0;

    public int Count => _values.Count;

    public void Push(object? value) => _values.Add(value);

    public void Mark() => _marks.Add(_values.Count);

    public object? Peek() => _values.Count > Floor ? _values[^1] : throw Empty();

    public object? Pop()
    {
        object? top = Peek();
        _values.RemoveAt(_values.Count - 1);
        return top;
    }

    /// <summary>The last values, the oldest first.</summary>
    public object?[] Pop(int count)
    {
        if (_values.Count - Floor < count)
        {
            throw Empty();
        }

        return Take(_values.Count - count);
    }

    /// <summary>Everything above the last mark, and the mark.</summary>
    public object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw input.Error("a mark on the stack", "none");
        }

        int start = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        return Take(start);
    }

    private object?[] Take(int start)
    {
        object?[] taken = [.. _values[start..]];
        _values.RemoveRange(start, taken.Length);
        return taken;
    }

    private PyTorchFileException Empty() => input.Error("a value on the stack", "an empty stack");
}
