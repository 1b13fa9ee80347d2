#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace ot::agent {

// The words of keys that know a few only; modes, algorithms and kinds in the order of
// their enumerations.
inline constexpr std::array<std::string_view, 4> kLevelWords = {"debug", "info", "warning",
                                                                "error"};
inline constexpr std::array<std::string_view, 3> kModeWords = {"automatic", "notify", "poll"};
inline constexpr std::array<std::string_view, 3> kAlgorithmWords = {"HS256", "RS256", "ES256"};
inline constexpr std::array<std::string_view, 3> kSinkWords = {"hub", "csam", "file"};

/// A table of rackscout.toml.
struct TableInfo {
  std::string_view name;  ///< "api.jwt"; empty for the top of the file
  bool repeats = false;   ///< [[folder]]: any number of them
  std::string_view explains;
};

/// A key of a table: all that may stand in a configuration is listed here once.
struct KeyInfo {
  std::string_view table;
  std::string_view name;
  std::string_view example;  ///< as TOML
  std::string_view explains;
  std::string_view kinds = {};  ///< of a sink, which alone have it: "hub, csam"; empty: all

  bool is_of(std::string_view kind) const;
};

/// In the order in which `config init` writes them.
std::span<const TableInfo> all_tables();
std::span<const KeyInfo> all_keys();

/// May be null.
const KeyInfo* find_key(std::string_view table, std::string_view name);

/// "[[folder]]", "[api.jwt]"
std::string bracketed(const TableInfo& table);

}  // namespace ot::agent
