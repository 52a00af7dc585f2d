// Operators: looked up by name, called through ATen's boxed dispatcher.
#include "bridge.h"

#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <new>
#include <sstream>

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>

using namespace distillsharp;

namespace {

std::mutex operators_lock;
std::deque<c10::OperatorHandle> operators;  // a deque never moves what it holds

template <typename T>
c10::List<T> list_of(const ds_value& value) {
  c10::List<T> list;
  list.reserve(value.count);
  const T* items = static_cast<const T*>(value.pointer);
  for (int32_t i = 0; i < value.count; i++) {
    list.push_back(items[i]);
  }
  return list;
}

void push(torch::jit::Stack& stack, const ds_value& value, const c10::Argument& argument) {
  switch (value.tag) {
    case DS_DEFAULT:
      TORCH_CHECK(argument.default_value().has_value(), "the argument '", argument.name(), "' has no default and was left out");
      stack.push_back(*argument.default_value());
      return;
    case DS_NONE:
      stack.emplace_back();
      return;
    case DS_TENSOR:
      stack.emplace_back(value.pointer ? borrow(static_cast<ds_tensor>(value.pointer)) : at::Tensor());
      return;
    case DS_INT:
      stack.emplace_back(value.integer);
      return;
    case DS_DOUBLE:
      stack.emplace_back(value.number);
      return;
    case DS_BOOL:
      stack.emplace_back(value.integer != 0);
      return;
    case DS_INT_LIST:
      stack.emplace_back(list_of<int64_t>(value));
      return;
    case DS_DOUBLE_LIST:
      stack.emplace_back(list_of<double>(value));
      return;
    case DS_BOOL_LIST: {
      c10::List<bool> list;
      const uint8_t* items = static_cast<const uint8_t*>(value.pointer);
      for (int32_t i = 0; i < value.count; i++) {
        list.push_back(items[i] != 0);
      }
      stack.emplace_back(std::move(list));
      return;
    }
    case DS_TENSOR_LIST: {
      c10::List<at::Tensor> list;
      list.reserve(value.count);
      const ds_tensor* items = static_cast<const ds_tensor*>(value.pointer);
      for (int32_t i = 0; i < value.count; i++) {
        list.push_back(borrow(items[i]));
      }
      stack.emplace_back(std::move(list));
      return;
    }
    case DS_OPTIONAL_TENSOR_LIST: {
      // Typed at run time: the C++ name of an optional differs between libtorch's releases.
      c10::impl::GenericList list(c10::OptionalType::create(c10::TensorType::get()));
      list.reserve(value.count);
      const ds_tensor* items = static_cast<const ds_tensor*>(value.pointer);
      for (int32_t i = 0; i < value.count; i++) {
        list.push_back(items[i] ? c10::IValue(borrow(items[i])) : c10::IValue());
      }
      stack.emplace_back(std::move(list));
      return;
    }
    case DS_SCALAR_INT:
      stack.emplace_back(at::Scalar(value.integer));
      return;
    case DS_SCALAR_DOUBLE:
      stack.emplace_back(at::Scalar(value.number));
      return;
    case DS_SCALAR_BOOL:
      stack.emplace_back(at::Scalar(value.integer != 0));
      return;
    case DS_DEVICE:
      stack.emplace_back(c10::Device(static_cast<c10::DeviceType>(value.integer >> 32), static_cast<c10::DeviceIndex>(static_cast<int32_t>(value.integer & 0xffffffff))));
      return;
    case DS_STRING:
      stack.emplace_back(std::string(static_cast<const char*>(value.pointer), value.count));
      return;
    case DS_GENERATOR:
      stack.emplace_back(*static_cast<at::Generator*>(value.pointer));
      return;
    default:
      TORCH_CHECK(false, "the bridge knows no value of kind ", value.tag);
  }
}

ds_value give(c10::IValue&& value) {
  ds_value result{};
  if (value.isTensor()) {
    result.tag = DS_TENSOR;
    result.pointer = hand_out(std::move(value).toTensor());
    TORCH_CHECK(result.pointer, "the operator gave back an undefined tensor");
  } else if (value.isTensorList()) {
    auto list = value.toTensorVector();
    for (const auto& tensor : list) {
      TORCH_CHECK(tensor.defined(), "the operator gave back a list with an undefined tensor");
    }
    ds_tensor* items = static_cast<ds_tensor*>(std::malloc(sizeof(ds_tensor) * (list.size() + 1)));
    if (!items) {
      throw std::bad_alloc();
    }
    for (size_t i = 0; i < list.size(); i++) {
      items[i] = hand_out(std::move(list[i]));
    }
    result.tag = DS_TENSOR_LIST;
    result.count = static_cast<int32_t>(list.size());
    result.pointer = items;
  } else if (value.isInt()) {
    result.tag = DS_INT;
    result.integer = value.toInt();
  } else if (value.isDouble()) {
    result.tag = DS_DOUBLE;
    result.number = value.toDouble();
  } else if (value.isBool()) {
    result.tag = DS_BOOL;
    result.integer = value.toBool() ? 1 : 0;
  } else if (value.isNone()) {
    result.tag = DS_NONE;
  } else {
    TORCH_CHECK(false, "the bridge cannot return a value of type ", value.tagKind());
  }
  return result;
}

// Frees what a call had already handed out when a later result failed.
void take_back(const ds_value& value) {
  if (value.tag == DS_TENSOR) {
    ds_tensor_free(static_cast<ds_tensor>(value.pointer));
  } else if (value.tag == DS_TENSOR_LIST) {
    ds_tensor* items = static_cast<ds_tensor*>(value.pointer);
    for (int32_t i = 0; i < value.count; i++) {
      ds_tensor_free(items[i]);
    }
    std::free(items);
  }
}

// A stack that a thread's calls share, so that a call allocates none; emptied however the call ends.
// No kernel calls back into the bridge, so one a thread is enough.
struct SharedStack {
  static torch::jit::Stack& of_thread() {
    static thread_local torch::jit::Stack stack;
    return stack;
  }

  torch::jit::Stack& values = of_thread();
  ~SharedStack() { values.clear(); }
};

}  // namespace

// Finds an operator; the handle stays valid for the life of the process. A null handle: this libtorch has no such operator.
DS_API int ds_operator_find(const char* name, const char* overload, void** handle) {
  return guarded([&] {
    *handle = nullptr;
    auto found = c10::Dispatcher::singleton().findSchema({name, overload});
    if (found.has_value()) {
      std::lock_guard<std::mutex> lock(operators_lock);
      operators.push_back(*found);
      *handle = &operators.back();
    }
  });
}

// The loaded schema as text, in ATen's notation; to be freed with ds_free.
DS_API int ds_operator_schema(void* handle, char** text) {
  return guarded([&] {
    std::ostringstream out;
    out << static_cast<c10::OperatorHandle*>(handle)->schema();
    *text = strdup(out.str().c_str());
  });
}

// Calls an operator. Arguments that are left out at the end take the loaded schema's defaults.
// result_count: room on entry (0: results are dropped), number on return.
DS_API int ds_operator_call(void* handle, const ds_value* arguments, int32_t argument_count, ds_value* results, int32_t* result_count) {
  return guarded([&] {
    const auto& op = *static_cast<c10::OperatorHandle*>(handle);
    const auto& schema = op.schema();
    const auto& declared = schema.arguments();
    TORCH_CHECK(static_cast<size_t>(argument_count) <= declared.size(), schema.name(), " takes ", declared.size(), " arguments, not ", argument_count);
    use_settings();
    SharedStack shared;
    auto& stack = shared.values;
    stack.reserve(declared.size());
    for (size_t i = 0; i < declared.size(); i++) {
      static const ds_value left_out{};
      push(stack, i < static_cast<size_t>(argument_count) ? arguments[i] : left_out, declared[i]);
    }
    op.callBoxed(&stack);
    if (*result_count == 0) {
      return;  // an operator in place: the caller holds its result already
    }
    TORCH_CHECK(stack.size() <= static_cast<size_t>(*result_count), schema.name(), " returned ", stack.size(), " values; there was room for ", *result_count);
    size_t given = 0;
    try {
      for (; given < stack.size(); given++) {
        results[given] = give(std::move(stack[given]));
      }
    } catch (...) {
      while (given > 0) {
        take_back(results[--given]);
      }
      throw;
    }
    *result_count = static_cast<int32_t>(stack.size());
  });
}
