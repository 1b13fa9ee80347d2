#include "agent/http/peer_check.hpp"

#include <algorithm>
#include <limits>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "agent/http/certificate_names.hpp"
#include "agent/http/openssl_pointer.hpp"
#include "agent/http/tls_context.hpp"
#include "agent/http/trust.hpp"

namespace ot::agent::http {
namespace {

Error untrusted(std::string message, std::string hint) {
  return Error(Errc::forbidden, std::move(message)).hint(std::move(hint));
}

bool is_address(const std::string& host) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

/// RFC 6066, 3. OpenSSL's macro for it casts as C does.
bool ask_for(SSL* connection, std::string host) {
  return ::SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    host.data()) == 1;
}

/// The server's own, or one of those that signed it.
std::string whose(const X509_STORE_CTX* at) {
  const auto* certificate = ::X509_STORE_CTX_get_current_cert(at);
  if (::X509_STORE_CTX_get_error_depth(at) == 0 || certificate == nullptr) {
    return "its certificate";
  }
  return fmt::format("the certificate of \"{}\", which signed its own,",
                     shown_name(::X509_get_subject_name(certificate)));
}

Time begin_of(const X509_STORE_CTX* at) {
  return time_of(::X509_get0_notBefore(::X509_STORE_CTX_get_current_cert(at)));
}

Time end_of(const X509_STORE_CTX* at) {
  return time_of(::X509_get0_notAfter(::X509_STORE_CTX_get_current_cert(at)));
}

Error expired(const X509_STORE_CTX* at, Time now) {
  return untrusted(
      fmt::format("{} expired on {}", whose(at), iso8601(end_of(at))),
      fmt::format("renew it there, or is the clock here right? It says {}", iso8601(now)));
}

Error too_early(const X509_STORE_CTX* at, Time now) {
  return untrusted(fmt::format("{} is not valid before {}", whose(at), iso8601(begin_of(at))),
                   fmt::format("is the clock here right? It says {}", iso8601(now)));
}

/// OpenSSL asks the C library for the time, and gets none after 2038 where its time_t has 32
/// bits.
bool openssl_knows(Time time) {
  constexpr Time kLast{std::chrono::seconds{std::numeric_limits<std::int32_t>::max()}};
  return sizeof(void*) > 4 || time <= kLast;
}

Error other_name(const X509_STORE_CTX* at, const std::string& host) {
  const auto* certificate = ::X509_STORE_CTX_get0_cert(at);
  const bool by_address = is_address(host);
  return untrusted(fmt::format("its certificate is for {}, not for {}{}", shown_hosts(certificate),
                               by_address ? "the address " : "", host),
                   fmt::format("name it in the URL as its certificate does, or renew that with "
                               "{}:{} as subjectAltName",
                               by_address ? "IP" : "DNS", host));
}

Error signed_by_itself(const X509_STORE_CTX* at) {
  const auto* certificate = ::X509_STORE_CTX_get_current_cert(at);
  const auto name = shown_name(::X509_get_subject_name(certificate));
  if (::X509_STORE_CTX_get_error_depth(at) > 0) {
    return untrusted(fmt::format("its certificate comes from \"{}\", whom nobody here knows", name),
                     "name its CA: ca = \"FILE\"");
  }
  return untrusted(
      fmt::format("its certificate is signed by itself (\"{}\"), and nobody here knows it", name),
      "name it as its own CA: ca = \"FILE\", once it is compared by another way");
}

Error unknown_issuer(const X509_STORE_CTX* at) {
  const auto* certificate = ::X509_STORE_CTX_get_current_cert(at);
  return untrusted(fmt::format("{} is signed by \"{}\", whom nobody here knows", whose(at),
                               shown_name(::X509_get_issuer_name(certificate))),
                   "name its CA: ca = \"FILE\"; or the server leaves out a certificate between "
                   "its own and the CA's");
}

Error objection_of_openssl(const X509_STORE_CTX* at, const std::string& host, Time now) {
  const int reason = ::X509_STORE_CTX_get_error(at);
  switch (reason) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return expired(at, now);
    case X509_V_ERR_CERT_NOT_YET_VALID: return too_early(at, now);
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return other_name(at, host);
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: return signed_by_itself(at);
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return unknown_issuer(at);
    default:
      return untrusted(
          fmt::format("{} does not hold: {}", whose(at), ::X509_verify_cert_error_string(reason)),
          "renew it there");
  }
}

bool is_pinned(const X509_STORE_CTX* at, const std::vector<Digest>& pins) {
  auto* chain = ::X509_STORE_CTX_get0_chain(at);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    const auto pin = pin_of(sk_X509_value(chain, i));
    if (std::find(pins.begin(), pins.end(), pin) != pins.end()) {
      return true;
    }
  }
  return false;
}

}  // namespace

Digest pin_of(const X509* certificate) {
  unsigned char* der = nullptr;
  const int size = ::i2d_X509_PUBKEY(::X509_get_X509_PUBKEY(certificate), &der);
  if (size <= 0) {
    return {};
  }
  const auto pin = sha256({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
  openssl_free(der);
  return pin;
}

PeerCheck::PeerCheck(const Url& url, std::vector<std::string> pins, Time at)
    : host_(url.host), pins_(std::move(pins)), at_(at) {}

Result<void> PeerCheck::prepare(SSL* connection) {
  for (const auto& text : pins_) {
    const auto pin = parse_pin(text);
    if (!pin) {
      return fail(pin.error());
    }
    digests_.push_back(*pin);
  }
  auto* rules = ::SSL_get0_param(connection);
  ::X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (!openssl_knows(at_)) {
    ::X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_NO_CHECK_TIME);
  }
  const bool is_set = is_address(host_) ? ::X509_VERIFY_PARAM_set1_ip_asc(rules, host_.c_str()) == 1
                                        : ::SSL_set1_host(connection, host_.c_str()) == 1 &&
                                              ask_for(connection, host_);
  if (!is_set) {
    return fail(Errc::wrong_use, fmt::format("\"{}\" is no name that TLS can ask for", host_));
  }
  return {};
}

bool PeerCheck::accepts(bool is_verified, X509_STORE_CTX* at) {
  const bool is_last = ::X509_STORE_CTX_get_error_depth(at) == 0;
  if (!is_verified) {
    objection_ = objection_of_openssl(at, host_, at_);
    return false;
  }
  if (end_of(at) <= at_ || begin_of(at) > at_) {
    objection_ = end_of(at) <= at_ ? expired(at, at_) : too_early(at, at_);
    ::X509_STORE_CTX_set_error(at, X509_V_ERR_APPLICATION_VERIFICATION);
    return false;
  }
  if (is_last && !digests_.empty() && !is_pinned(at, digests_)) {
    const auto pin = pin_of(::X509_STORE_CTX_get0_cert(at));
    objection_ = untrusted(
        fmt::format("its public key is not one that is pinned; it shows {}", pin_text(pin)),
        "compare it by another way before you change pins");
    ::X509_STORE_CTX_set_error(at, X509_V_ERR_APPLICATION_VERIFICATION);
    return false;
  }
  has_accepted_ = has_accepted_ || is_last;
  return true;
}

}  // namespace ot::agent::http
