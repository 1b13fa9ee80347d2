#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ot::agent {

enum class Align { left, right };
enum class Ink { plain, dim, good, attention, bad };

struct Column {
  std::string title;
  Align align = Align::left;
  std::size_t least = 0;  ///< width it may shrink to; 0: it is never cut
  int rank = 0;           ///< the highest shrinks and goes first; 0: it is never left out
};

struct Row {
  std::vector<std::string> cells;
  Ink ink = Ink::plain;
};

/// The width of each column, in order; a column without one is left out.
using Widths = std::vector<std::optional<std::size_t>>;

/// Shrinks the natural widths until a line fits: from the highest rank on each
/// column goes down to its least width, and if that is not enough, some are left out.
Widths fit_columns(const std::vector<Column>& columns, const std::vector<std::size_t>& natural,
                   std::optional<std::size_t> line_width);

struct TableStyle {
  std::optional<std::size_t> width;  ///< empty: nothing is cut
  bool colour = false;
};

/// Text lined up in columns. Cells are escaped for the terminal. Rows go out in
/// batches, so that a long list does not have to fit into memory.
class Table {
 public:
  using Sink = std::function<void(std::string_view)>;

  Table(std::vector<Column> columns, TableStyle style, Sink sink);

  void add(Row row);

  /// Writes what is left. A table without rows writes nothing, not even its head.
  void finish();

 private:
  void flush();
  void measure();
  std::string line(const std::vector<std::string>& cells, const Widths& widths) const;

  std::vector<Column> columns_;
  TableStyle style_;
  Sink sink_;
  std::vector<Row> batch_;
  std::vector<std::size_t> natural_;
  bool headed_ = false;
};

/// The text in a colour; unchanged for Ink::plain.
std::string inked(std::string_view text, Ink ink);
std::string emphasized(std::string_view text);

}  // namespace ot::agent
