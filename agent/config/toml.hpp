#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/config/finding.hpp"

namespace ot::agent {

struct TomlEntry;

/// A value of a TOML document and where it stands. Only the member of its kind counts.
struct TomlValue {
  enum class Kind : std::uint8_t { text, integer, flag, fraction, moment, list, table };

  Kind kind = Kind::table;
  TextPlace at;
  std::string text;
  std::int64_t integer = 0;
  bool flag = false;
  std::vector<TomlValue> items;
  std::vector<TomlEntry> entries;

  const TomlEntry* find(std::string_view key) const;
};

struct TomlEntry {
  std::string key;
  TextPlace at;  ///< of the key
  TomlValue value;
};

/// "a text", "a list"
std::string_view to_string(TomlValue::Kind kind);

/// The document's table; without a value after a mistake, which is the one finding then.
std::optional<TomlValue> parse_toml(std::string_view text, Findings& findings);

}  // namespace ot::agent
