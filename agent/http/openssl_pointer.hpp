#pragma once

#include <memory>

namespace ot::agent::http {

/// Owns an object of OpenSSL's, whose own function frees it.
template <auto free>
struct OpensslFree {
  template <class Object>
  void operator()(Object* object) const {
    free(object);
  }
};
template <class Object, auto free>
using OpensslPointer = std::unique_ptr<Object, OpensslFree<free>>;

}  // namespace ot::agent::http
