#include "agent/http/jwt_key.hpp"

#include <array>
#include <optional>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include "agent/http/digest.hpp"
#include "agent/http/openssl_pointer.hpp"
#include "agent/http/secret_file.hpp"

namespace ot::agent::http {
namespace {

using Algorithm = JwtConfig::Algorithm;

constexpr std::size_t kFewestSecretBytes = 32;  // RFC 7518, 3.2
constexpr int kFewestRsaBits = 2048;            // RFC 7518, 3.3
constexpr std::size_t kCoordinate = 32;         // RFC 7518, 3.4

using Bio = OpensslPointer<BIO, ::BIO_free_all>;
using Key = OpensslPointer<EVP_PKEY, ::EVP_PKEY_free>;
using Digesting = OpensslPointer<EVP_MD_CTX, ::EVP_MD_CTX_free>;
using Signature = OpensslPointer<ECDSA_SIG, ::ECDSA_SIG_free>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Key parse_public_key(std::string_view pem) {
  const Bio bio(::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(bio ? ::PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  ::ERR_clear_error();
  return key;
}

Error no_public_key(std::string_view text) {
  Error error(Errc::malformed, "this is no public key in PEM");
  if (text.find("PRIVATE KEY-----") != text.npos) {
    return std::move(error).hint(
        "it holds a private key: openssl pkey -in PRIVATE -pubout -out PUBLIC");
  }
  if (text.find("BEGIN CERTIFICATE-----") != text.npos) {
    return std::move(error).hint(
        "it holds a certificate: openssl x509 -in CERTIFICATE -pubkey -noout");
  }
  return std::move(error).hint("the file begins with -----BEGIN PUBLIC KEY-----");
}

bool is_p256(const EVP_PKEY& key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  return ::EVP_PKEY_get_base_id(&key) == EVP_PKEY_EC &&
         ::EVP_PKEY_get_group_name(&key, name.data(), name.size(), &size) == 1 &&
         std::string_view(name.data()) == "prime256v1";
}

std::optional<Error> objection(const EVP_PKEY& key, Algorithm algorithm) {
  if (algorithm == Algorithm::es256) {
    return is_p256(key) ? std::nullopt
                        : std::optional(Error(Errc::unsupported,
                                              "ES256 takes a key on the curve P-256 (prime256v1)"));
  }
  if (::EVP_PKEY_get_base_id(&key) != EVP_PKEY_RSA) {
    return Error(Errc::unsupported, "RS256 takes an RSA key");
  }
  if (const int bits = ::EVP_PKEY_get_bits(&key); bits < kFewestRsaBits) {
    return Error(Errc::unsupported,
                 fmt::format("an RSA key of {} bits; {} is the least", bits, kFewestRsaBits));
  }
  return std::nullopt;
}

bool verifies_hmac(std::string_view secret, std::string_view text, std::string_view signature) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> expected;
  unsigned size = 0;
  const bool made = ::HMAC(::EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
                           bytes_of(text), text.size(), expected.data(), &size) != nullptr;
  const std::string_view wanted(reinterpret_cast<const char*>(expected.data()), size);
  return made && same_in_constant_time(wanted, signature);
}

/// OpenSSL wants r and s as a DER sequence. Without a value when they are none.
std::optional<std::string> der_of(std::string_view signature) {
  if (signature.size() != 2 * kCoordinate) {
    return std::nullopt;
  }
  const Signature pair(::ECDSA_SIG_new());
  BIGNUM* r = ::BN_bin2bn(bytes_of(signature), kCoordinate, nullptr);
  BIGNUM* s = ::BN_bin2bn(bytes_of(signature) + kCoordinate, kCoordinate, nullptr);
  if (!pair || r == nullptr || s == nullptr || ::ECDSA_SIG_set0(pair.get(), r, s) != 1) {
    ::BN_free(r);
    ::BN_free(s);
    return std::nullopt;
  }
  unsigned char* der = nullptr;
  const int size = ::i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) {
    return std::nullopt;
  }
  std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  openssl_free(der);
  return text;
}

bool verifies_public(EVP_PKEY* key, std::string_view text, std::string_view signature) {
  const Digesting context(::EVP_MD_CTX_new());
  const bool good =
      context &&
      ::EVP_DigestVerifyInit(context.get(), nullptr, ::EVP_sha256(), nullptr, key) == 1 &&
      ::EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text),
                         text.size()) == 1;
  ::ERR_clear_error();
  return good;
}

}  // namespace

struct JwtKey::PublicKey {
  Key key;
};

Result<JwtKey> JwtKey::from_text(Algorithm algorithm, std::string_view text) {
  if (algorithm == Algorithm::hs256) {
    const auto secret = secret_in(text);
    if (secret.size() < kFewestSecretBytes) {
      return fail(Error(Errc::unsupported, fmt::format("a secret of {} bytes; {} is the least",
                                                       secret.size(), kFewestSecretBytes))
                      .hint("openssl rand -hex 32 makes one"));
    }
    return JwtKey(algorithm, std::string(secret), nullptr);
  }
  auto key = parse_public_key(text);
  if (!key) {
    return fail(no_public_key(text));
  }
  if (auto wrong = objection(*key, algorithm)) {
    return fail(std::move(*wrong));
  }
  PublicKey holder{std::move(key)};
  return JwtKey(algorithm, {}, std::make_shared<const PublicKey>(std::move(holder)));
}

bool JwtKey::verifies(std::string_view text, std::string_view signature) const {
  switch (algorithm_) {
    case Algorithm::hs256: return verifies_hmac(secret_, text, signature);
    case Algorithm::rs256: return verifies_public(public_key_->key.get(), text, signature);
    case Algorithm::es256: {
      const auto der = der_of(signature);
      return der && verifies_public(public_key_->key.get(), text, *der);
    }
  }
  return false;
}

}  // namespace ot::agent::http
