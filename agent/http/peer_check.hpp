#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/http/digest.hpp"
#include "agent/http/url.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

struct ssl_st;
struct x509_st;
struct x509_store_ctx_st;

namespace ot::agent::http {

/// The SHA-256 of a certificate's public key, as pins are.
Digest pin_of(const x509_st* certificate);

/// Judges the certificates that one server shows, and words why they are refused.
class PeerCheck {
 public:
  /// Certificates must be valid at that time.
  PeerCheck(const Url& url, std::vector<std::string> pins, Time at);

  /// Has TLS ask for the server by its name, and look for that name in its certificate.
  Result<void> prepare(ssl_st* connection);

  /// OpenSSL asks it about each certificate, the server's own last. The pins are looked
  /// at before anything of ours is sent, our own certificate among it.
  bool accepts(bool is_verified, x509_store_ctx_st* at);

  /// Whether all was asked, and nothing is against the server. Only then can it be told
  /// anything.
  bool has_accepted() const { return has_accepted_ && !objection_; }

  /// Why it was refused, if it was here.
  const std::optional<Error>& objection() const { return objection_; }

 private:
  std::string host_;
  std::vector<std::string> pins_;
  Time at_;
  std::vector<Digest> digests_;
  bool has_accepted_ = false;
  std::optional<Error> objection_;
};

}  // namespace ot::agent::http
