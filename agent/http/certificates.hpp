#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace boost::asio::ssl {
class context;
}

namespace ot::agent::http {

struct CertificateFiles {
  std::string chain;  ///< PEM, the own certificate first
  std::string key;    ///< PEM, without a passphrase
};

/// What connections are opened with; immutable, so that older ones may go on with theirs.
using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

struct LoadedCertificates {
  TlsContext context;
  Time expires{};
  std::vector<std::string> warnings;  ///< expired, not valid yet, a key that others can read
};

/// TLS 1.2 and 1.3 with forward secrecy alone. All or nothing: an error names the file
/// and what to do about it.
Result<LoadedCertificates> load_certificates(const CertificateFiles& files, Time now);

}  // namespace ot::agent::http
