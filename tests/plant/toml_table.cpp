#include "tests/plant/toml_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/nearest.hpp"
#include "base/number.hpp"

namespace ot::plant {
namespace {

/// "5" or "0x80".
std::optional<std::uint64_t> parse_number(std::string_view text) {
  const bool is_hex = text.starts_with("0x");
  text.remove_prefix(is_hex ? 2 : 0);
  return whole_number<std::uint64_t>(text, is_hex ? 16 : 10);
}

std::optional<std::string> parse_hex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto byte = parse_number("0x" + std::string(text.substr(i, 2)));
    if (!byte || i + 1 == text.size()) {
      return std::nullopt;
    }
    bytes += static_cast<char>(*byte);
  }
  return bytes;
}

std::string listed(const std::vector<std::string_view>& words) {
  std::string all;
  for (const std::string_view word : words) {
    all += fmt::format("{}{}", all.empty() ? "" : ", ", word);
  }
  return all;
}

}  // namespace

const toml::node* TomlTable::find(std::string_view key) {
  asked_.emplace_back(key);
  return table_->get(key);
}

void TomlTable::complain(std::string_view key, const std::string& what, std::string hint) {
  if (mistake_->first) {
    return;
  }
  const toml::node* node = table_->get(key);
  const auto& source = node != nullptr ? node->source() : table_->source();
  const std::string place = name_.empty() || key.empty() ? fmt::format("{}{}", name_, key)
                                                         : fmt::format("{}.{}", name_, key);
  mistake_->first = Error(Errc::malformed, fmt::format("{}: {}", place, what))
                        .at(Position::line(source.begin.line))
                        .hint(std::move(hint));
}

void TomlTable::need(std::string_view key) {
  if (!has(key)) {
    complain(key, "is missing");
  }
}

void TomlTable::finish() {
  for (const auto& [key, node] : *table_) {
    if (std::find(asked_.begin(), asked_.end(), key.str()) != asked_.end()) {
      continue;
    }
    Nearest nearest(key.str(), 2);
    for (const std::string& known : asked_) {
      nearest.consider(known);
    }
    complain(key.str(), "unknown key" + did_you_mean(nearest.take()));
  }
}

std::string TomlTable::text(std::string_view key, std::string fallback) {
  const toml::node* node = find(key);
  if (node == nullptr) {
    return fallback;
  }
  const auto value = node->value_exact<std::string>();
  if (!value) {
    complain(key, "must be a text");
  }
  return value.value_or(std::move(fallback));
}

bool TomlTable::flag(std::string_view key, bool fallback) {
  const toml::node* node = find(key);
  if (node == nullptr) {
    return fallback;
  }
  const auto value = node->value_exact<bool>();
  if (!value) {
    complain(key, "must be true or false");
  }
  return value.value_or(fallback);
}

std::string TomlTable::hex(std::string_view key, std::size_t size, std::string fallback) {
  if (!has(key)) {
    return fallback;
  }
  const auto bytes = parse_hex(text(key));
  if (!bytes || (size != 0 && bytes->size() != size)) {
    complain(key, size != 0 ? fmt::format("must be {} bytes in hex", size) : "must be hex digits");
    return fallback;
  }
  return *bytes;
}

std::vector<std::string> TomlTable::hexes(std::string_view key) {
  std::vector<std::string> all;
  const toml::node* node = find(key);
  const toml::array* array = node != nullptr ? node->as_array() : nullptr;
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    const auto text = array->get(i)->value_exact<std::string>();
    auto bytes = text ? parse_hex(*text) : std::nullopt;
    if (!bytes) {
      array = nullptr;
      break;
    }
    all.push_back(std::move(*bytes));
  }
  if (node != nullptr && array == nullptr) {
    complain(key, "must be a list of hex digits");
  }
  return all;
}

std::optional<Ipv4> TomlTable::address(std::string_view key) {
  if (!has(key)) {
    return std::nullopt;
  }
  const auto value = parse_ipv4(text(key));
  if (!value) {
    complain(key, "is no IPv4 address", "write it as \"127.1.0.5\"");
  }
  return value;
}

std::optional<std::size_t> TomlTable::word(std::string_view key,
                                           const std::vector<std::string_view>& words) {
  if (!has(key)) {
    return std::nullopt;
  }
  const std::string value = text(key);
  const auto found = std::find(words.begin(), words.end(), value);
  if (found == words.end()) {
    Nearest nearest(value, 1);
    for (const std::string_view known : words) {
      nearest.consider(known);
    }
    complain(key, fmt::format("\"{}\" is none of its words{}", value, did_you_mean(nearest.take())),
             "the words are " + listed(words));
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - words.begin());
}

std::uint64_t TomlTable::integer(std::string_view key, std::uint64_t fallback, std::uint64_t least,
                                 std::uint64_t most) {
  const toml::node* node = find(key);
  if (node == nullptr) {
    return fallback;
  }
  const auto value = node->value_exact<std::int64_t>();
  const auto number = static_cast<std::uint64_t>(value.value_or(0));
  if (!value || *value < 0 || number < least || number > most) {
    complain(key, fmt::format("must be a number from {} to {}", least, most));
    return fallback;
  }
  return number;
}

std::vector<std::uint16_t> TomlTable::numbers(std::string_view key) {
  std::vector<std::uint16_t> all;
  const toml::node* node = find(key);
  const toml::array* array = node != nullptr ? node->as_array() : nullptr;
  if (node != nullptr && array == nullptr) {
    complain(key, "must be a list of numbers");
  }
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    const auto value = array->get(i)->value_exact<std::int64_t>();
    if (!value || *value < 0 || *value > 0xFFFF) {
      complain(key, "must be a list of numbers from 0 to 65535");
      break;
    }
    all.push_back(static_cast<std::uint16_t>(*value));
  }
  return all;
}

std::optional<TomlTable> TomlTable::table(std::string_view key) {
  const toml::node* node = find(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  if (const toml::table* inner = node->as_table()) {
    return TomlTable(*inner, fmt::format("{}.{}", name_, key), *mistake_);
  }
  complain(key, "must be a table");
  return std::nullopt;
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) {
  const toml::node* node = find(key);
  std::vector<TomlTable> all;
  if (node == nullptr) {
    return all;
  }
  const std::string name = name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
  if (const toml::table* one = node->as_table()) {
    all.emplace_back(*one, name, *mistake_);
    return all;
  }
  const toml::array* array = node->as_array();
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
    if (const toml::table* inner = array->get(i)->as_table()) {
      all.emplace_back(*inner, name, *mistake_);
    } else {
      array = nullptr;
    }
  }
  if (array == nullptr) {
    complain(key, "must be tables");
  }
  return all;
}

std::optional<std::uint16_t> TomlTable::number_of_key(const toml::key& key, std::uint16_t most) {
  const auto number = parse_number(key.str());
  if (!number || *number > most) {
    complain(key.str(), fmt::format("the key must be a number up to {}", most));
    return std::nullopt;
  }
  asked_.emplace_back(key.str());
  return static_cast<std::uint16_t>(*number);
}

std::map<std::uint8_t, TomlTable> TomlTable::numbered_tables(std::string_view key) {
  std::map<std::uint8_t, TomlTable> all;
  auto inner = table(key);
  if (!inner) {
    return all;
  }
  for (const auto& [number_key, node] : *inner->table_) {
    const auto number = inner->number_of_key(number_key, 0xFF);
    auto value = inner->table(number_key.str());
    if (number && value) {
      all.emplace(static_cast<std::uint8_t>(*number), std::move(*value));
    }
  }
  return all;
}

std::map<std::uint16_t, std::string> TomlTable::numbered_texts(std::string_view key,
                                                               std::uint16_t most) {
  std::map<std::uint16_t, std::string> all;
  auto inner = table(key);
  if (!inner) {
    return all;
  }
  for (const auto& [number_key, node] : *inner->table_) {
    if (const auto number = inner->number_of_key(number_key, most)) {
      all[*number] = inner->text(number_key.str());
    }
  }
  return all;
}

std::map<std::uint16_t, std::uint16_t> TomlTable::numbered_numbers(std::string_view key) {
  std::map<std::uint16_t, std::uint16_t> all;
  auto inner = table(key);
  if (!inner) {
    return all;
  }
  for (const auto& [number_key, node] : *inner->table_) {
    if (const auto number = inner->number_of_key(number_key, 0xFFFF)) {
      all[*number] = inner->number<std::uint16_t>(number_key.str(), 0);
    }
  }
  return all;
}

}  // namespace ot::plant
