#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agent/http/gate.hpp"
#include "agent/http/reader.hpp"
#include "agent/http/request.hpp"
#include "agent/http/response.hpp"
#include "agent/http/target.hpp"

namespace ot::agent::http {

struct FrontRules {
  /// Whether a path is answered to anybody, without a token.
  std::function<bool(std::string_view path)> is_open;
  /// How long the body of a POST to a path may be; 0: nothing is posted there.
  std::function<std::uint64_t(std::string_view path)> most_body;
  /// Whether a Host of somebody else's is refused: on loopback without TLS, where a
  /// page in a browser could reach us under a name of its own (DNS rebinding).
  bool checks_host = false;
  std::vector<std::string> names;  ///< further names of ours
};

/// What is decided about a request before the handler sees it. Knows no socket.
class Front {
 public:
  Front(FrontRules rules, Credentials credentials)
      : rules_(std::move(rules)), gate_(std::move(credentials)) {}

  /// The request for the handler, its body still to be read, or our own answer.
  std::variant<Request, Response> decide(const RequestHead& head, const std::string& peer,
                                         Moment now);

  /// How long the body of a request may be that was decided to be answered.
  std::uint64_t most_body(const Request& request) const {
    return request.is_post ? most_body(request.path) : RequestReader::kBodyLimit;
  }

  void accept(Credentials credentials) { gate_.accept(std::move(credentials)); }

  std::uint64_t wrong_tokens() const { return wrong_tokens_; }
  std::uint64_t waits() const { return waits_; }

 private:
  Result<void> check_host(const RequestHead& head, const std::string& authority) const;
  Result<Target> read(const RequestHead& head) const;
  std::uint64_t most_body(std::string_view path) const {
    return rules_.most_body ? rules_.most_body(path) : 0;
  }
  /// Who comes in, or why nobody does.
  std::variant<Caller, Response> stop_at_gate(const RequestHead& head, const std::string& peer,
                                              Moment now);

  FrontRules rules_;
  Gate gate_;
  std::uint64_t wrong_tokens_ = 0;
  std::uint64_t waits_ = 0;
};

}  // namespace ot::agent::http
