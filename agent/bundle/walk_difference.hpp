#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/bundle/manifest.hpp"
#include "agent/bundle/walk_target.hpp"
#include "agent/records_json.hpp"
#include "store/inbox.hpp"

namespace ot::agent::bundle {

/// What one walk found, for comparing it with another one.
struct Found {
  Manifest manifest;
  std::vector<store::SentRecord> records;
  std::vector<WalkTarget> targets;
  std::string observations;  ///< observations.ndjson
};

/// What is otherwise in the later of two walks.
struct WalkChange {
  enum class Kind : std::uint8_t {
    device_new,
    device_gone,
    module_added,
    module_removed,
    module_swapped,  ///< another serial or order number in its place
    firmware,
    fact,
    file_added,
    file_removed,
    file_changed,  ///< another content at its path
  };
  Kind kind = Kind::fact;
  std::string area;
  std::string device;   ///< "10.0.0.5 CJ2M-CPU33"; of a file its path
  std::string address;  ///< at which the device answers; may be empty
  std::string place;    ///< "rack 0, slot 4"; empty for the device itself
  std::string what;     ///< of a fact: "serial number"
  std::string before;
  std::string after;
  std::string note;  ///< what to know of it: "it was not asked"

  bool operator==(const WalkChange&) const = default;
};

/// By area and address, files last. Devices are the same where they share a key, the strongest
/// first, unless they have different ones of a strong kind.
std::vector<WalkChange> differences(const Found& before, const Found& after);

/// What the earlier walk asked and the later one can say nothing of.
struct Coverage {
  std::size_t targets = 0;            ///< that the earlier one asked
  std::vector<WalkTarget> not_asked;  ///< by the later one, as the earlier one has them
  std::vector<WalkTarget> silent;     ///< answered then, and not now: as the later one has them
  std::vector<std::string> projects;  ///< folders that were not read

  bool is_whole() const { return not_asked.empty() && projects.empty(); }
};
Coverage coverage(const Found& before, const Found& after);

/// "moduleSwapped": the kind for programs.
std::string_view to_string(WalkChange::Kind kind);

/// `unit 17: swapped: serial number 123 -> 456`
std::string words(const WalkChange& change);

/// Lines grouped by device, and what was not asked behind them. What comes from devices and files
/// is escaped.
std::string difference_text(const std::vector<WalkChange>& changes, const Coverage& coverage);
Json difference_json(const std::vector<WalkChange>& changes, const Coverage& coverage);

}  // namespace ot::agent::bundle
