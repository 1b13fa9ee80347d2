#include "agent/http/trust.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <boost/asio/ssl/context.hpp>

#include "agent/http/base64.hpp"
#include "agent/http/target.hpp"
#include "agent/http/tls_context.hpp"

namespace ot::agent::http {
namespace {

namespace ssl = boost::asio::ssl;

constexpr std::string_view kPinPrefix = "sha256//";

Result<void> trust_system(ssl::context& context) {
  boost::system::error_code failed;
  context.set_default_verify_paths(failed);
  if (failed) {
    return fail(Error(Errc::io, fmt::format("the system's certificates can't be read ({})",
                                            in_words(openssl_code(failed))))
                    .hint("name one's own: ca = \"FILE\""));
  }
  return {};
}

Result<void> trust_file(ssl::context& context, const std::string& path) {
  const auto pem = read_key_file(path, Readers::anybody);
  if (!pem) {
    return fail(Error(pem.error()).during("ca"));
  }
  ::ERR_clear_error();
  boost::system::error_code failed;
  context.add_certificate_authority(boost::asio::buffer(*pem), failed);
  auto* store = ::SSL_CTX_get_cert_store(context.native_handle());
  // Whatever the file names is believed: a CA, one that a CA signed, or a server itself.
  ::X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  if (failed || sk_X509_OBJECT_num(::X509_STORE_get0_objects(store)) == 0) {
    const auto reason = in_words(openssl_code(failed));
    return unusable(path, fmt::format("no certificate that can be used ({})", reason),
                    "it takes PEM that begins with -----BEGIN CERTIFICATE-----");
  }
  return {};
}

Result<void> use_own(ssl::context& context, const Trust& trust) {
  if (trust.certificate.empty() != trust.key.empty()) {
    const auto* missing = trust.key.empty() ? "key" : "certificate";
    return fail(Error(Errc::wrong_use, "a certificate of our own takes its key, and the reverse")
                    .hint(fmt::format("name the {}, too: {} = \"FILE\"", missing, missing)));
  }
  if (trust.certificate.empty()) {
    return {};
  }
  if (auto used = use_chain(context, trust.certificate); !used) {
    return used;
  }
  return use_key(context, trust.key, Readers::owner_alone);
}

}  // namespace

Result<TlsContext> load_trust(const Trust& trust) {
  for (const auto& pin : trust.pins) {
    if (auto parsed = parse_pin(pin); !parsed) {
      return fail(std::move(parsed).error());
    }
  }
  auto context = make_context(Side::client);
  auto trusted = trust.ca.empty() ? trust_system(*context) : trust_file(*context, trust.ca);
  if (!trusted) {
    return fail(std::move(trusted).error());
  }
  if (auto used = use_own(*context, trust); !used) {
    return fail(std::move(used).error());
  }
  return context;
}

Result<Digest> parse_pin(std::string_view text) {
  const bool has_prefix = text.substr(0, kPinPrefix.size()) == kPinPrefix;
  const auto bytes = from_base64(has_prefix ? text.substr(kPinPrefix.size()) : text);
  Digest pin{};
  if (!bytes || bytes->size() != pin.size()) {
    return fail(Error(Errc::malformed, fmt::format("\"{}\" is no pin: that is the SHA-256 of a "
                                                   "public key, 44 letters of base64",
                                                   shown(text)))
                    .hint("openssl x509 -in CERTIFICATE -pubkey -noout | openssl pkey -pubin "
                          "-outform der | openssl dgst -sha256 -binary | base64"));
  }
  std::copy(bytes->begin(), bytes->end(), pin.begin());
  return pin;
}

std::string pin_text(const Digest& pin) {
  const std::string_view bytes(reinterpret_cast<const char*>(pin.data()), pin.size());
  return std::string(kPinPrefix) + base64(bytes);
}

}  // namespace ot::agent::http
