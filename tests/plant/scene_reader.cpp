#include "tests/plant/scene_reader.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/nearest.hpp"
#include "tests/plant/hostile.hpp"
#include "tests/plant/scene_devices.hpp"

namespace ot::plant {
namespace {

constexpr std::uint32_t kMostHosts = 65536;

struct Draft {
  Host host;
  bool is_template = false;
};

Draft read_host(TomlTable table) {
  Draft draft;
  draft.is_template = table.flag("template");
  const auto address = table.address("address");
  if (!address && !draft.is_template) {
    table.need("address");
  }
  draft.host.address = address.value_or(Ipv4{});
  draft.host.name = table.text("name", draft.host.address.text());
  for (const TomlTable& fault : table.tables("fault")) {
    draft.host.faults.push_back(read_fault(fault));
  }
  if (auto fins = table.table("fins")) {
    draft.host.fins = read_fins(std::move(*fins));
  }
  if (auto enip = table.table("enip")) {
    draft.host.enip = read_enip(std::move(*enip));
  }
  if (auto modbus = table.table("modbus")) {
    draft.host.modbus = read_modbus(std::move(*modbus));
  }
  for (const TomlTable& recorded : table.tables("recorded")) {
    draft.host.recorded.push_back(read_recorded(recorded));
  }
  table.finish();
  return draft;
}

/// The address behind this one that may be a FINS node: its last octet is neither 0 nor 255.
Ipv4 next_host(Ipv4 address) {
  do {
    ++address.number;
  } while (address.last_octet() == 0 || address.last_octet() == 255);
  return address;
}

/// No two devices of a plant share a serial number.
void make_another(Host& host, std::uint32_t number) {
  if (!host.enip) {
    return;
  }
  constexpr std::uint32_t kModulesOfAChassis = 32;
  const std::uint32_t step = number * kModulesOfAChassis;
  host.enip->identity.serial += step;
  if (host.enip->chassis) {
    host.enip->chassis->serial += step;
    for (auto& [slot, module] : host.enip->chassis->modules) {
      module.identity.serial += step;
    }
  }
}

bool is_hostile(const std::vector<Fault>& faults) {
  return std::any_of(faults.begin(), faults.end(),
                     [](const Fault& fault) { return fault.kind == FaultKind::hostile_text; });
}

class Reader {
 public:
  Result<Scene> read(const toml::table& root);

 private:
  void read_hosts(TomlTable table);
  void read_line(TomlTable table);
  const Draft* template_of(TomlTable& table);
  void check_names(TomlTable& root);
  void spoil_texts();

  TomlTable::Mistake mistake_;
  std::vector<Draft> drafts_;
  Scene scene_;
};

const Draft* Reader::template_of(TomlTable& table) {
  table.need("like");
  const std::string name = table.text("like");
  Nearest nearest(name, 2);
  for (const Draft& draft : drafts_) {
    if (draft.host.name == name) {
      return &draft;
    }
    nearest.consider(draft.host.name);
  }
  table.complain("like",
                 fmt::format("no host is named \"{}\"{}", name, did_you_mean(nearest.take())));
  return nullptr;
}

void Reader::read_hosts(TomlTable table) {
  const Draft* like = template_of(table);
  table.need("first");
  table.need("count");
  auto address = table.address("first").value_or(Ipv4{1});
  const auto count = table.number<std::uint32_t>("count", 0, 1, kMostHosts);
  const std::string name = table.text("name", like != nullptr ? like->host.name : "");
  table.finish();
  for (std::uint32_t i = 0; like != nullptr && i < count; ++i) {
    Host host = like->host;
    host.name = fmt::format("{}-{}", name, i + 1);
    host.address = address;
    make_another(host, i + 1);
    scene_.hosts.push_back(std::move(host));
    address = next_host(address);
  }
}

void Reader::read_line(TomlTable table) {
  SerialLine line;
  line.name = table.text("name", fmt::format("line-{}", scene_.lines.size() + 1));
  line.link = table.text("link");
  for (const TomlTable& fault : table.tables("fault")) {
    line.faults.push_back(read_fault(fault));
  }
  for (TomlTable& inner : table.tables("units")) {
    inner.need("address");
    const auto address = inner.number<std::uint8_t>("address", 1, 1, 247);
    if (!line.units.try_emplace(address, read_modbus_unit(inner)).second) {
      inner.complain("address", "has two units");
    }
    inner.finish();
  }
  line.exchanges = read_exchanges(table);
  table.finish();
  scene_.lines.push_back(std::move(line));
}

void Reader::check_names(TomlTable& root) {
  std::set<std::string> names;
  for (const Host& host : scene_.hosts) {
    if (!names.insert(host.name).second) {
      root.complain("host", fmt::format("two hosts are named \"{}\"", host.name));
    }
  }
}

void Reader::spoil_texts() {
  for (Host& host : scene_.hosts) {
    if (is_hostile(host.faults)) {
      make_hostile(host);
    }
  }
  for (SerialLine& line : scene_.lines) {
    if (is_hostile(line.faults)) {
      make_hostile(line);
    }
  }
}

Result<Scene> Reader::read(const toml::table& root) {
  TomlTable table(root, "", mistake_);
  for (const TomlTable& inner : table.tables("host")) {
    drafts_.push_back(read_host(inner));
  }
  for (const Draft& draft : drafts_) {
    if (!draft.is_template) {
      scene_.hosts.push_back(draft.host);
    }
  }
  for (const TomlTable& inner : table.tables("hosts")) {
    read_hosts(inner);
  }
  for (const TomlTable& inner : table.tables("rtu")) {
    read_line(inner);
  }
  table.finish();
  check_names(table);
  if (scene_.hosts.empty() && scene_.lines.empty()) {
    table.complain("", "the scene has no host and no serial line",
                   "write [[host]] with an address and a device");
  }
  if (mistake_.first) {
    return fail(*mistake_.first);
  }
  spoil_texts();
  return std::move(scene_);
}

}  // namespace

Result<Scene> read_scene(std::string_view toml) {
  try {
    const toml::table root = toml::parse(toml);
    return Reader().read(root);
  } catch (const toml::parse_error& error) {
    return fail(Error(Errc::malformed, std::string(error.description()))
                    .at(Position::line(error.source().begin.line)));
  }
}

}  // namespace ot::plant
