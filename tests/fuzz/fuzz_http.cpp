#include <cstdint>
#include <cstdlib>

#include "agent/http/accept_encoding.hpp"
#include "agent/http/base64url.hpp"
#include "agent/http/bearer.hpp"
#include "agent/http/front.hpp"
#include "agent/http/host.hpp"
#include "agent/http/message.hpp"
#include "base/text.hpp"

namespace {

using namespace ot::agent::http;
using ot::agent::JwtConfig;

constexpr ot::Time kNow{std::chrono::seconds(1'700'000'000)};

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

bool is_sound(const std::string& decoded) {
  return ot::is_utf8(decoded) && decoded.find('\0') == decoded.npos;
}

void check_target(std::string_view text) {
  const auto target = parse_target(text);
  if (!target) {
    require(ot::is_utf8(target.error().text()));
    return;
  }
  require(target->path.front() == '/' && is_sound(target->path));
  for (const auto& [name, value] : target->parameters) {
    require(!name.empty() && is_sound(name) && is_sound(value));
  }
}

void check_fields(std::string_view text) {
  accepts_gzip(text);
  require(bearer_of(text).size() <= kLongestBearer);
  if (const auto host = parse_host(text)) {
    require(!host->empty() && host->find_first_of(" \r\n/@\"<") == host->npos);
  }
  if (const auto bytes = from_base64url(text)) {
    require(base64url(*bytes) == text);
  }
}

JwtCheck fixed_check() {
  JwtConfig config;
  config.algorithm = JwtConfig::Algorithm::hs256;
  return JwtCheck::with_key(config, std::string(32, 'k')).value();
}

/// Nobody knows the key, so nothing is ever good.
void check_token(std::string_view text) {
  static const auto check = fixed_check();
  require(!check.verify(text, kNow));
}

Front strict_front() {
  FrontRules rules;
  rules.is_open = [](std::string_view path) { return path == "/healthz"; };
  rules.checks_host = true;
  return {std::move(rules), Credentials{.token = std::nullopt, .jwt = fixed_check()}};
}

/// Only what is open gets through, and every answer is a whole head and JSON.
void check_decision(const RequestHead& head) {
  static auto front = strict_front();
  const auto decision = front.decide(head, "127.0.0.1", {Clock::time_point{}, kNow});
  if (const auto* request = std::get_if<Request>(&decision)) {
    require(request->path == "/healthz");
    return;
  }
  const auto& response = std::get<Response>(decision);
  const auto text = message_text(response, {});
  require(ot::is_utf8(response.body) &&
          text.find("\r\n\r\n") + 4 + response.body.size() == text.size());
}

/// The same requests come out whole and in pieces, one after the other.
void check_requests(std::string_view text) {
  std::string whole(text);
  for (int i = 0; i < 8 && !whole.empty(); ++i) {
    RequestReader at_once;
    RequestReader in_pieces;
    std::string pieces;
    auto lacks = RequestReader::Lacks::head;
    for (const char byte : whole) {
      pieces += byte;
      lacks = in_pieces.take(pieces);
      if (lacks == RequestReader::Lacks::nothing || lacks == RequestReader::Lacks::reason) {
        break;
      }
    }
    const auto first = at_once.take(whole);
    require((first == RequestReader::Lacks::nothing) == (lacks == RequestReader::Lacks::nothing));
    if (first != RequestReader::Lacks::nothing) {
      return;
    }
    require(at_once.head().target == in_pieces.head().target);
    check_decision(at_once.head());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_target(text);
  check_fields(text);
  check_token(text);
  check_requests(text);
  return 0;
}
