#include "agent/table.hpp"

#include "base/text.hpp"
#include "tests/catch.hpp"

using namespace ot::agent;

namespace {

std::string table_text(std::vector<Column> columns, TableStyle style, std::vector<Row> rows) {
  std::string text;
  Table table(std::move(columns), style, [&text](std::string_view piece) { text += piece; });
  for (auto& row : rows) {
    table.add(std::move(row));
  }
  table.finish();
  return text;
}

const std::vector<Column> kColumns = {
    {.title = "NAME"},
    {.title = "N", .align = Align::right},
    {.title = "PLACE", .least = 6, .rank = 1},
};

}  // namespace

TEST_CASE("a table lines its columns up and leaves no blanks at the end", "[table]") {
  CHECK(table_text(kColumns, {}, {{{"a", "1", "x"}}, {{"longer", "22", ""}}}) ==
        "NAME     N  PLACE\n"
        "a        1  x\n"
        "longer  22\n");
}

TEST_CASE("a table without rows writes nothing", "[table]") {
  CHECK(table_text(kColumns, {}, {}).empty());
}

TEST_CASE("wide letters take two columns of a table", "[table]") {
  CHECK(table_text(kColumns, {}, {{{"工場", "1", "x"}}, {{"abcd", "1", "x"}}}) ==
        "NAME  N  PLACE\n"
        "工場  1  x\n"
        "abcd  1  x\n");
}

TEST_CASE("control characters do not reach the terminal through a table", "[table]") {
  const auto text = table_text(kColumns, {}, {{{"a\x1b[2Jb", "1", "x\ny"}}});
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}

TEST_CASE("a table fits its line by cutting what may be cut", "[table]") {
  const auto text =
      table_text(kColumns, {.width = 20}, {{{"important", "1", "a long plant location"}}});
  for (const auto& line : {text.substr(0, text.find('\n')), text.substr(text.find('\n') + 1)}) {
    CHECK(ot::display_width(line.substr(0, line.find('\n'))) <= 20);
  }
  CHECK(text.find("important") != std::string::npos);
  CHECK(text.find("…") != std::string::npos);
}

TEST_CASE("a column that does not fit at its least width is left out", "[table]") {
  CHECK(table_text(kColumns, {.width = 14}, {{{"important", "1", "somewhere"}}}) ==
        "NAME       N\n"
        "important  1\n");
}

TEST_CASE("without a width nothing is cut", "[table]") {
  const std::string long_text(500, 'x');
  CHECK(table_text(kColumns, {}, {{{"a", "1", long_text}}}).find(long_text) != std::string::npos);
}

TEST_CASE("the column of the highest rank shrinks first", "[table]") {
  const std::vector<Column> columns = {{.title = "A", .least = 2, .rank = 1},
                                       {.title = "B", .least = 2, .rank = 2}};
  const auto widths = fit_columns(columns, {10, 10}, 16);
  CHECK(widths[0] == 10);
  CHECK(widths[1] == 4);
}

TEST_CASE("a column of rank 0 is cut but never left out", "[table]") {
  const std::vector<Column> columns = {{.title = "A", .least = 5}, {.title = "B"}};
  const auto widths = fit_columns(columns, {10, 10}, 8);
  CHECK(widths[0] == 5);
  CHECK(widths[1] == 10);
}

TEST_CASE("room that a left-out column made is given back", "[table]") {
  const std::vector<Column> columns = {{.title = "A", .least = 2, .rank = 1},
                                       {.title = "B", .least = 9, .rank = 2}};
  const auto widths = fit_columns(columns, {10, 10}, 11);
  CHECK(widths[0] == 10);
  CHECK_FALSE(widths[1].has_value());
}

TEST_CASE("a table has colours only where they are wanted", "[table]") {
  const Row dimmed{{"a", "1", "x"}, Ink::dim};
  CHECK(table_text(kColumns, {.width = {}, .colour = false}, {dimmed}).find('\x1b') ==
        std::string::npos);
  CHECK(table_text(kColumns, {.width = {}, .colour = true}, {dimmed}).find("\x1b[2m") !=
        std::string::npos);
}

TEST_CASE("a long table keeps its head alone and loses no row", "[table]") {
  std::vector<Row> rows(4500, Row{{"a", "1", "x"}});
  const auto text = table_text(kColumns, {}, std::move(rows));
  CHECK(std::count(text.begin(), text.end(), '\n') == 4501);
  CHECK(text.find("NAME", 1) == std::string::npos);
}
