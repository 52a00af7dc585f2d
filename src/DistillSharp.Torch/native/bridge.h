// The C interface of the bridge. Every function that can fail returns 0 on success and 1 on failure;
// ds_last_error() then holds libtorch's message (of the calling thread).
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include <ATen/ATen.h>

#define DS_API extern "C" __attribute__((visibility("default")))

// A tensor handle is a TensorImpl with one reference that the handle owns: no allocation beside the tensor itself.
using ds_tensor = c10::TensorImpl*;

enum ds_tag : int32_t {
  DS_DEFAULT = 0,  // left out: the loaded schema's default
  DS_NONE = 1,
  DS_TENSOR = 2,
  DS_INT = 3,
  DS_DOUBLE = 4,
  DS_BOOL = 5,
  DS_INT_LIST = 6,
  DS_DOUBLE_LIST = 7,
  DS_BOOL_LIST = 8,
  DS_TENSOR_LIST = 9,
  DS_OPTIONAL_TENSOR_LIST = 10,
  DS_SCALAR_INT = 11,
  DS_SCALAR_DOUBLE = 12,
  DS_SCALAR_BOOL = 13,
  DS_DEVICE = 14,  // type in the high 32 bits, index in the low 32
  DS_STRING = 15,  // UTF-8, count bytes
  DS_GENERATOR = 16,
};

struct ds_value {
  int32_t tag;
  int32_t count;
  union {
    int64_t integer;
    double number;
    void* pointer;
  };
};

namespace distillsharp {

extern std::atomic<int64_t> live_tensors;
void set_error(const char* message) noexcept;

// OpenMP keeps the number of threads, and the processor the treatment of denormals, for each thread of the program:
// what is set once is brought to every thread at its first call after the change.
extern std::atomic<int32_t> settings_version;
extern thread_local int32_t thread_settings_version;
void bring_settings();

inline void use_settings() {
  if (thread_settings_version != settings_version.load(std::memory_order_acquire)) {
    bring_settings();
  }
}

inline at::Tensor borrow(ds_tensor handle) {
  return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(handle));
}

inline ds_tensor hand_out(at::Tensor tensor) {
  if (!tensor.defined()) {
    return nullptr;
  }
  live_tensors.fetch_add(1, std::memory_order_relaxed);
  return tensor.unsafeReleaseTensorImpl();
}

template <typename F>
int guarded(F&& body) {
  try {
    body();
    return 0;
  } catch (const c10::Error& e) {
    set_error(e.what_without_backtrace());
  } catch (const std::exception& e) {
    set_error(e.what());
  } catch (...) {
    set_error("an unknown C++ exception");
  }
  return 1;
}

}  // namespace distillsharp

DS_API void ds_tensor_free(ds_tensor tensor);
