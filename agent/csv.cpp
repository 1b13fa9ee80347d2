#include "agent/csv.hpp"

namespace ot::agent {
namespace {

bool starts_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t").find(text.front()) != std::string_view::npos;
}

bool needs_quotes(std::string_view text) {
  return text.find_first_of("\",\r\n\t") != std::string_view::npos || text.starts_with(' ') ||
         text.ends_with(' ');
}

}  // namespace

std::string csv_cell(std::string_view text) {
  std::string cell = starts_formula(text) ? "'" : "";
  cell += text;
  if (!needs_quotes(cell)) {
    return cell;
  }
  std::string quoted = "\"";
  for (const char letter : cell) {
    quoted += letter;
    if (letter == '"') {
      quoted += '"';
    }
  }
  return quoted + "\"";
}

std::string csv_row(std::span<const std::string> cells) {
  std::string line;
  for (const auto& cell : cells) {
    if (&cell != cells.data()) {
      line += ',';
    }
    line += csv_cell(cell);
  }
  return line + "\n";
}

}  // namespace ot::agent
