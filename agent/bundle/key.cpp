#include "agent/bundle/key.hpp"

#include <fmt/format.h>
#include <openssl/err.h>

#include "agent/bundle/key_secrets.hpp"
#include "agent/http/base64.hpp"
#include "agent/http/digest.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

namespace ot::agent::bundle {
namespace {

constexpr std::string_view kWord = "rackscout-key ";
constexpr std::size_t kHalf = 32;       // RFC 8032, 5.1.5; RFC 7748, 5
constexpr std::size_t kSignature = 64;  // RFC 8032, 5.1.6
constexpr std::size_t kSecret = 32;     // RFC 7748, 6.1
constexpr std::size_t kLongestName = 100;
constexpr std::size_t kIdBytes = 8;

using Digesting = http::OpensslPointer<EVP_MD_CTX, ::EVP_MD_CTX_free>;
using Deriving = http::OpensslPointer<EVP_PKEY_CTX, ::EVP_PKEY_CTX_free>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

/// A name is shown and kept as one line, as it is.
bool is_sound_name(std::string_view name) {
  return name.size() <= kLongestName && trim(name) == name && escape_for_terminal(name) == name;
}

tl::unexpected<Error> no_public_key(std::string_view why) {
  return fail(Error(Errc::malformed, fmt::format("this is no public key: {}", why))
                  .hint("one is a line as `rackscout key show` prints it: rackscout-key, 88 "
                        "letters, and a name"));
}

tl::unexpected<Error> openssl_failed(std::string_view action) {
  ::ERR_clear_error();
  return fail(Errc::io, fmt::format("OpenSSL could not {}", action));
}

/// Empty where OpenSSL has none.
std::string public_half(const EVP_PKEY* key) {
  std::string half(kHalf, '\0');
  auto size = half.size();
  const bool got = ::EVP_PKEY_get_raw_public_key(key, bytes_of(half), &size) == 1 && size == kHalf;
  ::ERR_clear_error();
  return got ? half : std::string();
}

EvpKey key_of(int kind, std::string_view half) {
  return EvpKey(::EVP_PKEY_new_raw_public_key(kind, nullptr, bytes_of(half), half.size()));
}

bool derive(EVP_PKEY* ours, EVP_PKEY* theirs, std::string& secret) {
  const Deriving context(::EVP_PKEY_CTX_new(ours, nullptr));
  auto size = secret.size();
  const bool derived = context && ::EVP_PKEY_derive_init(context.get()) == 1 &&
                       ::EVP_PKEY_derive_set_peer(context.get(), theirs) == 1 &&
                       ::EVP_PKEY_derive(context.get(), bytes_of(secret), &size) == 1 &&
                       size == secret.size();
  ::ERR_clear_error();
  return derived;
}

}  // namespace

std::string PublicKey::id() const {
  const auto digest = http::sha256(signing + sealing);
  const auto digits = hex({reinterpret_cast<const char*>(digest.data()), kIdBytes});
  const std::string_view all(digits);
  return fmt::format("{}-{}-{}-{}", all.substr(0, 4), all.substr(4, 4), all.substr(8, 4),
                     all.substr(12));
}

std::string PublicKey::line() const {
  return fmt::format("{}{}{}{}", kWord, http::base64(signing + sealing), name.empty() ? "" : " ",
                     name);
}

Result<PublicKey> public_key_from(std::string_view line) {
  constexpr std::size_t kLetters = 88;
  line = trim(line);
  if (!line.starts_with(kWord)) {
    return no_public_key("it doesn't begin with \"rackscout-key \"");
  }
  line.remove_prefix(kWord.size());
  const auto halves = http::from_base64(line.substr(0, kLetters));
  if (!halves || halves->size() != 2 * kHalf) {
    return no_public_key("its key is cut short or altered");
  }
  line.remove_prefix(kLetters);
  if (!line.empty() && line.front() != ' ') {
    return no_public_key("a blank is missing behind its key");
  }
  const auto name = trim(line);
  if (!is_sound_name(name)) {
    return no_public_key("its name is too long, or holds what is no text");
  }
  return PublicKey{std::string(name), halves->substr(0, kHalf), halves->substr(kHalf)};
}

PrivateKey::PrivateKey() = default;
PrivateKey::PrivateKey(PrivateKey&&) noexcept = default;
PrivateKey& PrivateKey::operator=(PrivateKey&&) noexcept = default;
PrivateKey::~PrivateKey() = default;

Result<PrivateKey> PrivateKey::of(std::string name, std::unique_ptr<Secrets> secrets) {
  PrivateKey key;
  key.public_key_ = {std::move(name), public_half(secrets->signing.get()),
                     public_half(secrets->sealing.get())};
  key.secrets_ = std::move(secrets);
  if (key.public_key_.signing.empty() || key.public_key_.sealing.empty()) {
    return openssl_failed("tell the public half of a key");
  }
  return key;
}

Result<PrivateKey> PrivateKey::create(std::string name) {
  if (!is_sound_name(name)) {
    return fail(Error(Errc::wrong_use, "this is no name for a key")
                    .hint(fmt::format("a name has at most {} bytes, and neither line breaks nor "
                                      "blanks around it",
                                      kLongestName)));
  }
  auto secrets = std::make_unique<Secrets>();
  secrets->signing = EvpKey(::EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  secrets->sealing = EvpKey(::EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
  if (!secrets->signing || !secrets->sealing) {
    return openssl_failed("make a key");
  }
  return of(std::move(name), std::move(secrets));
}

Result<std::string> PrivateKey::sign(std::string_view message) const {
  const Digesting context(::EVP_MD_CTX_new());
  std::string signature(kSignature, '\0');
  auto size = signature.size();
  // No digest: Ed25519 has its own.
  if (!context ||
      ::EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, secrets_->signing.get()) !=
          1 ||
      ::EVP_DigestSign(context.get(), bytes_of(signature), &size, bytes_of(message),
                       message.size()) != 1 ||
      size != kSignature) {
    return openssl_failed("sign");
  }
  return signature;
}

Result<std::string> PrivateKey::agree(std::string_view sealing) const {
  const auto theirs = key_of(EVP_PKEY_X25519, sealing);
  std::string secret(kSecret, '\0');
  // OpenSSL refuses a secret of zeros alone, which is what points of low order give.
  if (!theirs || !derive(secrets_->sealing.get(), theirs.get(), secret)) {
    ::ERR_clear_error();
    return fail(Errc::malformed, "this X25519 key is none: anybody could read what it encrypts");
  }
  return secret;
}

bool is_signed_by(const PublicKey& key, std::string_view message, std::string_view signature) {
  const auto signer = key_of(EVP_PKEY_ED25519, key.signing);
  const Digesting context(::EVP_MD_CTX_new());
  const bool good =
      signer && context && signature.size() == kSignature &&
      ::EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, signer.get()) == 1 &&
      ::EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                         message.size()) == 1;
  ::ERR_clear_error();
  return good;
}

}  // namespace ot::agent::bundle
