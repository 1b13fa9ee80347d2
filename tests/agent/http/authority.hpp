#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "tests/temporary.hpp"

namespace ot::tests {

/// What a certificate is to say.
struct CertificateText {
  std::string subject = "hub";
  std::string hosts = "DNS:localhost,IP:127.0.0.1";  ///< empty: none but the subject
  std::chrono::hours begins{-24};                    ///< from now on
  std::chrono::hours ends{24 * 9};
};

/// A CA, and a folder with what it signs: NAME.crt and NAME.key, which is its owner's alone.
class Authority {
 public:
  /// Its own certificate is ca.crt.
  explicit Authority(const std::string& subject = "Plant CA",
                     std::chrono::hours ends = std::chrono::hours(24 * 9));
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  void issue(const std::string& name, const CertificateText& text = {}) const;
  void sign_itself(const std::string& name, const CertificateText& text = {}) const;

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  /// "sha256//..." of NAME.crt, by the openssl command.
  std::string pin(const std::string& name) const;

 private:
  struct State;

  TemporaryFolder folder_;
  std::unique_ptr<State> state_;
};

}  // namespace ot::tests
