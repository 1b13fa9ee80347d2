#pragma once

#include <string>
#include <utility>
#include <vector>

#include "agent/http/url.hpp"
#include "base/result.hpp"

namespace ot::agent::http {

/// A request of ours.
struct OutgoingRequest {
  OutgoingRequest() = default;
  OutgoingRequest(std::string verb, std::string place)
      : method(std::move(verb)), target(std::move(place)) {}

  std::string method;
  std::string target;  ///< "/path?query", behind the path of the URL
  /// Beside those that are added: Host, User-Agent, Accept-Encoding, Content-Length.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

/// "rackscout/0.1.0"
std::string user_agent();

/// The request's bytes. What would break its form is `wrong_use`; the error names the
/// field, never its value.
Result<std::string> request_text(OutgoingRequest request, const Url& url);

}  // namespace ot::agent::http
