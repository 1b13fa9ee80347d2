#include <algorithm>

#include <fmt/format.h>

#include "agent/config/sections.hpp"
#include "agent/probe_options.hpp"
#include "base/nearest.hpp"
#include "base/number.hpp"

namespace ot::agent {
namespace {

using namespace std::chrono_literals;
using protocols::Probe;

bool is_number(std::string_view text) {
  return whole_number<std::uint64_t>(text).has_value();
}

bool is_label(std::string_view label) {
  constexpr std::size_t kLongest = 63;
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  return !label.empty() && label.size() <= kLongest &&
         std::all_of(label.begin(), label.end(), is_letter);
}

/// Stands in for the look-up of a host's name, which is for the time of asking:
/// here it only has to look like one. "10.20.3.x" is rather a mistyped address.
Result<Ipv4> check_name(std::string_view name) {
  constexpr Ipv4 kAnyHost{0x7F000001};
  std::size_t labels = 0;
  std::size_t numbers = 0;
  for (std::string_view rest = name; labels == 0 || !rest.empty(); ++labels) {
    const auto dot = std::min(rest.find('.'), rest.size());
    const auto label = rest.substr(0, dot);
    if (!is_label(label)) {
      return fail(Errc::wrong_use, fmt::format("\"{}\" is no host name", name));
    }
    numbers += is_number(label) ? 1 : 0;
    rest.remove_prefix(std::min(dot + 1, rest.size()));
  }
  if (labels == 4 && numbers == 3) {
    return fail(Errc::wrong_use, fmt::format("\"{}\" is neither an address nor a range", name));
  }
  return kAnyHost;
}

/// All the targets of one probe, to be checked together.
struct TargetCheck {
  Targets targets{check_name};
  bool has_serial = false;

  Result<void> add(const std::string& text) {
    if (!text.starts_with('/')) {
      return targets.add(text);
    }
    has_serial = true;
    return is_whole_path(text) ? Result<void>{}
                               : fail(Errc::wrong_use, "the path of a device has no \"..\"");
  }
};

/// The key stands before it already.
std::string_view without_target(std::string_view message) {
  for (const std::string_view start : {"target: ", "target "}) {
    if (message.starts_with(start)) {
      return message.substr(start.size());
    }
  }
  return message;
}

TargetCheck read_targets(TableReader& reader, TargetGroup& group) {
  TargetCheck check;
  for (const auto& item : reader.texts("targets")) {
    if (auto added = check.add(item.text); !added) {
      reader.mistake(item, without_target(added.error().message()), added.error().hint());
    }
    group.targets.push_back(item.text);
  }
  reader.require("targets");
  return check;
}

void add_protocol(TableReader& reader, const TextItem& item, std::vector<const Probe*>& chosen) {
  Nearest nearest(item.text, 1);
  std::string known;
  for (const auto* probe : protocols::all()) {
    if (probe->name == item.text) {
      if (std::find(chosen.begin(), chosen.end(), probe) == chosen.end()) {
        chosen.push_back(probe);
      }
      return;
    }
    nearest.consider(probe->name);
    known += fmt::format("{}{}", known.empty() ? "" : ", ", probe->name);
  }
  reader.mistake(
      item, fmt::format("unknown protocol {}{}", quote(item.text), did_you_mean(nearest.take())),
      "the protocols are " + known);
}

void read_protocols(TableReader& reader, TargetGroup& group) {
  for (const auto& item : reader.texts("protocols")) {
    add_protocol(reader, item, group.protocols);
  }
  if (!reader.has("protocols")) {
    group.protocols.assign(protocols::all().begin(), protocols::all().end());
  } else if (reader.is_empty("protocols")) {
    reader.mistake("protocols", "names no protocol", "leave it out to ask all");
  }
}

bool any_speaks_serial(const TargetGroup& group) {
  return std::any_of(group.protocols.begin(), group.protocols.end(),
                     [](const Probe* probe) { return probe->speaks_serial; });
}

void read_modbus(TableReader& reader, bool has_serial, TargetGroup& group) {
  for (const auto& item : reader.texts("units", true)) {
    const auto units = parse_units({item.text});
    if (!units) {
      reader.mistake(item, fmt::format("{} is no unit id or range of them", quote(item.text)),
                     R"(write "1", "1-20" or "33"; unit ids go from 0 to 255)");
      continue;
    }
    group.units.insert(group.units.end(), units->begin(), units->end());
  }
  std::sort(group.units.begin(), group.units.end());
  group.units.erase(std::unique(group.units.begin(), group.units.end()), group.units.end());
  group.serial = reader.text("serial");
  const auto settings = protocols::link::parse_serial_settings(group.serial);
  if (!group.serial.empty() && !settings) {
    reader.mistake("serial", settings.error().message(), settings.error().hint());
  } else if (!group.serial.empty() && !has_serial) {
    reader.warning("serial", "none of the targets is a serial device", "leave it out");
  }
  if (!group.units.empty() && !any_speaks_serial(group)) {
    reader.warning("units", "none of the protocols has unit ids", "leave it out");
  }
}

void read_schedule(TableReader& reader, TargetGroup& group) {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  group.every = duration_cast<seconds>(
      reader.duration("every", group.every, {.least = 1min, .most = 366 * 24h}));
  group.jitter =
      duration_cast<seconds>(reader.duration("jitter", 0s, {.least = 0s, .most = 366 * 24h}));
  if (group.jitter > group.every) {
    reader.mistake("jitter", "is longer than the time from one turn to the next (every)");
  }
  group.windows = reader.windows("windows");
}

void check_targets_against_protocols(TableReader& reader, const TargetCheck& check,
                                     const TargetGroup& group) {
  if (check.targets.names_port() && group.protocols.size() != 1) {
    reader.mistake("targets", "one names a port, but not which protocol is there",
                   R"(name exactly one: protocols = ["modbus"])");
  }
  if (check.has_serial && !any_speaks_serial(group)) {
    reader.mistake("targets", "none of the protocols is asked over a serial line",
                   R"(add one that is: protocols = ["modbus"])");
  }
}

}  // namespace

void read_probe(TableReader& reader, Config& config) {
  TargetGroup group;
  reader.require("name");
  group.name = reader.text("name");
  const auto check = read_targets(reader, group);
  read_protocols(reader, group);
  read_modbus(reader, check.has_serial, group);
  check_targets_against_protocols(reader, check, group);
  read_schedule(reader, group);
  group.site = reader.text("site", config.site);
  group.area = reader.text("area", config.area);
  config.groups.push_back(std::move(group));
}

}  // namespace ot::agent
