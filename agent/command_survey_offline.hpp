#pragma once

#include <string>
#include <vector>

#include "agent/probe_options.hpp"
#include "agent/wall/options.hpp"

namespace ot::agent {

/// The options of `survey --offline`, as they were typed.
struct OfflineOptions {
  ProbeOptionTexts probe;
  std::vector<std::string> projects;
  std::string out;
  std::string targets_file;
  std::string operator_name;
  std::string note;
  std::string key;
  std::string encrypt_to;
  bool resume = false;
  bool finish = false;
  bool keep_open = false;
  bool include_files = false;
  bool no_signature = false;
  wall::Options wall;
};

void add_offline_options(CLI::App& command, OfflineOptions& options);

/// Walks a plant into a bundle; answers the exit code.
int run_offline_survey(const OfflineOptions& options);

}  // namespace ot::agent
