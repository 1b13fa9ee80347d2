#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/config/access.hpp"
#include "agent/config/config.hpp"
#include "agent/config/finding.hpp"
#include "agent/config/table_reader.hpp"

namespace ot::agent {

/// A path of the configuration that is being tried.
struct NamedPath {
  std::string key;   ///< "folder[0].path"
  std::string path;  ///< as written
};

/// One run over the surroundings of a configuration.
class RightsCheck {
 public:
  RightsCheck(const Config& config, const KeyPlaces& places, const Account& account,
              std::string file)
      : config_(&config), places_(&places), account_(&account), findings_(std::move(file)) {}

  const Config& config() const { return *config_; }
  const Account& account() const { return *account_; }
  Findings& findings() { return findings_; }

  /// The message gets the key's own name in front: "path: ...".
  void mistake(const std::string& key, std::string_view what, std::string hint);
  void warning(const std::string& key, std::string_view what, std::string hint);

  struct Tried {
    std::string real;  ///< the path without links
    Access access;
  };
  /// Tries it; what is no matter of rights (missing, no folder) is told at once.
  /// Without a value when nothing more can be said.
  std::optional<Tried> try_path(const NamedPath& named, Want want);

  /// "rackscout can't read this folder: "/srv" (root:root, mode 0700) refuses it"
  std::string refusal(const Access& access, std::string_view end) const;

 private:
  TextPlace place(const std::string& key) const;

  const Config* config_;
  const KeyPlaces* places_;
  const Account* account_;
  Findings findings_;
};

/// The path without links, or as it is where the system doesn't say.
std::string real_path(const std::string& path);
std::string folder_of(const std::string& path);

bool is_there(const std::string& path);

/// Where the store of that account lies; empty where only it knows.
std::string store_of(const RightsCheck& at);

/// The line that lets an account read a file: see mending.hpp.
using Mending = std::string (*)(const Account& account, const std::string& path,
                                const std::string& refused);

/// Whether the account can read this file; if not, it is told.
bool can_read(RightsCheck& at, const NamedPath& named, Mending mending);

/// Tells it when no files can be made in this folder.
void check_making(RightsCheck& at, const NamedPath& folder);

/// Tells it when a file can't be made, or not be written where it is there already.
void check_writable(RightsCheck& at, const NamedPath& named);

// Each tells what it finds.
void check_watched_folders(RightsCheck& at);
void check_secrets(RightsCheck& at);  ///< certificate, keys, token
void check_sensors(RightsCheck& at);  ///< the tokens of those who may send here
void check_sinks(RightsCheck& at);    ///< their secrets, certificates and folders
void check_safety_files(RightsCheck& at);
void check_written_files(RightsCheck& at);
void check_serial_devices(RightsCheck& at);
void check_unit(RightsCheck& at, const std::string& root);  ///< what systemd keeps from the service

}  // namespace ot::agent
