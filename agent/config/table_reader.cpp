#include "agent/config/table_reader.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "agent/config/keys.hpp"
#include "agent/config/quantities.hpp"
#include "agent/config/windows.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kLongestText = 200;

/// Without control and direction characters.
bool is_visible(std::string_view text) {
  return text.size() <= kLongestText && escape_for_terminal(text) == text;
}

/// Without "." and double or trailing slashes.
std::string plain_path(std::string_view path) {
  auto plain = std::filesystem::path(path).lexically_normal().string();
  if (plain.size() > 1 && plain.ends_with('/')) {
    plain.pop_back();
  }
  return plain;
}

/// What a table may hold that is no key of its own: "jwt" in "api".
bool is_inner_table(std::string_view outer, std::string_view name) {
  const auto whole = outer.empty() ? std::string(name) : fmt::format("{}.{}", outer, name);
  const auto tables = all_tables();
  return std::any_of(tables.begin(), tables.end(),
                     [&whole](const TableInfo& table) { return table.name == whole; });
}

/// A table, or several: [hub], [[hub]]
bool is_table(const TomlValue& value) {
  const auto& first = value.items.empty() ? value : value.items.front();
  return first.kind == TomlValue::Kind::table;
}

/// "[[folder]]"
std::string title_of(std::string_view kind) {
  for (const auto& table : all_tables()) {
    if (table.name == kind && !kind.empty()) {
      return bracketed(table);
    }
  }
  return "the top of the file";
}

/// The table that has a key of this name; empty where none has.
std::string home_of(std::string_view key) {
  for (const auto& table : all_tables()) {
    if (find_key(table.name, key) != nullptr) {
      return title_of(table.name) + (table.name.empty() ? ", before any table" : "");
    }
  }
  return {};
}

}  // namespace

bool is_whole_path(std::string_view path) {
  const std::filesystem::path parts(path);
  return path.starts_with('/') && path.find('\0') == std::string_view::npos &&
         std::find(parts.begin(), parts.end(), "..") == parts.end();
}

TableReader::TableReader(const TomlValue& table, std::string_view kind, std::string name,
                         Reading& reading)
    : table_(&table), kind_(kind), name_(std::move(name)), reading_(&reading) {
  note_places();
  find_unknown_keys();
}

void TableReader::note_places() {
  for (const auto& entry : table_->entries) {
    reading_->places[full(entry.key)] = entry.value.at;
    for (std::size_t i = 0; i < entry.value.items.size(); ++i) {
      reading_->places[fmt::format("{}[{}]", full(entry.key), i)] = entry.value.items[i].at;
    }
  }
}

void TableReader::find_unknown_keys() {
  for (const auto& entry : table_->entries) {
    if (find_key(kind_, entry.key) == nullptr && !is_inner_table(kind_, entry.key)) {
      is_table(entry.value) ? unknown_table(entry) : unknown_key(entry);
    }
  }
}

void TableReader::unknown_key(const TomlEntry& entry) {
  Nearest nearest(entry.key, 2);
  std::string known;
  for (const auto& key : all_keys()) {
    if (key.table == kind_) {
      nearest.consider(key.name);
      known += fmt::format("{}{}", known.empty() ? "" : ", ", key.name);
    }
  }
  const auto home = home_of(entry.key);
  reading_->findings.mistake(
      entry.at, full(entry.key),
      fmt::format("unknown key {}{}", quote(entry.key),
                  home.empty() ? did_you_mean(nearest.take()) : "; it belongs to " + home),
      fmt::format("{} may have: {}", title_of(kind_), known));
}

void TableReader::unknown_table(const TomlEntry& entry) {
  Nearest nearest(entry.key, 1);
  std::string known;
  for (const auto& table : all_tables()) {
    if (!table.name.empty()) {
      nearest.consider(table.name);
      known += fmt::format("{}{}", known.empty() ? "" : ", ", bracketed(table));
    }
  }
  reading_->findings.mistake(
      entry.at, full(entry.key),
      fmt::format("unknown table {}{}", quote(full(entry.key)), did_you_mean(nearest.take())),
      fmt::format("the tables are {}", known));
}

bool TableReader::is_empty(std::string_view key) const {
  const auto* entry = table_->find(key);
  if (entry == nullptr) {
    return false;
  }
  const auto& value = entry->value;
  return (value.kind == TomlValue::Kind::text && value.text.empty()) ||
         (value.kind == TomlValue::Kind::list && value.items.empty());
}

std::string TableReader::full(std::string_view key) const {
  return name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
}

std::string TableReader::example(std::string_view key) const {
  const auto* info = find_key(kind_, key.substr(0, key.find('[')));
  return info == nullptr ? "" : fmt::format("for example: {} = {}", info->name, info->example);
}

TextPlace TableReader::place(std::string_view key) const {
  const auto* entry = table_->find(key);
  return entry == nullptr ? table_->at : entry->value.at;
}

void TableReader::mistake(std::string_view key, std::string_view what, std::string hint) {
  reading_->findings.mistake(place(key), full(key), fmt::format("{}: {}", key, what),
                             hint.empty() ? example(key) : std::move(hint));
}

void TableReader::mistake(const TextItem& item, std::string_view what, std::string hint) {
  const auto key = std::string_view(item.key).substr(0, item.key.find('['));
  reading_->findings.mistake(item.at, full(item.key), fmt::format("{}: {}", key, what),
                             hint.empty() ? example(key) : std::move(hint));
}

void TableReader::warning(std::string_view key, std::string_view what, std::string hint) {
  reading_->findings.warning(place(key), full(key), fmt::format("{}: {}", key, what),
                             std::move(hint));
}

void TableReader::warning(const TextItem& item, std::string_view what, std::string hint) {
  const auto key = std::string_view(item.key).substr(0, item.key.find('['));
  reading_->findings.warning(item.at, full(item.key), fmt::format("{}: {}", key, what),
                             std::move(hint));
}

const TomlValue* TableReader::find(std::string_view key, TomlValue::Kind kind) {
  const auto* entry = table_->find(key);
  if (entry == nullptr || entry->value.kind == kind) {
    return entry == nullptr ? nullptr : &entry->value;
  }
  mistake(key, fmt::format("must be {}, not {}", to_string(kind), to_string(entry->value.kind)));
  return nullptr;
}

std::string TableReader::text(std::string_view key, std::string fallback) {
  const auto* value = find(key, TomlValue::Kind::text);
  if (value == nullptr) {
    return fallback;
  }
  if (!is_visible(value->text)) {
    mistake(key, fmt::format("must be at most {} letters that can be seen", kLongestText));
    return fallback;
  }
  return value->text;
}

std::string TableReader::path(std::string_view key) {
  const auto* value = find(key, TomlValue::Kind::text);
  if (value == nullptr || value->text.empty()) {
    return {};
  }
  if (!is_whole_path(value->text)) {
    mistake(key, fmt::format("{} is no path from the root on", quote(value->text)));
    return {};
  }
  return plain_path(value->text);
}

bool TableReader::flag(std::string_view key, bool fallback) {
  const auto* value = find(key, TomlValue::Kind::flag);
  return value == nullptr ? fallback : value->flag;
}

std::uint32_t TableReader::number(std::string_view key, std::uint32_t fallback,
                                  Bounds<std::uint32_t> bounds) {
  const auto* value = find(key, TomlValue::Kind::integer);
  if (value == nullptr) {
    return fallback;
  }
  if (value->integer < bounds.least || value->integer > bounds.most) {
    mistake(key,
            fmt::format("{} is not between {} and {}", value->integer, bounds.least, bounds.most));
    return fallback;
  }
  return static_cast<std::uint32_t>(value->integer);
}

milliseconds TableReader::duration(std::string_view key, milliseconds fallback,
                                   Bounds<milliseconds> bounds, bool zero) {
  const auto* value = find(key, TomlValue::Kind::text);
  if (value == nullptr) {
    return fallback;
  }
  const auto duration = parse_duration(value->text.size() <= kLongestText ? value->text : "");
  if (!duration) {
    mistake(key, duration.error().message(), duration.error().hint());
    return fallback;
  }
  if ((*duration < bounds.least && !(zero && *duration == milliseconds{0})) ||
      *duration > bounds.most) {
    mistake(key, fmt::format("{} is not between {} and {}{}", quote(value->text),
                             duration_text(bounds.least), duration_text(bounds.most),
                             zero ? ", nor 0" : ""));
    return fallback;
  }
  return *duration;
}

std::uint64_t TableReader::size(std::string_view key, std::uint64_t fallback, std::uint64_t least) {
  const auto* value = find(key, TomlValue::Kind::text);
  if (value == nullptr) {
    return fallback;
  }
  const auto size = parse_size(value->text.size() <= kLongestText ? value->text : "");
  if (!size) {
    mistake(key, size.error().message(), size.error().hint());
    return fallback;
  }
  if (*size != 0 && *size < least) {
    mistake(key, fmt::format("{} is less than {}", quote(value->text), size_text(least)));
    return fallback;
  }
  return *size;
}

std::size_t TableReader::word(std::string_view key, std::span<const std::string_view> words,
                              std::size_t fallback) {
  const auto* value = find(key, TomlValue::Kind::text);
  if (value == nullptr) {
    return fallback;
  }
  Nearest nearest(value->text, 1);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (equals_ignoring_case(value->text, words[i])) {
      return i;
    }
    nearest.consider(words[i]);
  }
  mistake(
      key,
      fmt::format("{} is none of its words{}", quote(value->text), did_you_mean(nearest.take())),
      fmt::format("its words are {}", fmt::join(words, ", ")));
  return fallback;
}

std::vector<TextItem> TableReader::texts(std::string_view key, bool integers) {
  std::vector<TextItem> all;
  const auto* list = find(key, TomlValue::Kind::list);
  for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
    const auto& value = list->items[i];
    TextItem item{value.text, fmt::format("{}[{}]", key, i), value.at};
    if (integers && value.kind == TomlValue::Kind::integer) {
      item.text = std::to_string(value.integer);
    } else if (value.kind != TomlValue::Kind::text) {
      mistake(item, fmt::format("must be a list of texts, not of {}", to_string(value.kind)));
      continue;
    }
    if (item.text.empty() || !is_visible(item.text)) {
      mistake(item, fmt::format("each must be 1 to {} letters that can be seen", kLongestText));
      continue;
    }
    all.push_back(std::move(item));
  }
  return all;
}

std::vector<Window> TableReader::windows(std::string_view key) {
  std::vector<Window> all;
  for (const auto& item : texts(key)) {
    if (const auto window = parse_window(item.text)) {
      all.push_back(*window);
    } else {
      mistake(item, window.error().message(), window.error().hint());
    }
  }
  return all;
}

}  // namespace ot::agent
