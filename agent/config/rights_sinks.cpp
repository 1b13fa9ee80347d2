#include <fmt/format.h>

#include "agent/config/mending.hpp"
#include "agent/config/rights_secrets.hpp"
#include "agent/http/bearer.hpp"
#include "agent/http/trust.hpp"

namespace ot::agent {
namespace {

/// The secret in the file; without a value when there is nothing more to say of it.
std::optional<std::string> read_as_service(RightsCheck& at, const NamedPath& named) {
  auto content = named.path.empty() ? std::nullopt : secret_of(at, named);
  return content ? std::optional(std::string(http::secret_in(*content))) : std::nullopt;
}

void check_token(RightsCheck& at, const NamedPath& named) {
  const auto token = read_as_service(at, named);
  if (token && !http::is_bearer(*token)) {
    at.mistake(named.key, "there is no token in it: one is of letters, digits and -._~+/",
               "put there what the receiver gave out, as the only line");
  }
}

void check_password(RightsCheck& at, const NamedPath& named) {
  const auto password = read_as_service(at, named);
  if (password && password->empty()) {
    at.mistake(named.key, "there is no password in it", "put it there, as the only line");
  }
}

void check_ca(RightsCheck& at, const NamedPath& named) {
  http::Trust trust;
  trust.ca = named.path;
  if (named.path.empty() || !is_certificate(at, named)) {
    return;
  }
  if (const auto loaded = http::load_trust(trust); !loaded) {
    at.mistake(named.key, loaded.error().message(), loaded.error().hint());
  }
}

void check_outbox(RightsCheck& at, const NamedPath& folder) {
  if (folder.path.empty()) {
    return;
  }
  if (!is_there(folder.path)) {
    return at.mistake(folder.key, fmt::format("there is no folder {}", quote(folder.path)),
                      own_folder(at.account(), folder.path));
  }
  const auto tried = at.try_path(folder, Want::list);
  if (tried && !tried->access.granted()) {
    at.mistake(folder.key, at.refusal(tried->access, "read this folder"),
               let_make_files(at.account(), tried->real, tried->access.at));
  } else if (tried) {
    check_making(at, folder);
  }
}

void check_sink(RightsCheck& at, const std::string& name, const SinkConfig& sink) {
  const auto named = [&name](const char* key, const std::string& value) {
    return NamedPath{fmt::format("{}.{}", name, key), path_of_secret(value)};
  };
  check_token(at, named("token_file", sink.token_file));
  check_password(at, named("password_file", sink.password_file));
  check_tls_files(at, named("certificate", sink.certificate), named("key", sink.key),
                  http::Readers::owner_alone);
  check_ca(at, named("ca", sink.ca));
  check_password(at, named("proxy_password_file", sink.proxy_password_file));
  check_outbox(at, named("folder", sink.folder));
}

}  // namespace

void check_sensors(RightsCheck& at) {
  const auto& sensors = at.config().hub.sensors;
  for (std::size_t i = 0; i < sensors.size(); ++i) {
    const NamedPath named{fmt::format("hub.sensor[{}].token_file", i),
                          path_of_secret(sensors[i].token_file)};
    if (const auto token = read_as_service(at, named)) {
      check_random_token(at, named, *token);
    }
  }
}

void check_sinks(RightsCheck& at) {
  const auto& sinks = at.config().sinks;
  for (std::size_t i = 0; i < sinks.size(); ++i) {
    check_sink(at, fmt::format("sink[{}]", i), sinks[i]);
  }
}

}  // namespace ot::agent
