using System.Runtime.InteropServices;

namespace DistillSharp.Torch.Internal;

/// <summary>The C interface of the bridge (<c>native/bridge.h</c>), blittable throughout.</summary>
internal static unsafe partial class Native
{
    private const string Library = "libdistillsharp_torch.so";

    [LibraryImport(Library, EntryPoint = "ds_last_error")]
    private static partial byte* LastErrorText();

    [LibraryImport(Library, EntryPoint = "ds_free")]
    public static partial void Free(void* memory);

    [LibraryImport(Library, EntryPoint = "ds_live_tensors")]
    public static partial long LiveTensors();

    [LibraryImport(Library, EntryPoint = "ds_operator_find")]
    public static partial int OperatorFind(byte* name, byte* overload, nint* handle);

    [LibraryImport(Library, EntryPoint = "ds_operator_schema")]
    public static partial int OperatorSchemaText(nint handle, byte** text);

    [LibraryImport(Library, EntryPoint = "ds_operator_call")]
    public static partial int OperatorCall(nint handle, Value* arguments, int argumentCount, Value* results, int* resultCount);

    [LibraryImport(Library, EntryPoint = "ds_tensor_free")]
    public static partial void TensorFree(nint tensor);

    [LibraryImport(Library, EntryPoint = "ds_tensor_alias")]
    public static partial int TensorAlias(nint tensor, nint* alias);

    [LibraryImport(Library, EntryPoint = "ds_tensor_dimensions"), SuppressGCTransition]
    public static partial long TensorDimensions(nint tensor);

    [LibraryImport(Library, EntryPoint = "ds_tensor_count"), SuppressGCTransition]
    public static partial long TensorCount(nint tensor);

    [LibraryImport(Library, EntryPoint = "ds_tensor_dtype"), SuppressGCTransition]
    public static partial int TensorDType(nint tensor);

    [LibraryImport(Library, EntryPoint = "ds_tensor_element_size"), SuppressGCTransition]
    public static partial long TensorElementSize(nint tensor);

    [LibraryImport(Library, EntryPoint = "ds_tensor_is_contiguous"), SuppressGCTransition]
    public static partial int TensorIsContiguous(nint tensor);

    [LibraryImport(Library, EntryPoint = "ds_tensor_device"), SuppressGCTransition]
    public static partial long TensorDevice(nint tensor);

    [LibraryImport(Library, EntryPoint = "ds_tensor_shape")]
    public static partial int TensorShape(nint tensor, long* sizes, long* strides);

    [LibraryImport(Library, EntryPoint = "ds_tensor_data")]
    public static partial int TensorData(nint tensor, void** data);

    [LibraryImport(Library, EntryPoint = "ds_tensor_requires_grad")]
    public static partial int TensorRequiresGrad(nint tensor);

    [LibraryImport(Library, EntryPoint = "ds_tensor_is_leaf")]
    public static partial int TensorIsLeaf(nint tensor);

    [LibraryImport(Library, EntryPoint = "ds_tensor_is_inference")]
    public static partial int TensorIsInference(nint tensor);

    [LibraryImport(Library, EntryPoint = "ds_tensor_set_requires_grad")]
    public static partial int TensorSetRequiresGrad(nint tensor, int value);

    [LibraryImport(Library, EntryPoint = "ds_tensor_grad")]
    public static partial int TensorGrad(nint tensor, nint* grad);

    [LibraryImport(Library, EntryPoint = "ds_tensor_set_grad")]
    public static partial int TensorSetGrad(nint tensor, nint grad);

    [LibraryImport(Library, EntryPoint = "ds_backward")]
    public static partial int Backward(nint* outputs, nint* gradients, int count, int keepGraph, int createGraph);

    [LibraryImport(Library, EntryPoint = "ds_gradients")]
    public static partial int Gradients(
        nint* outputs, nint* gradients, int outputCount, nint* inputs, int inputCount, int keepGraph, int createGraph, int allowUnused, nint* results);

    [LibraryImport(Library, EntryPoint = "ds_grad_mode_enabled")]
    public static partial int GradModeEnabled();

    [LibraryImport(Library, EntryPoint = "ds_grad_mode_set")]
    public static partial void GradModeSet(int enabled);

    [LibraryImport(Library, EntryPoint = "ds_inference_mode_enter")]
    public static partial nint InferenceModeEnter();

    [LibraryImport(Library, EntryPoint = "ds_inference_mode_leave")]
    public static partial void InferenceModeLeave(nint guard);

    [LibraryImport(Library, EntryPoint = "ds_generator_new")]
    public static partial int GeneratorNew(long device, ulong seed, nint* generator);

    [LibraryImport(Library, EntryPoint = "ds_generator_free")]
    public static partial void GeneratorFree(nint generator);

    [LibraryImport(Library, EntryPoint = "ds_generator_seed")]
    public static partial int GeneratorSeed(nint generator, ulong seed);

    [LibraryImport(Library, EntryPoint = "ds_generator_state")]
    public static partial int GeneratorState(nint generator, nint* state);

    [LibraryImport(Library, EntryPoint = "ds_generator_set_state")]
    public static partial int GeneratorSetState(nint generator, nint state);

    [LibraryImport(Library, EntryPoint = "ds_manual_seed")]
    public static partial int ManualSeed(ulong seed);

    [LibraryImport(Library, EntryPoint = "ds_threads")]
    public static partial int Threads();

    [LibraryImport(Library, EntryPoint = "ds_set_threads")]
    public static partial int SetThreads(int count);

    [LibraryImport(Library, EntryPoint = "ds_cuda_devices")]
    public static partial int CudaDevices();

    [LibraryImport(Library, EntryPoint = "ds_cuda_synchronize")]
    public static partial int CudaSynchronize(int index);

    [LibraryImport(Library, EntryPoint = "ds_deterministic")]
    public static partial void Deterministic(int enabled);

    [LibraryImport(Library, EntryPoint = "ds_set_threads_here")]
    public static partial int SetThreadsHere(int count);

    [LibraryImport(Library, EntryPoint = "ds_keep_freed_memory")]
    public static partial void KeepFreedMemory();

    [LibraryImport(Library, EntryPoint = "ds_flush_denormals")]
    public static partial void FlushDenormals(int enabled);

    [LibraryImport(Library, EntryPoint = "ds_version")]
    private static partial byte* VersionText();

    [LibraryImport(Library, EntryPoint = "ds_configuration")]
    public static partial int Configuration(byte** text);

    /// <summary>libtorch's version, e.g. <c>1.13.0</c>.</summary>
    public static string Version() => Marshal.PtrToStringUTF8((nint)VersionText()) ?? "";

    /// <summary>Throws what libtorch said where a call of the bridge failed.</summary>
    public static void Check(int status)
    {
        if (status != 0)
        {
            throw LastError();
        }
    }

    /// <summary>What libtorch said last on this thread.</summary>
    public static TorchException LastError()
    {
        string message = (Marshal.PtrToStringUTF8((nint)LastErrorText()) ?? "").Trim();

        // "[enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't allocate memory: ..."
        int condition = message.StartsWith("[enforce fail at ", StringComparison.Ordinal) ? message.IndexOf(". ", StringComparison.Ordinal) : -1;
        return new TorchException(condition < 0 ? message : message[(condition + 2)..]);
    }

    /// <summary>Takes over text that the bridge allocated.</summary>
    public static string TakeText(byte* text)
    {
        string taken = Marshal.PtrToStringUTF8((nint)text) ?? "";
        Free(text);
        return taken;
    }
}
