#include "agent/http/jwt.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "agent/http/base64url.hpp"
#include "agent/http/jwt_key.hpp"
#include "agent/http/secret_file.hpp"

namespace ot::agent::http {
namespace {

using nlohmann::json;
using Algorithm = JwtConfig::Algorithm;

constexpr int kDeepest = 8;

std::string_view name_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::hs256: return "HS256";
    case Algorithm::rs256: return "RS256";
    case Algorithm::es256: return "ES256";
  }
  return "";
}

/// header.payload.signature
using Parts = std::array<std::string_view, 3>;

std::optional<Parts> split(std::string_view token) {
  const auto first = token.find('.');
  const auto second = first == token.npos ? first : token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) {
    return std::nullopt;
  }
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1)};
}

/// An object; without a value for anything else, and for one nested too deep.
std::optional<json> parse_object(std::string_view part) {
  const auto text = from_base64url(part);
  if (!text) {
    return std::nullopt;
  }
  bool too_deep = false;
  const auto watch = [&too_deep](int depth, json::parse_event_t /*event*/, const json& /*value*/) {
    too_deep = too_deep || depth > kDeepest;
    return !too_deep;
  };
  auto value = json::parse(*text, watch, false);
  return !too_deep && value.is_object() ? std::optional(std::move(value)) : std::nullopt;
}

/// The text of that name; empty when there is none.
std::string text_in(const json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

/// A NumericDate; without a value when it is none. RFC 7519, 2.
std::optional<Time> date_in(const json& claims, const char* name) {
  constexpr double kLatest = 253402300799;  // the end of the year 9999
  const auto at = claims.find(name);
  if (at == claims.end() || !at->is_number()) {
    return std::nullopt;
  }
  const auto seconds = at->get<double>();
  if (!(std::abs(seconds) <= kLatest)) {
    return std::nullopt;
  }
  return Time(std::chrono::milliseconds(std::llround(seconds * 1000)));
}

bool is_for(const json& claims, const std::string& audience) {
  const auto at = claims.find("aud");
  if (at == claims.end()) {
    return false;
  }
  const auto is_it = [&audience](const json& one) { return one.is_string() && one == audience; };
  return is_it(*at) || (at->is_array() && std::any_of(at->begin(), at->end(), is_it));
}

tl::unexpected<Error> refused(std::string message) {
  return fail(Errc::forbidden, std::move(message));
}

Result<void> check_header(const json& header, Algorithm algorithm) {
  if (text_in(header, "alg") != name_of(algorithm)) {
    return refused(fmt::format("its algorithm is not {}", name_of(algorithm)));
  }
  if (header.contains("crit")) {
    return refused("it asks for an extension (\"crit\")");
  }
  return {};
}

Result<void> check_times(const json& claims, Time now) {
  const auto expires = date_in(claims, "exp");
  if (!expires) {
    return refused("it has no \"exp\"");
  }
  if (now >= *expires + JwtCheck::kLeeway) {
    return refused("it has expired");
  }
  if (!claims.contains("nbf")) {
    return {};
  }
  const auto begins = date_in(claims, "nbf");
  if (!begins || now + JwtCheck::kLeeway < *begins) {
    return refused("it is not valid yet");
  }
  return {};
}

Result<void> check_parties(const json& claims, const JwtConfig& config) {
  if (!config.issuer.empty() && text_in(claims, "iss") != config.issuer) {
    return refused("it has another issuer");
  }
  if (!config.audience.empty() && !is_for(claims, config.audience)) {
    return refused("it is for another audience");
  }
  return {};
}

Claims claims_of(const json& claims) {
  return {.issuer = text_in(claims, "iss"),
          .subject = text_in(claims, "sub"),
          .expires = date_in(claims, "exp").value_or(Time{})};
}

}  // namespace

struct JwtCheck::Rules {
  JwtConfig config;
  JwtKey key;
};

Result<JwtCheck> JwtCheck::with_key(const JwtConfig& config, std::string_view key) {
  auto parsed = JwtKey::from_text(config.algorithm, key);
  if (!parsed) {
    return fail(std::move(parsed).error().during(name_of(config.algorithm)));
  }
  Rules rules{config, std::move(*parsed)};
  return JwtCheck(std::make_shared<const Rules>(std::move(rules)));
}

Result<JwtCheck> JwtCheck::load(const JwtConfig& config) {
  const auto readers =
      config.algorithm == Algorithm::hs256 ? Readers::owner_alone : Readers::anybody;
  const auto text = read_named_key(config.key_file, readers);
  if (!text) {
    return fail(Error(text.error()).during("key of the JWTs"));
  }
  auto check = with_key(config, *text);
  if (!check) {
    return fail(std::move(check).error().during(fmt::format("\"{}\"", config.key_file)));
  }
  return check;
}

Result<Claims> JwtCheck::verify(std::string_view token, Time now) const {
  if (token.size() > kLongestToken) {
    return fail(Errc::too_large, fmt::format("a token over {} KiB", kLongestToken / 1024));
  }
  const auto parts = split(token);
  const auto header = parts ? parse_object((*parts)[0]) : std::nullopt;
  const auto signature = parts ? from_base64url((*parts)[2]) : std::nullopt;
  if (!header || !signature) {
    return fail(Errc::malformed, "it is no JSON Web Token");
  }
  if (auto checked = check_header(*header, rules_->key.algorithm()); !checked) {
    return fail(std::move(checked).error());
  }
  const auto signed_size = (*parts)[0].size() + 1 + (*parts)[1].size();
  if (!rules_->key.verifies(token.substr(0, signed_size), *signature)) {
    return refused("its signature is wrong");
  }
  const auto claims = parse_object((*parts)[1]);
  if (!claims) {
    return fail(Errc::malformed, "its claims are no JSON object");
  }
  if (auto checked = check_times(*claims, now); !checked) {
    return fail(std::move(checked).error());
  }
  if (auto checked = check_parties(*claims, rules_->config); !checked) {
    return fail(std::move(checked).error());
  }
  return claims_of(*claims);
}

}  // namespace ot::agent::http
