#pragma once

#include <cstddef>
#include <memory>

#include <openssl/crypto.h>

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

/// Give back what OpenSSL allocated. Its macros of these names put the path of the source file into
/// the program, whose bytes then depend on where it was built.
inline void openssl_free(void* memory) noexcept {
  ::CRYPTO_free(memory, "", 0);
}
inline void openssl_clear_free(void* memory, std::size_t size) noexcept {
  ::CRYPTO_clear_free(memory, size, "", 0);
}

}  // namespace ot::agent::http
