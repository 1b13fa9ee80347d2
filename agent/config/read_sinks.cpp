#include <fmt/format.h>

#include "agent/config/keys.hpp"
#include "agent/config/sections.hpp"
#include "agent/http/trust.hpp"
#include "agent/http/url.hpp"
#include "base/uuid.hpp"
#include "store/query/filter.hpp"
#include "store/query/vocabulary.hpp"

namespace ot::agent {
namespace {

using namespace std::chrono_literals;
using Kind = SinkConfig::Kind;

std::string read_filter(TableReader& reader, std::string_view key,
                        const store::query::Vocabulary& vocabulary) {
  constexpr std::size_t kLongest = 16 * 1024;
  auto filter = reader.text(key, {}, kLongest);
  const auto read =
      filter.empty() ? std::nullopt : std::optional(store::query::parse(filter, vocabulary, now()));
  if (read && !*read) {
    const auto& error = read->error();
    reader.mistake(key,
                   fmt::format("character {}: {}", error.position().value + 1, error.message()),
                   error.hint());
  }
  return filter;
}

void read_url(TableReader& reader, SinkConfig& sink) {
  sink.url = reader.text("url");
  if (sink.url.empty()) {
    return;
  }
  const auto url = http::parse_url(sink.url);
  if (!url) {
    reader.mistake("url", url.error().message(), url.error().hint());
  } else if (!url->is_tls() && !http::is_loopback(*url)) {
    reader.mistake("url", "the token and all records would cross the network in the clear",
                   "write https://; http:// is for this machine alone: localhost, 127.0.0.1, ::1");
  }
}

/// It is asked in the clear for a way through; TLS is spoken with the receiver.
void check_proxy(TableReader& reader, const std::string& proxy) {
  const auto url = http::parse_url(proxy);
  if (!url) {
    reader.mistake("proxy", url.error().message());
  } else if (url->is_tls() || !proxy.ends_with(fmt::format(":{}", url->port))) {
    reader.mistake("proxy", "must be http://, a host and its port");
  }
}

void read_proxy(TableReader& reader, SinkConfig& sink) {
  sink.proxy = reader.text("proxy");
  sink.proxy_user = reader.text("proxy_user");
  sink.proxy_password_file = reader.secret("proxy_password_file");
  if (!sink.proxy.empty()) {
    check_proxy(reader, sink.proxy);
  }
  const auto url = http::parse_url(sink.url);
  if (!sink.proxy.empty() && url && !url->is_tls()) {
    reader.mistake("proxy", "without TLS the token and all records would go to it in the clear",
                   "take an https:// url, or no proxy");
  }
  reader.require_with("proxy_user", "proxy_password_file", "its password is not named");
  reader.require_with("proxy_password_file", "proxy_user", "its user is not named");
  reader.require_with("proxy_user", "proxy", "there is no proxy");
}

void read_pins(TableReader& reader, SinkConfig& sink) {
  for (const auto& item : reader.texts("pins")) {
    if (const auto pin = http::parse_pin(item.text)) {
      sink.pins.push_back(http::pin_text(*pin));
    } else {
      reader.mistake(item, pin.error().message(), pin.error().hint());
    }
  }
}

/// What shows the receiver who we are.
void read_credentials(TableReader& reader, SinkConfig& sink) {
  sink.token_file = reader.secret("token_file");
  sink.user = reader.text("user");
  sink.password_file = reader.secret("password_file");
  sink.certificate = reader.path("certificate");
  sink.key = reader.secret("key");
  if (!reader.is_unnamed("token_file") && !reader.is_unnamed("user")) {
    reader.mistake("user", "there is a token_file, too", "leave one of the two out");
  }
  reader.require_with("user", "password_file", "its password is not named");
  reader.require_with("password_file", "user", "its user is not named");
  reader.require_with("certificate", "key", "its private key is not named");
  reader.require_with("key", "certificate", "its certificate is not named");
}

void check_credentials(TableReader& reader, Kind kind) {
  const auto is_named = [&reader](const char* key) { return !reader.is_unnamed(key); };
  if (is_named("token_file") || is_named("user") || is_named("password_file")) {
    return;
  }
  constexpr const char* kHint = "name token_file, or user and password_file";
  if (kind == Kind::hub && is_named("certificate")) {
    return reader.warning(
        "token_file", "is missing: the receiver must know this gateway by its certificate", kHint);
  }
  reader.mistake("token_file", "is missing: nobody takes records from a stranger", kHint);
}

/// Keys that only a sink of another kind has.
void check_foreign_keys(TableReader& reader, std::string_view kind) {
  for (const auto& key : all_keys()) {
    if (key.table == "sink" && !key.is_of(kind) && !reader.is_unnamed(key.name)) {
      reader.mistake(key.name, fmt::format("a sink of kind {} has none", quote(kind)),
                     fmt::format("leave it out: sinks of kind {} have it", key.kinds));
    }
  }
}

/// What the kind demands.
void check_kind(TableReader& reader, const SinkConfig& sink) {
  constexpr std::uint32_t kMostAssets = 250;
  check_foreign_keys(reader, kSinkWords[static_cast<std::size_t>(sink.kind)]);
  if (sink.kind == Kind::file) {
    return reader.require("folder");
  }
  reader.require("url");
  check_credentials(reader, sink.kind);
  if (sink.kind == Kind::csam) {
    reader.require("connector_uuid");
    if (sink.batch > kMostAssets) {
      reader.mistake("batch", fmt::format("{} is not between 0 and {}", sink.batch, kMostAssets));
    }
  }
}

void read_connector(TableReader& reader, SinkConfig& sink) {
  const auto text = reader.text("connector_uuid");
  const auto uuid = parse_uuid(text);
  if (!text.empty() && !uuid) {
    reader.mistake("connector_uuid", quote(text) + " is no UUID");
  }
  sink.connector_uuid = uuid ? uuid->text() : "";
  if (!reader.is_unnamed("source")) {
    sink.source = reader.text("source", sink.source);
  }
}

}  // namespace

void read_sink(TableReader& reader, Config& config) {
  SinkConfig sink;
  sink.name = reader.plain_name("name");
  sink.filter = read_filter(reader, "filter", store::query::asset_vocabulary());
  sink.file_filter = read_filter(reader, "file_filter", store::query::file_vocabulary());
  sink.batch = reader.number("batch", sink.batch, {.least = 0, .most = 1000});
  sink.timeout = std::chrono::duration_cast<std::chrono::seconds>(
      reader.duration("timeout", sink.timeout, {.least = 5s, .most = 10min}));
  read_url(reader, sink);
  read_credentials(reader, sink);
  sink.ca = reader.path("ca");
  read_pins(reader, sink);
  read_proxy(reader, sink);
  sink.folder = reader.path("folder");
  sink.folder_size = reader.size("folder_size", sink.folder_size, 1U << 20);
  read_connector(reader, sink);
  reader.require("kind");
  const auto kind = reader.word("kind", kSinkWords, kSinkWords.size());
  if (kind < kSinkWords.size()) {
    sink.kind = static_cast<Kind>(kind);
    check_kind(reader, sink);
  }
  config.sinks.push_back(std::move(sink));
}

void read_business_app(TableReader& reader, Config& config) {
  constexpr std::size_t kLongestId = 40;
  constexpr std::size_t kLongest = 255;
  const auto text = [&reader](std::string_view key) { return reader.text(key, {}, kLongest); };
  reader.require("id");
  reader.require("name");
  const BusinessApp app{.id = reader.text("id", {}, kLongestId),
                        .name = text("name"),
                        .criticality = text("criticality"),
                        .status = text("status"),
                        .environment = text("environment"),
                        .used_for = text("used_for"),
                        .operational_status = text("operational_status"),
                        .owned_by = text("owned_by"),
                        .managed_by = text("managed_by"),
                        .supported_by = text("supported_by"),
                        .support_group = text("support_group"),
                        .site = text("site")};
  for (auto& sink : config.sinks) {
    if (sink.kind == Kind::csam) {
      sink.business_apps.push_back(app);
    }
  }
}

}  // namespace ot::agent
