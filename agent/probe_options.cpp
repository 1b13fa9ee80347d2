#include "agent/probe_options.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <unistd.h>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "agent/checks.hpp"
#include "base/nearest.hpp"
#include "base/number.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

namespace link = protocols::link;

Result<const protocols::Probe*> protocol_named(std::string_view name) {
  Nearest nearest(name, 1);
  for (const auto* probe : protocols::all()) {
    if (probe->name == name) {
      return probe;
    }
    nearest.consider(probe->name);
  }
  return fail(Errc::wrong_use, fmt::format("unknown protocol \"{}\"{}", escape_for_terminal(name),
                                           did_you_mean(nearest.take())));
}

Result<std::vector<const protocols::Probe*>> chosen_protocols(
    const std::vector<std::string>& names) {
  std::vector<const protocols::Probe*> chosen;
  for (const auto& name : names) {
    const auto probe = protocol_named(name);
    if (!probe) {
      return fail(probe.error());
    }
    if (std::find(chosen.begin(), chosen.end(), *probe) == chosen.end()) {
      chosen.push_back(*probe);
    }
  }
  if (names.empty()) {
    const auto all = protocols::all();
    chosen.assign(all.begin(), all.end());
  }
  return chosen;
}

std::vector<std::string> all_protocols() {
  std::vector<std::string> names;
  for (const auto* probe : protocols::all()) {
    names.emplace_back(probe->name);
  }
  return names;
}

Result<void> read_exclusions(const std::string& path, link::Exclusions& exclusions) {
  std::error_code failed;
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  const bool is_folder = std::filesystem::is_directory(path, failed);
  if (file && !is_folder && file.peek() != std::ifstream::traits_type::eof()) {
    content << file.rdbuf();
  }
  if (!file.is_open() || is_folder || file.bad() || content.fail()) {
    return fail(Errc::wrong_use, fmt::format("--exclude-file \"{}\": can't be read; without it "
                                             "nothing is asked",
                                             escape_for_terminal(path)));
  }
  auto added = exclusions.add_lines(content.str());
  if (!added) {
    return fail(Error(Errc::wrong_use, added.error().text(path)));
  }
  return {};
}

Result<link::Exclusions> exclusions_of(const ProbeOptionTexts& texts) {
  link::Exclusions exclusions;
  for (const auto& text : texts.exclude) {
    if (auto added = exclusions.add(text); !added) {
      return fail(std::move(added).error().during("--exclude"));
    }
  }
  for (const auto& path : texts.exclude_files) {
    if (auto added = read_exclusions(path, exclusions); !added) {
      return fail(std::move(added).error());
    }
  }
  return exclusions;
}

Result<Targets> targets_of(const ProbeOptionTexts& texts, Targets::Resolve resolve) {
  Targets targets(resolve);
  for (const auto& text : texts.targets) {
    if (auto added = targets.add(text); !added) {
      return fail(std::move(added).error());
    }
  }
  targets.settle();
  return targets;
}

/// An emergency stop that can't work is worse than none.
Result<void> check_stop_file(const std::string& path) {
  std::error_code failed;
  const auto folder = std::filesystem::absolute(path, failed).parent_path();
  const bool is_seen =
      std::filesystem::is_directory(folder, failed) && ::access(folder.c_str(), X_OK) == 0;
  if (path.empty() || is_seen) {
    return {};
  }
  return fail(Errc::wrong_use,
              fmt::format("--stop-file \"{}\": its folder is not there or can't be looked into, so "
                          "it could stop nothing",
                          escape_for_terminal(path)));
}

Result<void> check_units(const ProbeJob& job) {
  constexpr std::uint8_t kLastOnLine = 247;  // Modbus over serial line V1.02, 2.2
  const auto& units = job.options.units;
  const auto is_modbus = [](const auto* probe) { return probe->name == "modbus"; };
  if (!units.empty() && std::none_of(job.protocols.begin(), job.protocols.end(), is_modbus)) {
    return fail(Error(Errc::wrong_use, "--units names Modbus units, and modbus is not asked")
                    .hint("--units needs modbus among the protocols: --protocol modbus"));
  }
  const auto is_beyond = [](std::uint8_t unit) { return unit > kLastOnLine; };
  if (job.targets.has_serial() && std::any_of(units.begin(), units.end(), is_beyond)) {
    return fail(Errc::wrong_use,
                fmt::format("--units: on a serial line units are 1 to {}", kLastOnLine));
  }
  return {};
}

Result<void> check_protocols(const ProbeJob& job) {
  if (job.targets.names_port() && job.protocols.size() != 1) {
    return fail(Error(Errc::wrong_use, "a target names a port, but not which protocol is there")
                    .hint("add --protocol with exactly one protocol"));
  }
  const auto speaks_serial = [](const auto* probe) { return probe->speaks_serial; };
  if (job.targets.has_serial() &&
      std::none_of(job.protocols.begin(), job.protocols.end(), speaks_serial)) {
    return fail(Error(Errc::wrong_use, "none of these protocols is asked over a serial line")
                    .hint("add --protocol modbus"));
  }
  return check_units(job);
}

}  // namespace

Result<std::vector<std::uint8_t>> parse_units(const std::vector<std::string>& texts) {
  std::vector<std::uint8_t> units;
  for (const std::string_view text : texts) {
    const auto dash = text.find('-');
    const auto first = whole_number<std::uint8_t>(text.substr(0, dash));
    const auto last =
        dash == std::string_view::npos ? first : whole_number<std::uint8_t>(text.substr(dash + 1));
    if (!first || !last || *last < *first) {
      return fail(Error(Errc::wrong_use, fmt::format("--units: \"{}\" is no unit id or range",
                                                     escape_for_terminal(text)))
                      .hint("write 1, 1-20 or 3,7,9-12; unit ids go from 1 to 255"));
    }
    if (*first == 0) {
      return fail(
          Errc::wrong_use,
          "--units: unit 0 is the broadcast address and is never asked; units are 1 to 247, "
          "over TCP to 255");
    }
    for (unsigned unit = *first; unit <= *last; ++unit) {
      units.push_back(static_cast<std::uint8_t>(unit));
    }
  }
  return units;
}

Result<ProbeJob> job_of(const ProbeOptionTexts& texts, Targets::Resolve resolve) {
  ProbeJob job;
  auto targets = targets_of(texts, resolve);
  auto protocols = chosen_protocols(texts.protocols);
  auto exclusions = exclusions_of(texts);
  auto units = parse_units(texts.units);
  if (!targets || !protocols) {
    return fail(targets ? protocols.error() : targets.error());
  }
  if (!exclusions || !units) {
    return fail(exclusions ? units.error() : exclusions.error());
  }
  if (auto checked = check_stop_file(texts.stop_file); !checked) {
    return fail(std::move(checked).error());
  }
  if (!texts.serial.empty()) {
    auto serial = link::parse_serial_settings(texts.serial);
    if (!serial) {
      return fail(std::move(serial).error().during("--serial"));
    }
    job.serial = *serial;
  }
  job.targets = std::move(*targets);
  job.protocols = std::move(*protocols);
  job.exclusions = std::move(*exclusions);
  job.options.units = std::move(*units);
  job.rules.gap = std::chrono::milliseconds(texts.gap);
  job.rules.conversations = texts.at_once;
  job.place = {.site = texts.site, .area = texts.area, .plant_location = {}};
  if (auto checked = check_protocols(job); !checked) {
    return fail(std::move(checked).error());
  }
  return job;
}

void add_probe_options(CLI::App& command, ProbeOptionTexts& texts) {
  constexpr std::uint32_t kLeastGap = 20;
  constexpr std::uint32_t kMostGap = 60'000;
  constexpr std::uint32_t kMostAtOnce = 64;
  command
      .add_option("TARGET", texts.targets,
                  "Address, address:port, range, CIDR, host name, or serial device")
      ->type_name("")
      ->required();
  command.add_option("--protocol", texts.protocols, "fins, enip, modbus (all, if not given)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(such_as(all_protocols()))
      ->type_name("NAME,...");
  command.add_option("--store", texts.store, "The store; made if it is not there yet")
      ->type_name("FILE");
  command.add_option("--site", texts.site, "The site that the targets belong to")
      ->type_name("TEXT");
  command.add_option("--area", texts.area, "The area of the site")->type_name("TEXT");
  command.add_flag("--plan", texts.plan, "Print what would be asked, and send nothing");
  command.add_option("--ledger", texts.ledger, "Append every frame to this file, as NDJSON")
      ->type_name("FILE");
  command
      .add_option("--exclude", texts.exclude,
                  "Address, range, CIDR or device that is never touched; may be repeated")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("RANGE,...");
  command.add_option("--exclude-file", texts.exclude_files, "The same from a file, a line each")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command.add_option("--stop-file", texts.stop_file, "When this file appears, sending ends")
      ->type_name("FILE");
  command.add_option("--units", texts.units, "Modbus unit ids behind a gateway or on a line")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("1-20,...");
  command.add_option("--serial", texts.serial, "Of a serial line (19200,8E1)")
      ->type_name("BAUD,FRAME");
  command.add_option("--gap", texts.gap, "Milliseconds between frames to one target (100)")
      ->check(number_between(kLeastGap, kMostGap))
      ->type_name("MS");
  command.add_option("--at-once", texts.at_once, "Targets asked at the same time (16)")
      ->check(number_between(1, kMostAtOnce))
      ->type_name("N");
  command.add_option("--format", texts.format, "table or json")
      ->check(one_of({"table", "json"}))
      ->type_name("FORMAT");
  command.add_flag("--yes", texts.yes, "Don't ask before probing more than a /24");
}

}  // namespace ot::agent
