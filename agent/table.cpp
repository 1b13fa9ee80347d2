#include "agent/table.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/color.h>
#include <fmt/format.h>

#include "base/text.hpp"

namespace ot::agent {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kBatch = 2000;

std::size_t line_width_of(const Widths& widths) {
  std::size_t sum = 0;
  for (const auto& width : widths) {
    if (width) {
      sum += (sum == 0 ? 0 : kGap) + *width;
    }
  }
  return sum;
}

/// The places of the columns, those that give way first in front.
std::vector<std::size_t> by_falling_rank(const std::vector<Column>& columns) {
  std::vector<std::size_t> order(columns.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&columns](std::size_t a, std::size_t b) {
    return columns[a].rank > columns[b].rank;
  });
  return order;
}

void shrink(Widths& widths, std::size_t at, std::size_t least, std::size_t line_width) {
  const auto now = line_width_of(widths);
  if (least == 0 || now <= line_width) {
    return;
  }
  auto& width = widths[at];
  const auto spare = *width > least ? *width - least : 0;
  *width -= std::min(spare, now - line_width);
}

std::string padded(std::string_view text, std::size_t width, Align align) {
  const auto fitted = fit_to_width(text, width);
  const auto used = display_width(fitted);
  const std::string blanks(width > used ? width - used : 0, ' ');
  return align == Align::right ? blanks + fitted : fitted + blanks;
}

fmt::text_style style_of(Ink ink) {
  switch (ink) {
    case Ink::dim: return fmt::text_style(fmt::emphasis::faint);
    case Ink::good: return fmt::fg(fmt::terminal_color::green);
    case Ink::attention: return fmt::fg(fmt::terminal_color::yellow);
    case Ink::bad: return fmt::fg(fmt::terminal_color::red);
    case Ink::plain: break;
  }
  return {};
}

}  // namespace

std::string inked(std::string_view text, Ink ink) {
  return ink == Ink::plain ? std::string(text) : fmt::format(style_of(ink), "{}", text);
}

std::string emphasized(std::string_view text) {
  return fmt::format(fmt::text_style(fmt::emphasis::bold), "{}", text);
}

Widths fit_columns(const std::vector<Column>& columns, const std::vector<std::size_t>& natural,
                   std::optional<std::size_t> line_width) {
  Widths widths(natural.begin(), natural.end());
  if (!line_width) {
    return widths;
  }
  const auto order = by_falling_rank(columns);
  for (const auto at : order) {
    shrink(widths, at, columns[at].least, *line_width);
  }
  for (const auto at : order) {
    if (columns[at].rank > 0 && line_width_of(widths) > *line_width) {
      widths[at].reset();
    }
  }
  // What was left out may have made more room than was needed.
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    const auto used = line_width_of(widths);
    if (widths[*at] && used < *line_width) {
      *widths[*at] += std::min(natural[*at] - *widths[*at], *line_width - used);
    }
  }
  return widths;
}

Table::Table(std::vector<Column> columns, TableStyle style, Sink sink)
    : columns_(std::move(columns)), style_(style), sink_(std::move(sink)) {
  for (const auto& column : columns_) {
    natural_.push_back(display_width(column.title));
  }
}

void Table::add(Row row) {
  row.cells.resize(columns_.size());
  for (auto& cell : row.cells) {
    cell = escape_for_terminal(cell);
  }
  batch_.push_back(std::move(row));
  if (batch_.size() >= kBatch) {
    flush();
  }
}

void Table::finish() {
  if (!batch_.empty()) {
    flush();
  }
}

void Table::measure() {
  for (const auto& row : batch_) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      natural_[i] = std::max(natural_[i], display_width(row.cells[i]));
    }
  }
}

void Table::flush() {
  measure();
  const auto widths = fit_columns(columns_, natural_, style_.width);
  std::string text;
  if (!std::exchange(headed_, true)) {
    std::vector<std::string> titles;
    for (const auto& column : columns_) {
      titles.push_back(column.title);
    }
    const auto head = line(titles, widths);
    text += (style_.colour ? emphasized(head) : head) + "\n";
  }
  for (const auto& row : batch_) {
    const auto body = line(row.cells, widths);
    text += (style_.colour ? inked(body, row.ink) : body) + "\n";
  }
  batch_.clear();
  sink_(text);
}

std::string Table::line(const std::vector<std::string>& cells, const Widths& widths) const {
  std::string text;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (widths[i]) {
      text += text.empty() ? "" : std::string(kGap, ' ');
      text += padded(cells[i], *widths[i], columns_[i].align);
    }
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace ot::agent
