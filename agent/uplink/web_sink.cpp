#include "agent/uplink/web_sink.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "agent/http/base64url.hpp"
#include "agent/http/bearer.hpp"
#include "agent/http/secret_file.hpp"
#include "agent/http/trust.hpp"
#include "agent/json_text.hpp"
#include "base/number.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

constexpr unsigned kUnauthorized = 401;
constexpr std::chrono::minutes kUsualLife{210};
constexpr std::size_t kLongestReason = 300;

http::Trust trust_of(const SinkConfig& config) {
  http::Trust trust;
  trust.ca = config.ca;
  trust.certificate = config.certificate;
  trust.key = config.key;
  trust.pins = config.pins;
  return trust;
}

Result<http::Proxy> proxy_of(const SinkConfig& config) {
  auto url = http::parse_url(config.proxy);
  if (!url) {
    return fail(std::move(url).error().during("proxy"));
  }
  std::string password;
  if (!config.proxy_password_file.empty()) {
    auto secret = http::read_secret(config.proxy_password_file);
    if (!secret) {
      return fail(std::move(secret).error().during("proxy_password_file"));
    }
    password = std::move(*secret);
  }
  return http::Proxy(std::move(*url), config.proxy_user, std::move(password));
}

Result<http::ClientEndpoint> endpoint_of(const SinkConfig& config) {
  auto url = http::parse_url(config.url);
  if (!url) {
    return fail(std::move(url).error().during("url"));
  }
  auto endpoint = http::ClientEndpoint(std::move(*url));
  if (endpoint.url.is_tls()) {
    auto trust = http::load_trust(trust_of(config));
    if (!trust) {
      return fail(std::move(trust).error());
    }
    endpoint.tls = std::move(*trust);
    endpoint.pins = config.pins;
  } else if (!http::is_loopback(endpoint.url)) {
    return fail(Errc::forbidden, "without TLS records go to this machine alone");
  }
  if (!config.proxy.empty() && !endpoint.url.is_tls()) {
    return fail(
        Error(Errc::forbidden, "through a proxy without TLS the token would go in the clear")
            .hint("take an https:// url, or no proxy"));
  }
  if (!config.proxy.empty()) {
    auto proxy = proxy_of(config);
    if (!proxy) {
      return fail(std::move(proxy).error());
    }
    endpoint.proxy = std::move(*proxy);
  }
  return endpoint;
}

http::ClientLimits limits_of(const SinkConfig& config) {
  http::ClientLimits limits;
  limits.write = limits.reply = limits.body = config.timeout;
  return limits;
}

/// application/x-www-form-urlencoded
std::string form_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

/// The first line or so of what a server says, safe to show.
std::string words_of(const http::Reply& reply) {
  const auto body = nlohmann::json::parse(reply.body, nullptr, false);
  for (const char* name : {"responseMessage", "message", "error"}) {
    if (body.is_object() && body.contains(name) && body[name].is_string()) {
      return escape_for_terminal(body[name].get<std::string>().substr(0, kLongestReason));
    }
  }
  const auto line = std::string_view(reply.body).substr(0, reply.body.find('\n'));
  return line.starts_with('<')
             ? std::string()
             : escape_for_terminal(to_utf8(line.substr(0, kLongestReason), CodePage::utf8));
}

std::optional<std::chrono::seconds> wait_in(const http::Reply& reply) {
  // The platform's own word is the more precise one.
  for (const auto* name : {"X-RateLimit-ToWait-Sec", "Retry-After"}) {
    const auto seconds = whole_number<std::uint32_t>(trim(reply.header(name)));
    if (seconds) {
      constexpr std::uint32_t kLongest = 24 * 3600;
      return std::chrono::seconds(std::min(*seconds, kLongest));
    }
  }
  return std::nullopt;
}

Outcome later(std::string reason, std::string hint = {}) {
  Outcome outcome(Outcome::Kind::later, std::move(reason));
  outcome.hint = std::move(hint);
  return outcome;
}

std::string hint_for(unsigned status) {
  switch (status) {
    case 401: return "look at the sink's token_file, or its user and password_file";
    case 403:
      return "the token is good, and not for this: is it this sensor's (the hub binds each "
             "token to a sensor's id, which is our sensor_name), or the module licensed?";
    case 404:
    case 405: return "look at the sink's url: what answers there takes no records";
    default: return {};
  }
}

}  // namespace

Outcome outcome_of(const Error& error) {
  auto outcome = later(error.message(), error.hint());
  outcome.needs_person = error.code() == Errc::forbidden || error.code() == Errc::wrong_use;
  return outcome;
}

Outcome outcome_of(const http::Reply& reply, const http::Url& url) {
  constexpr unsigned kRedirects = 3;
  const auto words = words_of(reply);
  auto reason = fmt::format("{} answers {}{}{}", url.authority(), reply.status,
                            words.empty() ? "" : ": ", words);
  if (reply.status == 400 || reply.status == 413) {
    return Outcome(Outcome::Kind::too_much, std::move(reason));
  }
  auto outcome = later(std::move(reason), hint_for(reply.status));
  if (reply.status / 100 == kRedirects) {
    outcome.hint = "redirects are not followed: name the address itself in the sink's url";
  }
  outcome.wait = wait_in(reply);
  outcome.needs_person = !outcome.hint.empty();
  return outcome;
}

std::string token_in(std::string_view body) {
  const auto text = trim(body);
  const auto object = nlohmann::json::parse(text, nullptr, false);
  for (const char* name : {"access_token", "token"}) {
    if (object.is_object() && object.contains(name) && object[name].is_string()) {
      return object[name].get<std::string>();
    }
  }
  return object.is_string() ? object.get<std::string>() : std::string(text);
}

Time renewal_of(std::string_view token, Time now) {
  const auto first = token.find('.');
  const auto second = first == token.npos ? token.npos : token.find('.', first + 1);
  const auto claims = second == token.npos
                          ? std::nullopt
                          : http::from_base64url(token.substr(first + 1, second - first - 1));
  const auto object = nlohmann::json::parse(claims.value_or(""), nullptr, false);
  if (object.is_object() && object.contains("exp") && object["exp"].is_number_integer()) {
    constexpr std::int64_t kFarthest = 4'000'000'000'000;
    const auto seconds = std::clamp<std::int64_t>(object["exp"].get<std::int64_t>(), 0, kFarthest);
    const Time expires{std::chrono::seconds(seconds)};
    return std::max(now, expires - (expires - now) / 8);
  }
  return now + kUsualLife;
}

WebSink::WebSink(const asio::any_io_executor& executor, const SinkConfig& config,
                 http::ClientEndpoint endpoint)
    : config_(config), client_(executor, std::move(endpoint), limits_of(config)) {}

Result<std::unique_ptr<WebSink>> WebSink::open(const asio::any_io_executor& executor,
                                               const SinkConfig& config) {
  auto endpoint = endpoint_of(config);
  if (!endpoint) {
    return fail(std::move(endpoint).error());
  }
  return std::make_unique<WebSink>(executor, config, std::move(*endpoint));
}

Task<void> WebSink::log_in() {
  auto password = http::read_secret(config_.password_file);
  if (!password) {
    co_return fail(std::move(password).error().during("password_file"));
  }
  http::OutgoingRequest request("POST", "/auth");
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  request.body = fmt::format("username={}&password={}&token=true", form_text(config_.user),
                             form_text(*password));
  auto reply = co_await client_.exchange(std::move(request));
  if (!reply) {
    co_return fail(std::move(reply).error().during("login"));
  }
  if (reply->status / 100 != 2) {
    co_return fail(
        Error(Errc::forbidden, fmt::format("login: {} answers {} to user \"{}\"", url().authority(),
                                           reply->status, config_.user))
            .hint("look at the sink's user and password_file"));
  }
  token_ = token_in(reply->body);
  if (!http::is_bearer(token_)) {
    token_.clear();
    co_return fail(Errc::malformed,
                   fmt::format("login: {} answers without a token", url().authority()));
  }
  renew_at_ = renewal_of(token_, now());
  co_return Result<void>{};
}

Task<void> WebSink::have_token() {
  if (!token_.empty() && (!renew_at_ || now() < *renew_at_)) {
    co_return Result<void>{};
  }
  if (!config_.user.empty()) {
    co_return co_await log_in();
  }
  if (config_.token_file.empty()) {
    co_return Result<void>{};  // the certificate says who we are
  }
  auto token = http::read_secret(config_.token_file);
  if (token && !http::is_bearer(*token)) {
    token = fail(Errc::malformed, fmt::format("\"{}\" holds no token", config_.token_file));
  }
  if (!token) {
    co_return fail(std::move(token).error().during("token_file"));
  }
  token_ = std::move(*token);
  co_return Result<void>{};
}

Task<http::Reply> WebSink::attempt(std::string target, std::string body, bool gzipped) {
  auto ready = co_await have_token();
  if (!ready) {
    co_return fail(std::move(ready).error());
  }
  http::OutgoingRequest request("POST", std::move(target));
  request.headers.emplace_back("Content-Type", "application/json");
  if (gzipped) {
    request.headers.emplace_back("Content-Encoding", "gzip");
  }
  if (!token_.empty()) {
    request.headers.emplace_back("Authorization", "Bearer " + token_);
  }
  request.body = std::move(body);
  co_return co_await client_.exchange(std::move(request));
}

Task<http::Reply> WebSink::post(std::string target, std::string body, bool gzipped) {
  auto reply = co_await attempt(target, body, gzipped);
  if (!reply || reply->status != kUnauthorized || token_.empty()) {
    co_return reply;
  }
  // Revoked, or its file has another one by now: the one of before would only count as wrong.
  const auto refused = std::exchange(token_, std::string());
  auto renewed = co_await have_token();
  if (!renewed || (config_.user.empty() && token_ == refused)) {
    token_.clear();
    co_return reply;
  }
  co_return co_await attempt(std::move(target), std::move(body), gzipped);
}

std::string WebSink::preview_of(const std::string& target, std::size_t length, bool gzipped) const {
  const bool has_token = !config_.user.empty() || !config_.token_file.empty();
  return fmt::format(
      "POST {}{} HTTP/1.1\nHost: {}\n{}Content-Type: application/json\n{}"
      "Content-Length: {}\n",
      url().path, target, url().host_field(), has_token ? "Authorization: Bearer ********\n" : "",
      gzipped ? "Content-Encoding: gzip\n" : "", length);
}

}  // namespace ot::agent
