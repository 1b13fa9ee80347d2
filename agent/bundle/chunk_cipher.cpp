#include "agent/bundle/chunk_cipher.hpp"

#include <array>
#include <cstdint>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "agent/http/openssl_pointer.hpp"

namespace ot::agent::bundle {
namespace {

constexpr std::string_view kInfo = "rackscout sealed bundle 1";
constexpr std::size_t kKey = 32;

using Cipher = http::OpensslPointer<EVP_CIPHER_CTX, ::EVP_CIPHER_CTX_free>;
using Kdf = http::OpensslPointer<EVP_KDF, ::EVP_KDF_free>;
using KdfContext = http::OpensslPointer<EVP_KDF_CTX, ::EVP_KDF_CTX_free>;
using Nonce = std::array<unsigned char, 12>;

/// Bytes that are overwritten before they are given back.
struct Key {
  Key() = default;
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() { ::OPENSSL_cleanse(bytes.data(), bytes.size()); }

  std::array<unsigned char, kKey> bytes{};
};

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

OSSL_PARAM octets(const char* name, std::string_view value) {
  // OpenSSL takes parameters of both directions by one type; these it only reads.
  return ::OSSL_PARAM_construct_octet_string(name, const_cast<char*>(value.data()), value.size());
}

bool derive(std::string_view shared, std::string_view salt, Key& key) {
  const Kdf kdf(::EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const KdfContext context(kdf ? ::EVP_KDF_CTX_new(kdf.get()) : nullptr);
  std::string digest = "SHA256";
  const std::array parameters{
      ::OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      octets(OSSL_KDF_PARAM_KEY, shared), octets(OSSL_KDF_PARAM_SALT, salt),
      octets(OSSL_KDF_PARAM_INFO, kInfo), ::OSSL_PARAM_construct_end()};
  return context && ::EVP_KDF_derive(context.get(), key.bytes.data(), key.bytes.size(),
                                     parameters.data()) == 1;
}

/// The chunk's number in big endian, three zeros, and 1 for the last one.
Nonce nonce_of(std::uint64_t number, bool is_last) {
  Nonce nonce{};
  for (std::size_t i = 8; i > 0; --i) {
    nonce[i - 1] = static_cast<unsigned char>(number & 0xFF);
    number >>= 8;
  }
  nonce.back() = is_last ? 1 : 0;
  return nonce;
}

tl::unexpected<Error> openssl_failed(const char* action) {
  ::ERR_clear_error();
  return fail(Errc::io, std::string("OpenSSL could not ") + action);
}

}  // namespace

struct ChunkCipher::State {
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    out.resize(out.capacity());
    ::OPENSSL_cleanse(out.data(), out.size());
  }

  /// Sets the nonce of the next chunk, and takes what is bound to it.
  bool start_chunk(bool is_last) {
    const auto nonce = nonce_of(number++, is_last);
    int size = 0;
    return ::EVP_CipherInit_ex(cipher.get(), nullptr, nullptr, nullptr, nonce.data(), -1) == 1 &&
           ::EVP_CipherUpdate(cipher.get(), nullptr, &size, bytes_of(bound),
                              static_cast<int>(bound.size())) == 1;
  }

  /// A chunk of nothing is one as well.
  bool run(std::string_view in) {
    int size = 0;
    return in.empty() || (::EVP_CipherUpdate(cipher.get(), bytes_of(out), &size, bytes_of(in),
                                             static_cast<int>(in.size())) == 1 &&
                          static_cast<std::size_t>(size) == in.size());
  }

  bool end_chunk() {
    std::array<unsigned char, EVP_MAX_BLOCK_LENGTH> rest;
    int size = 0;
    return ::EVP_CipherFinal_ex(cipher.get(), rest.data(), &size) == 1 && size == 0;
  }

  Cipher cipher;
  std::string bound;
  std::string out;
  std::uint64_t number = 0;
};

Result<ChunkCipher> ChunkCipher::begin(Use use, std::string shared, std::string_view salt,
                                       std::string bound) {
  auto state = std::make_unique<State>();
  state->bound = std::move(bound);
  state->cipher = Cipher(::EVP_CIPHER_CTX_new());
  Key key;
  const bool derived = derive(shared, salt, key);
  ::OPENSSL_cleanse(shared.data(), shared.size());
  if (!derived || !state->cipher ||
      ::EVP_CipherInit_ex(state->cipher.get(), ::EVP_aes_256_gcm(), nullptr, key.bytes.data(),
                          nullptr, use == Use::seal ? 1 : 0) != 1) {
    return openssl_failed("set up AES-256-GCM");
  }
  return ChunkCipher(std::move(state));
}

ChunkCipher::ChunkCipher(std::unique_ptr<State> state) : state_(std::move(state)) {}
ChunkCipher::ChunkCipher(ChunkCipher&&) noexcept = default;
ChunkCipher& ChunkCipher::operator=(ChunkCipher&&) noexcept = default;
ChunkCipher::~ChunkCipher() = default;

Result<std::string_view> ChunkCipher::seal(std::string_view plain, bool is_last) {
  state_->out.resize(plain.size() + kTag);
  if (!state_->start_chunk(is_last) || !state_->run(plain) || !state_->end_chunk() ||
      ::EVP_CIPHER_CTX_ctrl(state_->cipher.get(), EVP_CTRL_AEAD_GET_TAG, kTag,
                            state_->out.data() + plain.size()) != 1) {
    return openssl_failed("encrypt");
  }
  return std::string_view(state_->out);
}

Result<std::string_view> ChunkCipher::open(std::string_view sealed, bool is_last) {
  if (sealed.size() < kTag) {
    return fail(Errc::corrupt, "a chunk without its tag");
  }
  const auto hidden = sealed.substr(0, sealed.size() - kTag);
  std::string tag(sealed.substr(hidden.size()));
  state_->out.resize(hidden.size());
  const bool holds =
      state_->start_chunk(is_last) && state_->run(hidden) &&
      ::EVP_CIPHER_CTX_ctrl(state_->cipher.get(), EVP_CTRL_AEAD_SET_TAG, kTag, tag.data()) == 1 &&
      state_->end_chunk();
  if (!holds) {
    ::OPENSSL_cleanse(state_->out.data(), state_->out.size());
    ::ERR_clear_error();
    return fail(Errc::corrupt, "a chunk is altered");
  }
  return std::string_view(state_->out);
}

}  // namespace ot::agent::bundle
