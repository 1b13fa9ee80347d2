#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "agent/config/mending.hpp"
#include "agent/config/rights.hpp"
#include "agent/config/unit_text.hpp"
#include "agent/http/secret_file.hpp"
#include "agent/presence.hpp"

namespace ot::agent {
namespace {

constexpr const char* kUnit = "rackscout.service";
constexpr std::string_view kDropIn = "sudo systemctl edit rackscout, and below [Service] write ";

/// Folders that systemd makes for the service, and where.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kMade = {
    {{"StateDirectory", "/var/lib/"},
     {"CacheDirectory", "/var/cache/"},
     {"LogsDirectory", "/var/log/"},
     {"RuntimeDirectory", "/run/"}}};

/// Where it may write: without its signs ("-/srv"), and the folders that systemd makes for it.
std::vector<std::string> writable_folders(const UnitText& unit) {
  std::vector<std::string> folders = {"/tmp", "/var/tmp"};
  for (const auto* key : {"ReadWritePaths", "BindPaths"}) {
    for (const auto& word : unit.words(key)) {
      const auto path = word.substr(std::min(word.find('/'), word.size()));
      const auto colon = path.find(':');
      const auto target = colon == path.npos ? path : path.substr(colon + 1);
      folders.push_back(target.substr(0, target.find(':')));
    }
  }
  for (const auto& [key, above] : kMade) {
    for (const auto& word : unit.words(key)) {
      folders.push_back(std::string(above) + word.substr(0, word.find(':')));
    }
  }
  return folders;
}

bool is_in_one(const std::string& path, const std::vector<std::string>& folders) {
  return std::any_of(folders.begin(), folders.end(), [&path](const std::string& folder) {
    return !folder.empty() && is_at_or_below(path, folder);
  });
}

std::vector<NamedPath> written_paths(const Config& config) {
  std::vector<NamedPath> paths = {{"safety.ledger", config.ledger},
                                  {"store.path", config.store.path}};
  const auto& token = config.api.token_file;
  if (!http::is_credential(token) && !is_there(token)) {
    paths.push_back({"api.token_file", token});
  }
  for (std::size_t i = 0; i < config.sinks.size(); ++i) {
    paths.push_back({fmt::format("sink[{}].folder", i), config.sinks[i].folder});
  }
  return paths;
}

void check_writing(RightsCheck& at, const UnitText& unit) {
  if (unit.last("ProtectSystem") != "strict") {
    return;
  }
  const auto folders = writable_folders(unit);
  for (const auto& named : written_paths(at.config())) {
    if (!named.path.empty() && !is_in_one(real_path(named.path), folders)) {
      const auto folder = named.key.ends_with("folder") ? named.path : folder_of(named.path);
      at.warning(named.key, fmt::format("{} lets the service write nothing there", kUnit),
                 fmt::format("{}ReadWritePaths={}", kDropIn, folder));
    }
  }
}

void check_homes(RightsCheck& at, const UnitText& unit) {
  if (!unit.is_on("ProtectHome") && unit.last("ProtectHome") != "tmpfs") {
    return;
  }
  auto shown = writable_folders(unit);
  const auto bound = unit.words("BindReadOnlyPaths");
  shown.insert(shown.end(), bound.begin(), bound.end());
  const std::vector<std::string> homes = {"/home", "/root", "/run/user"};
  const auto& folders = at.config().folders;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const auto path = real_path(folders[i].path);
    if (is_in_one(path, homes) && !is_in_one(path, shown)) {
      at.warning(fmt::format("folder[{}].path", i),
                 fmt::format("{} hides homes from the service", kUnit),
                 fmt::format("{}BindReadOnlyPaths={}", kDropIn, path));
    }
  }
}

void check_devices(RightsCheck& at, const UnitText& unit) {
  if (!unit.is_on("PrivateDevices")) {
    return;
  }
  const auto& groups = at.config().groups;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (std::size_t j = 0; j < groups[i].targets.size(); ++j) {
      if (groups[i].targets[j].starts_with('/')) {
        return at.warning(fmt::format("probe[{}].targets[{}]", i, j),
                          fmt::format("{} shows the service no devices", kUnit),
                          "take the drop-in serial-lines.conf, among the examples of the package");
      }
    }
  }
}

/// Who may listen at a port below 1024: root, and who got that right.
void check_port(RightsCheck& at, const UnitText& unit) {
  constexpr std::uint16_t kFirstFreePort = 1024;
  const auto& api = at.config().api;
  const auto rights = unit.words("AmbientCapabilities");
  const bool has_right = at.account().uid == 0 || std::find(rights.begin(), rights.end(),
                                                            "CAP_NET_BIND_SERVICE") != rights.end();
  if (api.enabled && api.port > 0 && api.port < kFirstFreePort && !has_right) {
    at.warning("api.port",
               fmt::format("below {} {} may not listen", kFirstFreePort, at.account().name),
               "take a port from 1024 on, or the drop-in low-port.conf, among the examples of the "
               "package");
  }
}

}  // namespace

void check_unit(RightsCheck& at, const std::string& root) {
  const bool is_service = at.account().name == kServiceUser;
  const auto unit = is_service ? unit_named(root, kUnit) : UnitText();
  check_writing(at, unit);
  check_homes(at, unit);
  check_devices(at, unit);
  check_port(at, unit);
}

}  // namespace ot::agent
