#include "agent/config/read.hpp"

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

void wrong_form(const TomlEntry& entry, const TableInfo& table, Reading& reading) {
  reading.findings.mistake(
      entry.at, std::string(table.name),
      fmt::format("{} must be {}", entry.key, table.repeats ? "a list of tables" : "one table"),
      fmt::format("write {} on a line of its own", bracketed(table)));
}

/// A table that may stand once.
void read_one(const TomlValue& outer, const TableInfo& table, Read read, Reading& reading,
              Config& config) {
  const auto* entry = outer.find(table.name.substr(table.name.rfind('.') + 1));
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
  const auto* entry = outer.find(table.name);
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

Config read_tables(const TomlValue& root, Reading& reading) {
  Config config;
  TableReader top(root, "", "", reading);
  read_top(top, config);
  const auto* api = root.find("api");
  for (const auto& table : all_tables()) {
    if (table.name == "folder") {
      read_each(root, table, read_folder, reading, config);
    } else if (table.name == "probe") {
      read_each(root, table, read_probe, reading, config);
    } else if (table.name == "safety") {
      read_one(root, table, read_safety, reading, config);
    } else if (table.name == "api") {
      read_one(root, table, read_api, reading, config);
    } else if (table.name == "api.jwt" && api != nullptr) {
      read_one(api->value, table, read_jwt, reading, config);
    } else if (table.name == "store") {
      read_one(root, table, read_store, reading, config);
    }
  }
  return config;
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

}  // namespace ot::agent
