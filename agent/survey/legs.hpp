#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/bundle/manifest.hpp"
#include "agent/probe_options.hpp"
#include "base/result.hpp"

namespace ot::agent::survey {

/// An area, and what a file of targets names below its heading.
struct AreaTargets {
  std::string area;
  std::vector<std::string> targets;
};

/// A line for each target; "[Hall 1]" begins an area, "#" a remark. What stands before the first
/// heading is of `area`. Errors: wrong_use, with the line; too_large.
Result<std::vector<AreaTargets>> parse_targets(std::string_view content, const std::string& area);
Result<std::vector<AreaTargets>> read_targets(const std::string& path, const std::string& area);

/// The legs that a command line asks for, each checked as `probe` does, but names are not looked
/// up. Errors: wrong_use, io.
Result<std::vector<bundle::Leg>> legs_of(const ProbeOptionTexts& texts,
                                         const std::string& targets_file);

/// Those of the command line and of its files: they hold on when the files are gone. Errors:
/// wrong_use.
Result<std::vector<std::string>> exclusions_of(const ProbeOptionTexts& texts);

/// How a leg is walked; its place and rules are filled in, its ledger and stop are not.
Result<ProbeJob> job_of(const bundle::Leg& leg, const std::string& site);

/// Adds what is not among them yet: the same targets in the same area are the same leg, whoever
/// is excluded.
void add_legs(std::vector<bundle::Leg>& legs, std::vector<bundle::Leg> more);

}  // namespace ot::agent::survey
