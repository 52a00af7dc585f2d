// Tensors' memory, autograd, random generators, threads, devices and what there is to know of the libtorch that is loaded.
#include "bridge.h"

#include <cstdlib>
#include <cstring>
#include <sstream>
#ifdef __linux__
#include <malloc.h>
#endif

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/cuda.h>
#include <torch/version.h>

using namespace distillsharp;

namespace distillsharp {

std::atomic<int64_t> live_tensors{0};

std::atomic<int32_t> settings_version{0};
thread_local int32_t thread_settings_version = 0;

namespace {

thread_local std::string last_error;
std::atomic<int32_t> wanted_threads{0};        // 0: as libtorch started
std::atomic<int32_t> wanted_flush{0};
thread_local int32_t wanted_threads_here = 0;  // 0: as everywhere

}  // namespace

void set_error(const char* message) noexcept {
  try {
    last_error = message;
  } catch (...) {
    last_error.clear();  // no memory even for the message
  }
}

void bring_settings() {
  thread_settings_version = settings_version.load(std::memory_order_acquire);
  if (int32_t threads = wanted_threads_here ? wanted_threads_here : wanted_threads.load(std::memory_order_relaxed)) {
    at::set_num_threads(threads);
  }
  at::globalContext().setFlushDenormal(wanted_flush.load(std::memory_order_relaxed) != 0);
}

}  // namespace distillsharp

DS_API const char* ds_last_error() { return last_error.c_str(); }
DS_API void ds_free(void* memory) { std::free(memory); }
DS_API int64_t ds_live_tensors() { return live_tensors.load(std::memory_order_relaxed); }

// ---- tensors ----

DS_API void ds_tensor_free(ds_tensor tensor) {
  if (tensor) {
    live_tensors.fetch_sub(1, std::memory_order_relaxed);
    c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(tensor);
  }
}

// A second handle to the same tensor.
DS_API int ds_tensor_alias(ds_tensor tensor, ds_tensor* alias) {
  return guarded([&] { *alias = hand_out(borrow(tensor)); });
}

DS_API int64_t ds_tensor_dimensions(ds_tensor tensor) { return tensor->dim(); }
DS_API int64_t ds_tensor_count(ds_tensor tensor) { return tensor->numel(); }
DS_API int32_t ds_tensor_dtype(ds_tensor tensor) { return static_cast<int32_t>(c10::typeMetaToScalarType(tensor->dtype())); }
DS_API int64_t ds_tensor_element_size(ds_tensor tensor) { return static_cast<int64_t>(tensor->itemsize()); }
DS_API int32_t ds_tensor_is_contiguous(ds_tensor tensor) { return tensor->is_contiguous() ? 1 : 0; }

DS_API int64_t ds_tensor_device(ds_tensor tensor) {
  auto device = tensor->device();
  return (static_cast<int64_t>(device.type()) << 32) | static_cast<uint32_t>(static_cast<int32_t>(device.index()));
}

DS_API int ds_tensor_shape(ds_tensor tensor, int64_t* sizes, int64_t* strides) {
  return guarded([&] {
    auto s = tensor->sizes();
    std::copy(s.begin(), s.end(), sizes);
    if (strides) {
      auto t = tensor->strides();
      std::copy(t.begin(), t.end(), strides);
    }
  });
}

DS_API int ds_tensor_data(ds_tensor tensor, void** data) {
  return guarded([&] { *data = borrow(tensor).data_ptr(); });
}

// ---- autograd ----

DS_API int32_t ds_tensor_requires_grad(ds_tensor tensor) { return borrow(tensor).requires_grad() ? 1 : 0; }
DS_API int32_t ds_tensor_is_leaf(ds_tensor tensor) { return borrow(tensor).is_leaf() ? 1 : 0; }
DS_API int32_t ds_tensor_is_inference(ds_tensor tensor) { return tensor->is_inference() ? 1 : 0; }

DS_API int ds_tensor_set_requires_grad(ds_tensor tensor, int32_t value) {
  return guarded([&] { borrow(tensor).requires_grad_(value != 0); });
}

DS_API int ds_tensor_grad(ds_tensor tensor, ds_tensor* grad) {
  return guarded([&] { *grad = hand_out(borrow(tensor).grad()); });
}

DS_API int ds_tensor_set_grad(ds_tensor tensor, ds_tensor grad) {
  return guarded([&] {
    at::Tensor owner = borrow(tensor);
    at::Tensor value = grad ? borrow(grad) : at::Tensor();
    if (value.defined()) {
      TORCH_CHECK(value.sizes() == owner.sizes() && value.scalar_type() == owner.scalar_type() && value.device() == owner.device(),
                  "a gradient has its tensor's type, shape and device: expected ", owner.scalar_type(), " ", owner.sizes(), " on ", owner.device(),
                  ", found ", value.scalar_type(), " ", value.sizes(), " on ", value.device());
    }
    owner.mutable_grad() = value;
  });
}

DS_API int ds_backward(const ds_tensor* outputs, const ds_tensor* gradients, int32_t count, int32_t keep_graph, int32_t create_graph) {
  return guarded([&] {
    torch::autograd::variable_list roots, seeds;
    for (int32_t i = 0; i < count; i++) {
      roots.push_back(borrow(outputs[i]));
      seeds.push_back(gradients && gradients[i] ? borrow(gradients[i]) : at::Tensor());
    }
    use_settings();
    torch::autograd::backward(roots, seeds, keep_graph != 0, create_graph != 0);
  });
}

DS_API int ds_gradients(const ds_tensor* outputs, const ds_tensor* gradients, int32_t output_count, const ds_tensor* inputs, int32_t input_count,
                        int32_t keep_graph, int32_t create_graph, int32_t allow_unused, ds_tensor* results) {
  return guarded([&] {
    torch::autograd::variable_list roots, seeds, leaves;
    for (int32_t i = 0; i < output_count; i++) {
      roots.push_back(borrow(outputs[i]));
      seeds.push_back(gradients && gradients[i] ? borrow(gradients[i]) : at::Tensor());
    }
    for (int32_t i = 0; i < input_count; i++) {
      leaves.push_back(borrow(inputs[i]));
    }
    use_settings();
    auto found = torch::autograd::grad(roots, leaves, seeds, keep_graph != 0, create_graph != 0, allow_unused != 0);
    for (int32_t i = 0; i < input_count; i++) {
      results[i] = hand_out(std::move(found[i]));
    }
  });
}

DS_API int32_t ds_grad_mode_enabled() { return c10::GradMode::is_enabled() ? 1 : 0; }
DS_API void ds_grad_mode_set(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }
DS_API void* ds_inference_mode_enter() { return new c10::InferenceMode(true); }
DS_API void ds_inference_mode_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

// ---- random generators ----

DS_API int ds_generator_new(int64_t device, uint64_t seed, void** generator) {
  return guarded([&] {
    auto type = static_cast<c10::DeviceType>(device >> 32);
    at::Generator made;
    if (type == c10::DeviceType::CPU) {
      made = at::detail::createCPUGenerator(seed);
    } else {
      at::Generator original = at::globalContext().defaultGenerator(c10::Device(type, static_cast<c10::DeviceIndex>(static_cast<int32_t>(device & 0xffffffff))));
      made = original.clone();
      made.set_current_seed(seed);
    }
    *generator = new at::Generator(std::move(made));
  });
}

DS_API void ds_generator_free(void* generator) { delete static_cast<at::Generator*>(generator); }

DS_API int ds_generator_seed(void* generator, uint64_t seed) {
  return guarded([&] {
    auto& g = *static_cast<at::Generator*>(generator);
    std::lock_guard<std::mutex> lock(g.mutex());
    g.set_current_seed(seed);
  });
}

DS_API int ds_generator_state(void* generator, ds_tensor* state) {
  return guarded([&] {
    auto& g = *static_cast<at::Generator*>(generator);
    std::lock_guard<std::mutex> lock(g.mutex());
    *state = hand_out(g.get_state());
  });
}

DS_API int ds_generator_set_state(void* generator, ds_tensor state) {
  return guarded([&] {
    auto& g = *static_cast<at::Generator*>(generator);
    std::lock_guard<std::mutex> lock(g.mutex());
    g.set_state(borrow(state));
  });
}

// Seeds the generators that operators without one of their own draw from.
DS_API int ds_manual_seed(uint64_t seed) {
  return guarded([&] { at::manual_seed(seed); });
}

// ---- threads, devices, build ----

DS_API int32_t ds_threads() {
  use_settings();
  return at::get_num_threads();
}
DS_API int ds_set_threads(int32_t count) {
  return guarded([&] {
    TORCH_CHECK(count > 0, "the number of threads is at least 1, not ", count);
    wanted_threads.store(count, std::memory_order_relaxed);
    settings_version.fetch_add(1, std::memory_order_release);
    bring_settings();
  });
}
DS_API int ds_set_threads_here(int32_t count) {
  return guarded([&] {
    TORCH_CHECK(count > 0, "the number of threads is at least 1, not ", count);
    wanted_threads_here = count;
    bring_settings();
  });
}
DS_API int32_t ds_cuda_devices() { return torch::cuda::is_available() ? static_cast<int32_t>(torch::cuda::device_count()) : 0; }
DS_API int ds_cuda_synchronize(int32_t index) {
  return guarded([&] { torch::cuda::synchronize(index); });
}
DS_API void ds_deterministic(int32_t enabled) { at::globalContext().setDeterministicAlgorithms(enabled != 0, /*warn_only=*/false); }
DS_API void ds_flush_denormals(int32_t enabled) {
  wanted_flush.store(enabled, std::memory_order_relaxed);
  settings_version.fetch_add(1, std::memory_order_release);
  bring_settings();
}

// A training step frees its maps and asks for the same again. By default glibc hands such memory back to the system in between,
// and every page of it is then cleared and mapped anew: up to a third of a small network's step. What is freed is kept instead,
// but for pieces of 32 MB and more, glibc's own bound. Whoever has set these limits in the environment keeps them.
DS_API void ds_keep_freed_memory() {
#ifdef __GLIBC__
  if (!std::getenv("MALLOC_TRIM_THRESHOLD_") && !std::getenv("MALLOC_MMAP_THRESHOLD_") && !std::getenv("GLIBC_TUNABLES")) {
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 2'000'000'000);
  }
#endif
}

DS_API const char* ds_version() { return TORCH_VERSION; }

// How libtorch was built and what it uses here; to be freed with ds_free.
DS_API int ds_configuration(char** text) {
  return guarded([&] { *text = strdup((at::show_config() + "\n" + at::get_parallel_info()).c_str()); });
}
