#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <boost/asio/ssl/error.hpp>

#include "agent/http/client_errors.hpp"
#include "agent/http/tls_context.hpp"

namespace ot::agent::http {
namespace {

using boost::system::error_code;

template <std::size_t count>
bool is_among(const std::array<int, count>& all, int reason) {
  return std::find(all.begin(), all.end(), reason) != all.end();
}

/// What OpenSSL says where the other side chose, or asks for, an older version.
constexpr std::array kOldVersion{SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION,
                                 SSL_R_WRONG_SSL_VERSION};

/// Bytes that are no TLS.
constexpr std::array kNoTls{SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST,
                            SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_BAD_PACKET_LENGTH,
                            SSL_R_BAD_RECORD_TYPE};

/// RFC 8446, 6.2: what a server that checks certificates says of ours, or of none.
constexpr std::array kCertificateRefused{SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED,
                                         SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,
                                         SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE,
                                         SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED,
                                         SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
                                         SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN,
                                         SSL_R_TLSV1_ALERT_UNKNOWN_CA,
                                         SSL_R_TLSV1_ALERT_ACCESS_DENIED,
                                         SSL_R_TLSV1_ALERT_DECRYPT_ERROR};

Error refusal(std::string message, std::string hint) {
  return Error(Errc::forbidden, std::move(message)).hint(std::move(hint));
}

Error certificate_refused(const std::string& reason, bool has_own) {
  if (!has_own) {
    return refusal(fmt::format("it wants a certificate of ours ({})", reason),
                   "name one that it knows: certificate = \"FILE\", key = \"FILE\"");
  }
  return refusal(
      fmt::format("it refuses our certificate ({})", reason),
      "has it expired, and does the server know the CA that signed it? Its log says why");
}

Error no_common_cipher(const std::string& reason) {
  return refusal(fmt::format("it finds no cipher that both sides speak ({})", reason),
                 "TLS 1.2 with ECDHE and AES-GCM or ChaCha20 is the least; configure it there");
}

}  // namespace

Error tls_error(const error_code& code, std::string_view step, const SSL* connection) {
  if (code.category() != boost::asio::error::get_ssl_category()) {
    return step_error(code, step);
  }
  const auto openssl = static_cast<unsigned long>(code.value());
  const int reason = ERR_GET_REASON(openssl);
  const auto words = in_words(openssl);
  if (is_among(kOldVersion, reason)) {
    return refusal(fmt::format("it speaks only TLS 1.1 or older ({})", words),
                   "TLS 1.2 is the least; update it, or configure it there");
  }
  if (is_among(kNoTls, reason)) {
    return refusal(fmt::format("it does not answer in TLS ({})", words),
                   "is this a port of http://? Name the one of https://");
  }
  // Before TLS 1.3 a missing certificate, too, ends in a handshake_failure: the same alert
  // as a missing cipher, but later.
  const bool knows_server = ::SSL_get0_peer_certificate(connection) != nullptr;
  const bool is_failure = reason == SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE;
  if (is_among(kCertificateRefused, reason) || (is_failure && knows_server)) {
    return certificate_refused(words, ::SSL_get_certificate(connection) != nullptr);
  }
  if (is_failure || reason == SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY) {
    return no_common_cipher(words);
  }
  return refusal(fmt::format("{}: {}", step, words), "the server's log may say more");
}

}  // namespace ot::agent::http
