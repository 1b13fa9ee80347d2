#include "base/hash.hpp"

#include <new>

#include <openssl/evp.h>

namespace ot {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

/// OpenSSL's digests fail only for want of memory or of the algorithm itself.
void require(bool done) {
  if (!done) {
    throw std::bad_alloc();
  }
}

Context start(const EVP_MD* algorithm) {
  Context context(EVP_MD_CTX_new());
  require(context && EVP_DigestInit_ex(context.get(), algorithm, nullptr) == 1);
  return context;
}

std::string finish_hex(EVP_MD_CTX* context, const EVP_MD* algorithm) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  require(EVP_DigestFinal_ex(context, digest.data(), &size) == 1);
  require(EVP_DigestInit_ex(context, algorithm, nullptr) == 1);
  return hex({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

struct FileHasher::Contexts {
  Context md5 = start(EVP_md5());
  Context sha256 = start(EVP_sha256());
};

FileHasher::FileHasher() : contexts_(std::make_unique<Contexts>()) {}
FileHasher::~FileHasher() = default;
FileHasher::FileHasher(FileHasher&&) noexcept = default;
FileHasher& FileHasher::operator=(FileHasher&&) noexcept = default;

void FileHasher::add(std::string_view bytes) {
  require(EVP_DigestUpdate(contexts_->md5.get(), bytes.data(), bytes.size()) == 1);
  require(EVP_DigestUpdate(contexts_->sha256.get(), bytes.data(), bytes.size()) == 1);
}

FileDigests FileHasher::finish() {
  return {.md5 = finish_hex(contexts_->md5.get(), EVP_md5()),
          .sha256 = finish_hex(contexts_->sha256.get(), EVP_sha256())};
}

std::array<std::uint8_t, 20> sha1(std::string_view bytes) {
  std::array<std::uint8_t, 20> digest{};
  unsigned int size = 0;
  require(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr) == 1);
  return digest;
}

}  // namespace ot
