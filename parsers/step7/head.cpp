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

/// The keyword that the line begins with, a blank behind it; null if there is none.
const Keyword* keyword_of(std::string_view line) {
  for (const auto& keyword : kKeywords) {
    const auto length = keyword.word.size();
    if (line.size() > length && line[0] == keyword.word[0] && line[1] == keyword.word[1] &&
        line.starts_with(keyword.word) && is_blank(line[length])) {
      return &keyword;
    }
  }
  return nullptr;
}

struct Step {
  std::string_view word;
  std::int64_t Head::*member;
};
constexpr std::array<Step, 6> kSteps = {{
    {"SLOT", &Head::slot},
    {"SUBSLOT", &Head::subslot},
    {"DPADDRESS", &Head::address},
    {"IOADDRESS", &Head::address},
    {"TERMINALBLOCK", &Head::terminal_block},
    {"DPADRESS", &Head::address},  // what the PCS 7 manual prints
}};

/// What a step of the path ("SLOT 3") sets; null for a word that is none.
const Step* take_step(Cursor& cursor) {
  for (const auto& step : kSteps) {
    if (cursor.word(step.word)) {
      return &step;
    }
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
  while (!cursor.is_before('"')) {
    const auto* step = take_step(cursor);
    const auto value = cursor.number();
    if (step == nullptr || !value || *value < 0 || !cursor.comma()) {
      return HeadState::unusable;
    }
    head.*step->member = *value;
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

bool has_record_keyword(std::string_view line) {
  const auto* keyword = keyword_of(line);
  if (keyword == nullptr) {
    return false;
  }
  // An attribute of that name would be followed by its quoted value; IRT_DOMAIN has two.
  Cursor object(line.substr(keyword->word.size()));
  return !object.at_end() && (!object.is_before('"') || keyword->kind == HeadKind::irt_domain);
}

HeadState parse_head(std::string_view line, bool backslash_escapes, Head& head) {
  const auto* keyword = keyword_of(line);
  if (keyword == nullptr) {
    return HeadState::unusable;
  }
  Cursor cursor(line.substr(keyword->word.size()), backslash_escapes);
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
