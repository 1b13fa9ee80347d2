#include "agent/http/tls_context.hpp"

#include <ctime>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <boost/asio/ssl/context.hpp>

namespace ot::agent::http {
namespace {

namespace ssl = boost::asio::ssl;

/// OpenSSL would ask for a passphrase on the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) {
  return -1;
}

}  // namespace

unsigned long openssl_code(const boost::system::error_code& failed) {
  const auto left = ::ERR_peek_last_error();
  ::ERR_clear_error();
  return left != 0 ? left : static_cast<unsigned long>(failed.value());
}

std::string in_words(unsigned long openssl_code) {
  const char* reason = ::ERR_reason_error_string(openssl_code);
  return reason != nullptr ? reason : "unknown reason";
}

tl::unexpected<Error> unusable(const std::string& path, const std::string& why,
                               const std::string& hint) {
  return fail(Error(Errc::malformed, fmt::format("\"{}\": {}", path, why)).hint(hint));
}

TlsContext make_context(Side side) {
  // Nothing but ephemeral keys and authenticated encryption; TLS 1.3 has no other.
  constexpr auto kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
  const bool is_server = side == Side::server;
  auto context = std::make_shared<ssl::context>(is_server ? ssl::context::tls_server
                                                          : ssl::context::tls_client);
  auto* raw = context->native_handle();
  ::SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  ::SSL_CTX_set_cipher_list(raw, kCiphers);
  ::SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  if (is_server) {
    ::SSL_CTX_set_options(raw, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  } else {
    ::SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
  }
  ::SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);
  ::SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  ::SSL_CTX_set_default_passwd_cb(raw, no_passphrase);
  return context;
}

Result<void> use_chain(ssl::context& context, const std::string& path) {
  const auto pem = read_key_file(path, Readers::anybody);
  if (!pem) {
    return fail(Error(pem.error()).during("certificate"));
  }
  ::ERR_clear_error();
  boost::system::error_code failed;
  context.use_certificate_chain(boost::asio::buffer(*pem), failed);
  if (failed) {
    const auto reason = in_words(openssl_code(failed));
    return unusable(path, fmt::format("no certificate that can be used ({})", reason),
                    "it takes PEM: the own certificate first, then those that signed it");
  }
  return {};
}

Result<void> use_key(ssl::context& context, const std::string& path, Readers readers) {
  const auto pem =
      readers == Readers::owner_alone ? read_secret(path) : read_named_key(path, readers);
  if (!pem) {
    return fail(Error(pem.error()).during("key"));
  }
  if (pem->find("ENCRYPTED") != pem->npos) {
    return unusable(path, "the key has a passphrase",
                    fmt::format("openssl pkey -in '{}' -out KEY writes it without", path));
  }
  ::ERR_clear_error();
  boost::system::error_code failed;
  context.use_private_key(boost::asio::buffer(*pem), ssl::context::pem, failed);
  const auto code = failed ? openssl_code(failed) : 0;
  if (failed && ERR_GET_REASON(code) == X509_R_KEY_VALUES_MISMATCH) {
    return unusable(path, "the key is not that of the certificate",
                    "write both files anew, from the same request");
  }
  if (failed) {
    return unusable(path, fmt::format("no private key that can be used ({})", in_words(code)),
                    "it takes PEM that begins with -----BEGIN PRIVATE KEY-----");
  }
  return {};
}

Time time_of(const ASN1_TIME* time) {
  std::tm broken_down{};
  ::ASN1_TIME_to_tm(time, &broken_down);
  return Time(std::chrono::seconds(::timegm(&broken_down)));
}

}  // namespace ot::agent::http
