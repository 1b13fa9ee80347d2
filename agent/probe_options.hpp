#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/ledger_file.hpp"
#include "agent/probe_run.hpp"

namespace CLI {
class App;
}

namespace ot::agent {

/// The options of `probe` and `survey`, as they were typed.
struct ProbeOptionTexts {
  std::vector<std::string> targets;
  std::vector<std::string> protocols;
  std::vector<std::string> exclude;
  std::vector<std::string> exclude_files;
  std::vector<std::string> units;
  std::string store;
  std::string site;
  std::string area;
  std::string ledger;
  std::string stop_file;
  std::string serial;
  std::string format = "table";
  std::uint32_t gap = 100;
  std::uint32_t at_once = 16;
  bool plan = false;
  bool yes = false;
};

void add_probe_options(CLI::App& command, ProbeOptionTexts& texts);

/// Whom to ask, by which protocols, and how. Errors: wrong_use; io for a file of exclusions.
Result<ProbeJob> job_of(const ProbeOptionTexts& texts, Targets::Resolve resolve = look_up);

/// "1", "1-20", "3,7,9-12" as unit ids of 1 to 255: 0 is the broadcast address.
Result<std::vector<std::uint8_t>> parse_units(const std::vector<std::string>& texts);

}  // namespace ot::agent
