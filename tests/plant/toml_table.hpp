#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "base/ipv4.hpp"
#include "base/result.hpp"

namespace ot::plant {

/// A table of a scene: gives its values by kind, and knows which keys were asked
/// for, so that a misspelt one is found. Keeps the first mistake.
class TomlTable {
 public:
  struct Mistake {
    std::optional<Error> first;
  };

  TomlTable(const toml::table& table, std::string name, Mistake& mistake)
      : table_(&table), name_(std::move(name)), mistake_(&mistake) {}

  bool has(std::string_view key) { return find(key) != nullptr; }
  std::string text(std::string_view key, std::string fallback = {});
  bool flag(std::string_view key, bool fallback = false);
  /// Bytes written in hex, `size` of them; 0: any number.
  std::string hex(std::string_view key, std::size_t size, std::string fallback = {});
  /// A list of such.
  std::vector<std::string> hexes(std::string_view key);
  std::optional<Ipv4> address(std::string_view key);
  /// One of the words of the list; its place in it.
  std::optional<std::size_t> word(std::string_view key, const std::vector<std::string_view>& words);
  std::vector<std::uint16_t> numbers(std::string_view key);

  template <class Number>
  Number number(std::string_view key, Number fallback, std::uint64_t least = 0,
                std::uint64_t most = std::numeric_limits<Number>::max()) {
    return static_cast<Number>(integer(key, fallback, least, most));
  }

  std::optional<TomlTable> table(std::string_view key);
  /// An array of tables; one table counts as such an array.
  std::vector<TomlTable> tables(std::string_view key);
  /// All keys that are numbers ("5", "0x80"), with what stands there.
  std::map<std::uint8_t, TomlTable> numbered_tables(std::string_view key);
  std::map<std::uint16_t, std::string> numbered_texts(std::string_view key, std::uint16_t most);
  std::map<std::uint16_t, std::uint16_t> numbered_numbers(std::string_view key);

  /// A value of this key is wrong, or it is missing.
  void complain(std::string_view key, const std::string& what, std::string hint = {});
  void need(std::string_view key);
  /// Complains about keys that nobody asked for.
  void finish();

 private:
  const toml::node* find(std::string_view key);
  std::uint64_t integer(std::string_view key, std::uint64_t fallback, std::uint64_t least,
                        std::uint64_t most);
  std::optional<std::uint16_t> number_of_key(const toml::key& key, std::uint16_t most);

  const toml::table* table_;
  std::string name_;
  Mistake* mistake_;
  std::vector<std::string> asked_;
};

}  // namespace ot::plant
