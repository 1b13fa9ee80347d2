#pragma once

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/config/config.hpp"
#include "agent/config/finding.hpp"
#include "agent/config/toml.hpp"

namespace ot::agent {

/// Where each key of the file stands: "probe[0].targets[2]".
using KeyPlaces = std::map<std::string, TextPlace>;

/// One run through a document.
struct Reading {
  Findings findings;
  KeyPlaces places;
};

/// An element of a list of texts.
struct TextItem {
  std::string text;
  std::string key;  ///< "targets[2]"
  TextPlace at;
};

/// A value's least and most, both allowed.
template <class Value>
struct Bounds {
  Value least;
  Value most;
};

constexpr std::size_t kLongestText = 200;

/// Reads the keys of one table. What is wrong is found and told, and the
/// fallback taken in its place.
class TableReader {
 public:
  /// `kind` is the table's name in keys.hpp, `name` that of this one: "probe[0]".
  TableReader(const TomlValue& table, std::string_view kind, std::string name, Reading& reading);

  bool has(std::string_view key) const { return table_->find(key) != nullptr; }
  /// An empty text or an empty list.
  bool is_empty(std::string_view key) const;
  /// It is not there, or is empty: one that is there and wrong is told by itself.
  bool is_unnamed(std::string_view key) const;

  /// The key must be there, and not be empty.
  void require(std::string_view key);
  /// Where the key is, the other one must be, too.
  void require_with(std::string_view key, std::string_view other, std::string_view what);

  /// So many letters that everybody can see.
  std::string text(std::string_view key, std::string fallback = {},
                   std::size_t longest = kLongestText);
  /// Letters, digits, ".", "_" and "-"; must be there.
  std::string plain_name(std::string_view key);
  /// An absolute path, or empty.
  std::string path(std::string_view key);
  /// The same, or "credential:NAME".
  std::string secret(std::string_view key);
  bool flag(std::string_view key, bool fallback);
  std::uint32_t number(std::string_view key, std::uint32_t fallback, Bounds<std::uint32_t> bounds);
  /// `zero`: 0 is allowed, too.
  std::chrono::milliseconds duration(std::string_view key, std::chrono::milliseconds fallback,
                                     Bounds<std::chrono::milliseconds> bounds, bool zero = false);
  std::uint64_t size(std::string_view key, std::uint64_t fallback, std::uint64_t least,
                     bool zero = false);
  /// The place of the key's word in the list; case is ignored.
  std::size_t word(std::string_view key, std::span<const std::string_view> words,
                   std::size_t fallback);
  /// Of `integers`: whole numbers count as texts.
  std::vector<TextItem> texts(std::string_view key, bool integers = false);
  std::vector<Window> windows(std::string_view key);

  /// The value of this key is wrong, or it is missing. Without a hint an example stands there.
  void mistake(std::string_view key, std::string_view what, std::string hint = {});
  void mistake(const TextItem& item, std::string_view what, std::string hint = {});
  void warning(std::string_view key, std::string_view what, std::string hint);
  void warning(const TextItem& item, std::string_view what, std::string hint);

  TextPlace place(std::string_view key) const;
  TextPlace place() const { return table_->at; }

 private:
  const TomlValue* find(std::string_view key, TomlValue::Kind kind);
  void note_places();
  void find_unknown_keys();
  void unknown_key(const TomlEntry& entry);
  void unknown_table(const TomlEntry& entry);
  std::string full(std::string_view key) const;
  std::string example(std::string_view key) const;

  const TomlValue* table_;
  std::string_view kind_;
  std::string name_;
  Reading* reading_;
};

/// Whether a path begins at the root and goes nowhere back ("..").
bool is_whole_path(std::string_view path);

}  // namespace ot::agent
