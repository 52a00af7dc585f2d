using System.Numerics;
using System.Text;

namespace DistillSharp.Torch.Serialization;

/// <summary>
/// Reads one pickle as PyTorch writes it: protocols 2 to 5, plain values and containers, tensors. The instructions that call
/// or make objects act on the names of <see cref="PickleGlobal"/> alone; every other name ends the reading.
/// </summary>
/// <remarks>It never recurses, so nesting and cycles cost nothing; instructions are counted, so that memory stays within a multiple of the limit.</remarks>
internal sealed class PickleMachine
{
    private const int MostSteps = 4_000_000;
    private const int MostIntegerBytes = 256;
    private const int OldestProtocol = 2;
    private const int NewestProtocol = 5;

    private readonly PickleInput _input;
    private readonly PickleStack _stack;
    private readonly PickledTensors _tensors;
    private readonly Dictionary<long, object?> _memo = [];
    private int _steps;
    private long _at;

    private PickleMachine(PickleInput input, PickledTensors tensors)
    {
        _input = input;
        _stack = new PickleStack(input);
        _tensors = tensors;
    }

    /// <summary>Reads a pickle to its end.</summary>
    /// <param name="input">Its bytes.</param>
    /// <param name="tensors">What makes tensors, and remembers their storages.</param>
    /// <returns>One of the kinds that <see cref="PyTorchFile.Root"/> names.</returns>
    /// <exception cref="PyTorchFileException">The pickle is unsound, too large, or asks for code.</exception>
    public static object? Read(PickleInput input, PickledTensors tensors) => new PickleMachine(input, tensors).Run();

    private object? Run()
    {
        if ((PickleOpcode)_input.Byte() != PickleOpcode.Protocol || _input.Byte() is < OldestProtocol or > NewestProtocol)
        {
            throw _input.Error(0, $"a pickle of protocol {OldestProtocol} to {NewestProtocol}", "something else");
        }

        while (true)
        {
            _at = _input.Position;
            var opcode = (PickleOpcode)_input.Byte();
            if (opcode == PickleOpcode.Stop)
            {
                object? root = _stack.Pop();
                return _stack.Count == 0 && !_stack.HasMarks ? Finished(root) : throw Error("one value at the end", "more");
            }

            Charge(1);
            Step(opcode);
        }
    }

    private void Step(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Protocol:
                throw Error("one protocol, at the start", "another");
            case PickleOpcode.Frame:
                _input.Frame();
                break;
            case PickleOpcode.Mark:
                _stack.Mark();
                break;
            case PickleOpcode.Pop:
                _stack.Pop();
                break;
            case PickleOpcode.PopMark:
                _stack.PopToMark();
                break;
            case PickleOpcode.Duplicate:
                _stack.Push(_stack.Peek());
                break;
            case PickleOpcode.BinPut:
                Put(_input.Byte());
                break;
            case PickleOpcode.LongBinPut:
                Put(_input.UInt32());
                break;
            case PickleOpcode.Memoize:
                Put(_memo.Count);
                break;
            case PickleOpcode.BinGet:
                Get(_input.Byte());
                break;
            case PickleOpcode.LongBinGet:
                Get(_input.UInt32());
                break;
            default:
                if (!PushesValue(opcode) && !ActsOnContainer(opcode))
                {
                    Call(opcode);
                }

                break;
        }
    }

    private bool PushesValue(PickleOpcode opcode)
    {
        object? value;
        switch (opcode)
        {
            case PickleOpcode.None:
                value = null;
                break;
            case PickleOpcode.NewTrue:
                value = true;
                break;
            case PickleOpcode.NewFalse:
                value = false;
                break;
            case PickleOpcode.BinInt:
                value = (long)_input.Int32();
                break;
            case PickleOpcode.BinInt1:
                value = (long)_input.Byte();
                break;
            case PickleOpcode.BinInt2:
                value = (long)_input.UInt16();
                break;
            case PickleOpcode.Long1:
                value = Integer(_input.Byte());
                break;
            case PickleOpcode.Long4:
                value = Integer(_input.Int32());
                break;
            case PickleOpcode.BinFloat:
                value = _input.Double();
                break;
            case PickleOpcode.ShortBinUnicode:
                value = _input.Utf8(_input.Byte());
                break;
            case PickleOpcode.BinUnicode:
                value = _input.Utf8(_input.UInt32());
                break;
            case PickleOpcode.BinUnicode8:
                value = _input.Utf8(_input.UInt64());
                break;
            case PickleOpcode.ShortBinString: // Python 2's texts
                value = Encoding.Latin1.GetString(_input.Bytes(_input.Byte()));
                break;
            case PickleOpcode.BinString:
                value = Encoding.Latin1.GetString(_input.Bytes(_input.UInt32()));
                break;
            case PickleOpcode.ShortBinBytes:
                value = _input.Bytes(_input.Byte());
                break;
            case PickleOpcode.BinBytes:
                value = _input.Bytes(_input.UInt32());
                break;
            case PickleOpcode.BinBytes8 or PickleOpcode.ByteArray8:
                value = _input.Bytes(_input.UInt64());
                break;
            default:
                return false;
        }

        _stack.Push(value);
        return true;
    }

    private bool ActsOnContainer(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.EmptyTuple:
                _stack.Push(Array.Empty<object?>());
                break;
            case PickleOpcode.Tuple1:
                _stack.Push(_stack.Pop(1));
                break;
            case PickleOpcode.Tuple2:
                _stack.Push(_stack.Pop(2));
                break;
            case PickleOpcode.Tuple3:
                _stack.Push(_stack.Pop(3));
                break;
            case PickleOpcode.Tuple:
                _stack.Push(_stack.PopToMark());
                break;
            case PickleOpcode.EmptyList or PickleOpcode.EmptySet:
                _stack.Push(new PickledList());
                break;
            case PickleOpcode.List or PickleOpcode.FrozenSet:
                _stack.Push(ListOf(_stack.PopToMark()));
                break;
            case PickleOpcode.Append:
                AddTo([_stack.Pop()]);
                break;
            case PickleOpcode.Appends or PickleOpcode.AddItems:
                AddTo(_stack.PopToMark());
                break;
            case PickleOpcode.EmptyDict:
                _stack.Push(new PickledDictionary());
                break;
            case PickleOpcode.Dict:
                SetIn(new PickledDictionary(), _stack.PopToMark(), push: true);
                break;
            case PickleOpcode.SetItem:
                object?[] pair = _stack.Pop(2);
                SetIn(_stack.Peek(), pair);
                break;
            case PickleOpcode.SetItems:
                object?[] pairs = _stack.PopToMark();
                SetIn(_stack.Peek(), pairs);
                break;
            default:
                return false;
        }

        return true;
    }

    private void Call(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Global:
                string module = _input.Line();
                PushGlobal(module, _input.Line());
                break;
            case PickleOpcode.StackGlobal:
                object?[] names = _stack.Pop(2);
                PushGlobal(TextOf(names[0], "a module's name"), TextOf(names[1], "a name"));
                break;
            case PickleOpcode.BinPersistentId:
                _stack.Push(_tensors.Storage(_stack.Pop(), _at));
                break;
            case PickleOpcode.Reduce:
                object?[] call = _stack.Pop(2);
                _stack.Push(Reduce(call[0], call[1]));
                break;
            case PickleOpcode.Build:
                // The state of an ordered dictionary (PyTorch's _metadata) or of a parameter: nothing that is read here.
                _stack.Pop();
                if (_stack.Peek() is not (PickledDictionary or StoredTensor))
                {
                    throw Error("a state for a dictionary or tensor", "one for " + Kind(_stack.Peek()));
                }

                break;
            case PickleOpcode.NewObj or PickleOpcode.NewObjEx or PickleOpcode.Obj or PickleOpcode.Inst:
                throw _input.Code(_at, $"a new object of a class (opcode {opcode})");
            case PickleOpcode.Extension1 or PickleOpcode.Extension2 or PickleOpcode.Extension4:
                throw _input.Code(_at, $"something from Python's extension registry (opcode {opcode})");
            default:
                string found = Enum.IsDefined(opcode) ? $"{opcode}, which torch.save does not write" : $"0x{(byte)opcode:x2}";
                throw Error("an opcode of a pickle", found);
        }
    }

    private void PushGlobal(string module, string name)
    {
        PickleGlobal global = PickleGlobal.Find(module, name) ?? throw _input.Code(_at, Text.Shorten($"{module}.{name}"));
        _stack.Push(global.Kind == PickleGlobalKind.ElementType ? new PickledName(global.Name) : global);
    }

    private object? Reduce(object? function, object? given)
    {
        if (function is not PickleGlobal global)
        {
            throw Error("a function", Kind(function));
        }

        if (given is not object?[] arguments)
        {
            throw Error($"a tuple of arguments for {global.Name}", Kind(given));
        }

        switch (global.Kind)
        {
            case PickleGlobalKind.RebuildTensor:
                return _tensors.Rebuild(arguments, _at);
            case PickleGlobalKind.RebuildParameter:
                return arguments is [StoredTensor tensor, ..] ? tensor : throw Error($"a tensor for {global.Name}", Kind(arguments.FirstOrDefault()));
            case PickleGlobalKind.OrderedDictionary or PickleGlobalKind.Dictionary:
                return arguments.Length == 0 ? new PickledDictionary() : FromPairs(arguments);
            case PickleGlobalKind.Collection or PickleGlobalKind.Size:
                // The same items, not a copy: copies of copies would grow without end.
                return arguments switch
                {
                    [] => new PickledList(),
                    [PickledList or object?[]] => arguments[0],
                    _ => throw Error($"a list or tuple for {global.Name}", arguments.Length == 1 ? Kind(arguments[0]) : $"{arguments.Length} arguments"),
                };
            case PickleGlobalKind.Device:
                return new PickledName(arguments is [string device, ..] ? Text.Shorten(device) : throw Error("a device's name", "something else"));
            default:
                throw _input.Code(_at, $"a new {global.Name}");
        }
    }

    private PickledDictionary FromPairs(object?[] arguments)
    {
        if (arguments is not [PickledList pairs])
        {
            throw Error("pairs for a dictionary", Kind(arguments[0]));
        }

        Charge(pairs.Items.Count);
        var dictionary = new PickledDictionary();
        foreach (object? item in pairs.Items)
        {
            object?[] pair = item as object?[] ?? (item as PickledList)?.Items.ToArray() ?? [];
            Charge(pair.Length);
            SetIn(dictionary, pair.Length == 2 ? pair : throw Error("a key and a value", Kind(item)));
        }

        return dictionary;
    }

    private void AddTo(object?[] items)
    {
        if (_stack.Peek() is not PickledList list)
        {
            throw Error("a list or set to add to", Kind(_stack.Peek()));
        }

        Array.ForEach(items, list.Add);
    }

    private static PickledList ListOf(object?[] items)
    {
        var list = new PickledList();
        Array.ForEach(items, list.Add);
        return list;
    }

    private void SetIn(object? target, object?[] pairs, bool push = false)
    {
        if (target is not PickledDictionary dictionary)
        {
            throw Error("a dictionary to set in", Kind(target));
        }

        if (pairs.Length % 2 != 0)
        {
            throw Error("as many values as keys", $"{pairs.Length} of both");
        }

        for (int i = 0; i < pairs.Length; i += 2)
        {
            dictionary.Add(pairs[i], pairs[i + 1]);
        }

        if (push)
        {
            _stack.Push(dictionary);
        }
    }

    private object Integer(int length)
    {
        if (length is < 0 or > MostIntegerBytes)
        {
            throw Error($"a whole number of at most {MostIntegerBytes} bytes", $"one of {(uint)length}");
        }

        var value = new BigInteger(_input.Bytes((ulong)length));
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    private void Put(long index) => _memo[index] = _stack.Peek();

    private void Get(long index) =>
        _stack.Push(_memo.TryGetValue(index, out object? value) ? value : throw Error("a value that was put aside", $"number {index}, which was not"));

    private void Charge(int steps)
    {
        _steps += steps;
        if (_steps > MostSteps)
        {
            throw Error($"at most {MostSteps} instructions", "more (a state dict takes some thousands)");
        }
    }

    private object? Finished(object? root) => root is PickleGlobal or StorageReference ? new PickledName(Kind(root)) : root;

    private string TextOf(object? value, string what) => value as string ?? throw Error(what, Kind(value));

    private PyTorchFileException Error(string expected, string found) => _input.Error(_at, expected, found);

    private static string Kind(object? value) => PickledTensors.Kind(value);
}
