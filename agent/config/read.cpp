#include "agent/config/read.hpp"

#include <unistd.h>

#include <array>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "agent/config/keys.hpp"
#include "agent/config/sections.hpp"

namespace ot::agent {
namespace {

/// More than any plant needs, and few enough to be checked against each other.
constexpr std::size_t kMostTables = 1000;
/// A little more than is ever parsed.
constexpr std::size_t kMostBytes = 300 * 1024;

using Read = void (*)(TableReader&, Config&);

struct Section {
  std::string_view table;
  Read read;
};

constexpr Section kSections[] = {
    {"folder", read_folder},
    {"probe", read_probe},
    {"safety", read_safety},
    {"api", read_api},
    {"api.jwt", read_jwt},
    {"hub", read_hub},
    {"sink", read_sink},
    {"parsers", read_parsers},
    {"store", read_store},
    {"hub.sensor", read_sensor},
    {"business_app", read_business_app},
};

/// "jwt" of "api.jwt"
std::string_view own_name(const TableInfo& table) {
  return table.name.substr(table.name.rfind('.') + 1);
}

void wrong_form(const TomlEntry& entry, const TableInfo& table, Reading& reading) {
  reading.findings.mistake(
      entry.at, std::string(table.name),
      fmt::format("{} must be {}", entry.key, table.repeats ? "a list of tables" : "one table"),
      fmt::format("write {} on a line of its own", bracketed(table)));
}

/// A table that may stand once.
void read_one(const TomlValue& outer, const TableInfo& table, Read read, Reading& reading,
              Config& config) {
  const auto* entry = outer.find(own_name(table));
  if (entry == nullptr) {
    return;
  }
  if (entry->value.kind != TomlValue::Kind::table) {
    return wrong_form(*entry, table, reading);
  }
  TableReader reader(entry->value, table.name, std::string(table.name), reading);
  read(reader, config);
}

/// Tables of which there may be any number.
void read_each(const TomlValue& outer, const TableInfo& table, Read read, Reading& reading,
               Config& config) {
  const auto* entry = outer.find(own_name(table));
  if (entry == nullptr) {
    return;
  }
  const auto& items = entry->value.items;
  const auto is_table = [](const TomlValue& item) { return item.kind == TomlValue::Kind::table; };
  if (entry->value.kind != TomlValue::Kind::list ||
      !std::all_of(items.begin(), items.end(), is_table)) {
    return wrong_form(*entry, table, reading);
  }
  if (items.size() > kMostTables) {
    return reading.findings.mistake(entry->at, std::string(table.name),
                                    fmt::format("more than {} {}", kMostTables, bracketed(table)),
                                    "put together what is alike");
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    TableReader reader(items[i], table.name, fmt::format("{}[{}]", table.name, i), reading);
    read(reader, config);
  }
}

/// What the table stands in: that of "api.jwt" is the one of "api". May be null.
const TomlValue* outer_of(const TomlValue& root, const TableInfo& table) {
  const auto dot = table.name.rfind('.');
  if (dot == table.name.npos) {
    return &root;
  }
  const auto* outer = root.find(table.name.substr(0, dot));
  return outer == nullptr ? nullptr : &outer->value;
}

void read_table(const TomlValue& root, const TableInfo& table, Reading& reading, Config& config) {
  const auto* outer = outer_of(root, table);
  for (const auto& section : kSections) {
    if (outer != nullptr && section.table == table.name) {
      const auto read = table.repeats ? read_each : read_one;
      read(*outer, table, section.read, reading, config);
    }
  }
}

Config read_tables(const TomlValue& root, Reading& reading) {
  Config config;
  TableReader top(root, "", "", reading);
  read_top(top, config);
  for (const auto& table : all_tables()) {
    read_table(root, table, reading, config);
  }
  return config;
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

}  // namespace

ReadConfig read_config(std::string_view text, const std::string& file) {
  Reading reading{.findings = Findings(file), .places = {}};
  ReadConfig read;
  if (const auto root = parse_toml(text, reading.findings)) {
    read.draft = read_tables(*root, reading);
    check_whole(*read.draft, reading);
  }
  read.findings = reading.findings.take();
  read.places = std::move(reading.places);
  if (!has_mistakes(read.findings)) {
    read.config = read.draft;
  }
  return read;
}

Result<ReadConfig> load_config(const std::string& path) {
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) {
    return fail(Errc::io, fmt::format("\"{}\" is a folder", path));
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return fail(system_error(errno, fmt::format("open \"{}\"", path)));
  }
  std::string text(kMostBytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) {
    return fail(system_error(errno, fmt::format("read \"{}\"", path)));
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return read_config(text, path);
}

std::string config_path(const std::string& named) {
  const char* variable = std::getenv("RACKSCOUT_CONFIG");
  if (!named.empty() || variable == nullptr || *variable == '\0') {
    return named.empty() ? kDefaultConfig : named;
  }
  return variable;
}

Result<Config> load_sound_config(const std::string& path,
                                 const std::function<void(const Finding&)>& tell) {
  auto read = load_config(path);
  if (!read) {
    return fail(std::move(read).error());
  }
  for (const auto& finding : read->findings) {
    tell(finding);
  }
  if (!read->config) {
    return fail(Error(Errc::wrong_use, fmt::format("\"{}\" has mistakes", path))
                    .hint("`rackscout config check` lists them with what to write instead"));
  }
  return std::move(*read->config);
}

std::string sensor_name(const Config& config) {
  return config.sensor_name.empty() ? host_name() : config.sensor_name;
}

}  // namespace ot::agent
