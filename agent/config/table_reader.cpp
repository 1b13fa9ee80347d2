#include "agent/config/table_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "agent/config/keys.hpp"
#include "base/nearest.hpp"

namespace ot::agent {
namespace {

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
  Nearest nearest(full(entry.key), 1);
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

bool TableReader::is_unnamed(std::string_view key) const {
  return !has(key) || is_empty(key);
}

void TableReader::require(std::string_view key) {
  if (is_unnamed(key)) {
    mistake(key, has(key) ? "is empty" : "is missing");
  }
}

void TableReader::require_with(std::string_view key, std::string_view other,
                               std::string_view what) {
  if (!is_unnamed(key) && is_unnamed(other)) {
    mistake(key, what, example(other));
  }
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

}  // namespace ot::agent
