#include "parsers/step7/record.hpp"

namespace ot::parsers::step7 {
namespace {

struct Keyword {
  std::string_view word;
  HeadKind kind;
};
constexpr std::array<Keyword, 7> kKeywords = {{
    {"RACK", HeadKind::rack},
    {"DPSUBSYSTEM", HeadKind::dp_subsystem},
    {"IOSUBSYSTEM", HeadKind::io_subsystem},
    {"STATION", HeadKind::station},
    {"SUBNET", HeadKind::subnet},
    {"IRT_DOMAIN", HeadKind::irt_domain},
    {"COMM_CONNECTION", HeadKind::connection},
}};

const Keyword* keyword_of(std::string_view word) {
  for (const auto& keyword : kKeywords) {
    if (keyword.word == word) {
      return &keyword;
    }
  }
  return nullptr;
}

/// The member that a step of the path ("SLOT 3") sets; null for a word that is none.
std::int64_t* step_of(std::string_view word, Head& head) {
  if (word == "SLOT") {
    return &head.slot;
  }
  if (word == "SUBSLOT") {
    return &head.subslot;
  }
  // DPADRESS is what the PCS 7 manual prints.
  if (word == "DPADDRESS" || word == "IOADDRESS" || word == "DPADRESS") {
    return &head.address;
  }
  if (word == "TERMINALBLOCK") {
    return &head.terminal_block;
  }
  return nullptr;
}

/// obj := STRING(id) [STRING(version)] ',' STRING(name); a system record has its name alone.
HeadState parse_object(Cursor& cursor, Head& head) {
  const auto first = cursor.string();
  if (!first) {
    return HeadState::unusable;
  }
  const bool of_system = head.kind != HeadKind::rack && head.address == kAbsent;
  if (of_system && cursor.at_end()) {
    head.name = *first;
    return HeadState::complete;
  }
  head.id = *first;
  if (const auto version = cursor.string()) {
    head.version = *version;
  }
  const auto name = cursor.comma() ? cursor.string() : std::nullopt;
  head.name = name.value_or(Quoted{});
  return name ? HeadState::complete : HeadState::nameless;
}

/// RACK 0, SLOT 3, SUBSLOT 5, obj
HeadState parse_place(Cursor& cursor, Head& head) {
  const auto number = cursor.number();
  if (!number || *number < 0 || !cursor.comma()) {
    return HeadState::unusable;
  }
  head.number = *number;
  for (auto word = cursor.identifier(); !word.empty(); word = cursor.identifier()) {
    auto* step = step_of(word, head);
    const auto value = cursor.number();
    if (step == nullptr || !value || *value < 0 || !cursor.comma()) {
      return HeadState::unusable;
    }
    *step = *value;
  }
  return parse_object(cursor, head);
}

/// STATION S7400 , "AS01"
HeadState parse_typed_name(Cursor& cursor, Head& head) {
  head.type = cursor.identifier();
  if (head.type.empty()) {
    return HeadState::unusable;
  }
  const auto name = cursor.comma() ? cursor.string() : std::nullopt;
  head.name = name.value_or(Quoted{});
  return name ? HeadState::complete : HeadState::nameless;
}

}  // namespace

bool starts_head(std::string_view line) {
  if (line.empty() ||
      (line[0] != 'R' && line[0] != 'D' && line[0] != 'I' && line[0] != 'S' && line[0] != 'C')) {
    return false;
  }
  const auto word = line.substr(0, line.find_first_of(" \t"));
  if (word.size() == line.size() || keyword_of(word) == nullptr) {
    return false;
  }
  // An attribute of that name would be followed by its quoted value; IRT_DOMAIN has two.
  const auto rest = trim(line.substr(word.size()));
  return !rest.empty() && (rest[0] != '"' || word == "IRT_DOMAIN");
}

HeadState parse_head(std::string_view line, bool backslash_escapes, Head& head) {
  Cursor cursor(line, backslash_escapes);
  const auto* keyword = keyword_of(cursor.identifier());
  if (keyword == nullptr) {
    return HeadState::unusable;
  }
  head.kind = keyword->kind;
  switch (keyword->kind) {
    case HeadKind::station:
    case HeadKind::subnet: return parse_typed_name(cursor, head);
    case HeadKind::rack:
    case HeadKind::dp_subsystem:
    case HeadKind::io_subsystem: return parse_place(cursor, head);
    case HeadKind::irt_domain:
    case HeadKind::connection: break;
  }
  return HeadState::complete;
}

}  // namespace ot::parsers::step7
