#include "agent/service/web.hpp"

#include <optional>

#include <fmt/format.h>

#include "agent/http/bearer.hpp"
#include "agent/http/secret_file.hpp"

namespace ot::agent {
namespace {

/// For requests that are being answered.
constexpr std::chrono::milliseconds kGoodbye{1000};

/// Beside the store, whose folder nobody else may enter.
std::string token_path(const ApiConfig& config, const std::string& store_path) {
  return config.token_file.empty() ? store_path + ".token" : config.token_file;
}

Result<std::vector<http::SensorToken>> tokens_of(const HubConfig& hub) {
  std::vector<http::SensorToken> tokens;
  for (const auto& sensor : hub.sensors) {
    auto token = http::read_secret(sensor.token_file);
    if (token && !http::is_token(*token)) {
      token = fail(Error(Errc::malformed, "it holds no token: one is 32 letters at least")
                       .hint("openssl rand -hex 32 makes one"));
    }
    if (!token) {
      return fail(Error(token.error()).during(fmt::format("token of sensor {}", sensor.id)));
    }
    tokens.push_back({sensor.id, http::Token(*token)});
  }
  return tokens;
}

Result<http::Credentials> credentials_of(const ApiConfig& config, const HubConfig& hub,
                                         const std::string& store_path) {
  http::Credentials credentials;
  if (hub.accept) {
    auto tokens = tokens_of(hub);
    if (!tokens) {
      return fail(std::move(tokens).error());
    }
    credentials.sensors = std::move(*tokens);
    credentials.jwt_sensors = hub.jwt_sensors;
  }
  auto token = http::Token::load_or_create(token_path(config, store_path));
  if (!token) {
    return fail(std::move(token).error());
  }
  credentials.token = *token;
  if (config.jwt) {
    auto jwt = http::JwtCheck::load(*config.jwt);
    if (!jwt) {
      return fail(std::move(jwt).error());
    }
    credentials.jwt = std::move(*jwt);
  }
  return credentials;
}

http::ServerOptions options_of(const ApiConfig& config) {
  http::ServerOptions options;
  options.address = config.address;
  options.port = config.port;
  if (config.uses_tls()) {
    options.certificates = http::CertificateFiles{config.certificate, config.key};
  }
  options.limits.connections = config.connections;
  return options;
}

/// Whether the same server can go on.
bool same_place(const ApiConfig& a, const ApiConfig& b) {
  return a.address == b.address && a.port == b.port && a.certificate == b.certificate &&
         a.key == b.key && a.connections == b.connections && a.open_metrics == b.open_metrics;
}

Result<void> certificates_of(const ApiConfig& config) {
  if (!config.uses_tls()) {
    return {};
  }
  const auto loaded = http::load_certificates({config.certificate, config.key}, now());
  return loaded ? Result<void>{} : fail(loaded.error());
}

}  // namespace

http::Site Web::site(bool open_metrics, bool accepts) {
  return {
      .answer = [this](http::Request request) { return api_.answer(std::move(request)); },
      .is_open = [open_metrics](std::string_view path) { return Api::is_open(path, open_metrics); },
      .most_body = [accepts](std::string_view path) { return Api::most_body(path, accepts); }};
}

Result<std::unique_ptr<http::Server>> Web::started(const ApiConfig& config, const HubConfig& hub,
                                                   http::Credentials credentials) {
  auto server = std::make_unique<http::Server>(
      executor_, options_of(config), std::move(credentials), site(config.open_metrics, hub.accept));
  if (auto listening = server->start(); !listening) {
    return fail(std::move(listening).error().during("api"));
  }
  return server;
}

Task<void> Web::configure(ApiConfig config, HubConfig hub, std::string store_path) {
  if (!config.enabled) {
    co_await stop();
    config_ = std::move(config);
    co_return Result<void>{};
  }
  auto credentials = credentials_of(config, hub, store_path);
  if (!credentials) {
    co_return fail(std::move(credentials).error().during("api"));
  }
  if (server_ && same_place(config_, config) && hub_.accept == hub.accept) {
    auto reloaded = config.uses_tls() ? server_->reload() : Result<void>{};
    if (reloaded) {
      server_->accept(std::move(*credentials));
      config_ = std::move(config);
      hub_ = std::move(hub);
    }
    co_return reloaded;
  }
  auto exchanged = co_await exchange(config, hub, std::move(*credentials), std::move(store_path));
  if (exchanged) {
    config_ = std::move(config);
    hub_ = std::move(hub);
  }
  co_return exchanged;
}

/// Two can't listen at one port, of one address or of all: there the old one ends first,
/// and comes back where the new one can't start.
Task<void> Web::exchange(ApiConfig config, HubConfig hub, http::Credentials credentials,
                         std::string store_path) {
  const bool same_port = server_ && config.port != 0 && config_.port == config.port;
  if (!same_port) {
    auto server = started(config, hub, std::move(credentials));
    if (server) {
      co_await stop();
      server_ = std::move(*server);
    }
    co_return server ? Result<void>{} : fail(std::move(server).error());
  }
  auto sound = certificates_of(config);
  if (!sound) {
    co_return fail(std::move(sound).error().during("api"));
  }
  co_await stop();
  auto server = started(config, hub, std::move(credentials));
  std::optional<Error> why;
  if (!server) {
    why = server.error();
    auto before = credentials_of(config_, hub_, store_path);
    server = before ? started(config_, hub_, std::move(*before)) : fail(std::move(before).error());
  }
  if (server) {
    server_ = std::move(*server);
  }
  co_return why ? fail(std::move(*why)) : Result<void>{};
}

asio::awaitable<void> Web::stop() {
  if (server_) {
    co_await server_->stop(kGoodbye);
    server_.reset();
  }
}

std::string Web::url() const {
  if (!server_) {
    return "";
  }
  const bool v6 = config_.address.find(':') != std::string::npos;
  return fmt::format("{}://{}{}{}:{}", config_.uses_tls() ? "https" : "http", v6 ? "[" : "",
                     config_.address, v6 ? "]" : "", server_->port());
}

http::Counters Web::counters() const {
  return server_ ? server_->counters() : http::Counters{};
}

}  // namespace ot::agent
