#include "agent/http/certificates.hpp"

#include <ctime>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <boost/asio/ssl/context.hpp>

#include "agent/http/secret_file.hpp"

namespace ot::agent::http {
namespace {

namespace ssl = boost::asio::ssl;

/// What OpenSSL said last: Asio takes it from OpenSSL's queue, or leaves it there.
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

/// OpenSSL would ask for a passphrase on the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) {
  return -1;
}

TlsContext make_context() {
  // Nothing but ephemeral keys and authenticated encryption; TLS 1.3 has no other.
  constexpr auto kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  auto* raw = context->native_handle();
  ::SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  ::SSL_CTX_set_cipher_list(raw, kCiphers);
  ::SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
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
  boost::system::error_code failed;
  context.use_certificate_chain(boost::asio::buffer(*pem), failed);
  if (failed) {
    const auto reason = in_words(openssl_code(failed));
    return unusable(path, fmt::format("no certificate that can be used ({})", reason),
                    "it takes PEM: the own certificate first, then those that signed it");
  }
  return {};
}

Result<void> use_key(ssl::context& context, const std::string& path) {
  const auto pem = read_key_file(path, Readers::anybody);
  if (!pem) {
    return fail(Error(pem.error()).during("key"));
  }
  if (pem->find("ENCRYPTED") != pem->npos) {
    return unusable(path, "the key has a passphrase",
                    fmt::format("openssl pkey -in '{}' -out KEY writes it without", path));
  }
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

void note_dates(LoadedCertificates& loaded, const std::string& path, Time now) {
  const auto* certificate = ::SSL_CTX_get0_certificate(loaded.context->native_handle());
  const auto begins = time_of(::X509_get0_notBefore(certificate));
  loaded.expires = time_of(::X509_get0_notAfter(certificate));
  if (loaded.expires <= now) {
    loaded.warnings.push_back(
        fmt::format("\"{}\": the certificate expired on {}; clients will "
                    "refuse it",
                    path, iso8601(loaded.expires)));
  }
  if (begins > now) {
    loaded.warnings.push_back(
        fmt::format("\"{}\": the certificate is not valid before {}; is the "
                    "clock right?",
                    path, iso8601(begins)));
  }
}

}  // namespace

Result<LoadedCertificates> load_certificates(const CertificateFiles& files, Time now) {
  LoadedCertificates loaded{.context = make_context(), .expires = {}, .warnings = {}};
  ::ERR_clear_error();
  if (auto used = use_chain(*loaded.context, files.chain); !used) {
    return fail(std::move(used).error());
  }
  if (auto used = use_key(*loaded.context, files.key); !used) {
    return fail(std::move(used).error());
  }
  note_dates(loaded, files.chain, now);
  if (const auto secret = read_key_file(files.key, Readers::owner_alone); !secret) {
    loaded.warnings.push_back(secret.error().text());
  }
  return loaded;
}

}  // namespace ot::agent::http
