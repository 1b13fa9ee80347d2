#include "agent/http/front.hpp"

#include <fmt/format.h>

#include "agent/http/bearer.hpp"
#include "agent/http/host.hpp"
#include "agent/http/target.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace ot::agent::http {
namespace {

constexpr std::string_view kReading = "GET, HEAD, OPTIONS";
constexpr std::string_view kSending = "POST, OPTIONS";

Response options(std::string_view allowed) {
  Response response;
  response.status = Status::no_content;
  response.headers.emplace_back("Allow", allowed);
  return response;
}

Response method_not_allowed(std::string_view method, std::string_view allowed) {
  auto response = refusal(Status::method_not_allowed, "METHOD_NOT_ALLOWED",
                          fmt::format("{} is not answered here; {} are", shown(method), allowed));
  response.headers.emplace_back("Allow", allowed);
  return response;
}

Response forbidden(bool sends) {
  return refusal(Status::forbidden, "FORBIDDEN",
                 sends ? "this token reads lists; to send records, one of a sensor is needed"
                       : "this token is a sensor's, which sends records and reads nothing");
}

/// A body may be compressed once; several layers would unfold without end.
std::optional<Response> objection_to_coding(const RequestHead& head, Request& request) {
  const auto& codings = head.content_encodings;
  const bool plain = codings.empty() || (codings.size() == 1 && codings[0] == "identity");
  request.gzipped = codings.size() == 1 && equals_ignoring_case(trim(codings[0]), "gzip");
  if (plain || request.gzipped) {
    return std::nullopt;
  }
  return refusal(Status::unsupported_media_type, "UNSUPPORTED_ENCODING",
                 "the only Content-Encoding read here is gzip");
}

Response bad_request(const Error& error) {
  return error.code() == Errc::forbidden
             ? refusal(Status::misdirected_request, "WRONG_HOST", error.text())
             : refusal(Status::bad_request, "BAD_REQUEST", error.text());
}

/// Says the same whatever was wrong with the token.
Response unauthorized(bool had_token) {
  auto response = refusal(Status::unauthorized, "UNAUTHORIZED",
                          "a valid token is needed: Authorization: Bearer TOKEN");
  response.headers.emplace_back("WWW-Authenticate",
                                had_token ? R"(Bearer realm="rackscout", error="invalid_token")"
                                          : R"(Bearer realm="rackscout")");
  return response;
}

Response too_many(std::chrono::seconds wait) {
  auto response = refusal(
      Status::too_many_requests, "TOO_MANY_FAILURES",
      fmt::format("too many wrong tokens came from this address; {} s to wait", wait.count()));
  response.retry_after = wait;
  return response;
}

}  // namespace

Result<void> Front::check_host(const RequestHead& head, const std::string& authority) const {
  if (head.hosts.size() != 1 && !(head.hosts.empty() && head.http_1_0)) {
    return fail(Errc::malformed,
                head.hosts.empty() ? "the Host is missing" : "there is more than one Host");
  }
  const auto& named = authority.empty() && !head.hosts.empty() ? head.hosts.front() : authority;
  if (named.empty() && (head.hosts.empty() || !rules_.checks_host)) {
    return {};
  }
  const auto host = parse_host(named);
  if (!host) {
    return fail(host.error());
  }
  if (rules_.checks_host && !is_own_host(*host, rules_.names)) {
    return fail(
        Error(Errc::forbidden, fmt::format("\"{}\" is no name of this service", shown(*host)))
            .hint("ask for it by its address or as localhost"));
  }
  return {};
}

Result<Target> Front::read(const RequestHead& head) const {
  const bool is_asterisk = head.target == "*" && head.method == "OPTIONS";
  auto target = is_asterisk ? Result<Target>(Target()) : parse_target(head.target);
  if (!target) {
    return target;
  }
  if (auto host = check_host(head, target->authority); !host) {
    return fail(std::move(host).error());
  }
  return target;
}

std::variant<Caller, Response> Front::stop_at_gate(const RequestHead& head, const std::string& peer,
                                                   Moment now) {
  const bool is_one = head.authorizations.size() == 1;
  const auto bearer = is_one ? bearer_of(head.authorizations.front()) : std::string_view();
  auto decision = gate_.decide(address_group(peer), bearer, now);
  switch (decision.verdict) {
    case Gate::Verdict::admitted: return std::move(decision.caller);
    case Gate::Verdict::missing: return unauthorized(false);
    case Gate::Verdict::waits: ++waits_; return too_many(decision.wait);
    case Gate::Verdict::wrong: break;
  }
  ++wrong_tokens_;
  log::info(fmt::format("{}: a token was refused: {}", peer, decision.reason));
  if (decision.wait > std::chrono::seconds(0)) {
    log::warning(fmt::format("{}: many wrong tokens; none is looked at for {} s", peer,
                             decision.wait.count()));
  }
  return unauthorized(true);
}

std::variant<Request, Response> Front::decide(const RequestHead& head, const std::string& peer,
                                              Moment now) {
  if (head.method == "CONNECT") {
    return method_not_allowed(head.method, kReading);  // its target is no path
  }
  auto target = read(head);
  if (!target) {
    return bad_request(target.error());
  }
  const bool sends = most_body(target->path) > 0;
  const auto allowed = sends ? kSending : kReading;
  if (head.method == "OPTIONS") {
    return options(allowed);
  }
  if (sends ? head.method != "POST" : head.method != "GET" && head.method != "HEAD") {
    return method_not_allowed(head.method, allowed);
  }
  Request request;
  if (!rules_.is_open(target->path)) {
    auto caller = stop_at_gate(head, peer, now);
    if (auto* stopped = std::get_if<Response>(&caller)) {
      return std::move(*stopped);
    }
    auto& [reads, sensor] = std::get<Caller>(caller);
    if (sends ? sensor.empty() : !reads) {
      return forbidden(sends);
    }
    request.sensor = sends ? std::move(sensor) : std::string();
  }
  if (sends) {
    if (auto objection = objection_to_coding(head, request)) {
      return std::move(*objection);
    }
  }
  request.is_post = sends;
  request.path = std::move(target->path);
  request.parameters = std::move(target->parameters);
  request.peer = peer;
  return request;
}

}  // namespace ot::agent::http
