#include "agent/csv.hpp"

#include <vector>

#include "tests/catch.hpp"

using ot::agent::csv_cell;
using ot::agent::csv_row;

TEST_CASE("a plain CSV cell stays as it is", "[csv]") {
  CHECK(csv_cell("CPU 318-2") == "CPU 318-2");
  CHECK(csv_cell("").empty());
  CHECK(csv_cell("a-b=c") == "a-b=c");
}

TEST_CASE("a CSV cell with separators, quotes or line ends is quoted", "[csv]") {
  CHECK(csv_cell("a,b") == "\"a,b\"");
  CHECK(csv_cell("a \"b\"") == "\"a \"\"b\"\"\"");
  CHECK(csv_cell("a\nb") == "\"a\nb\"");
  CHECK(csv_cell(" a") == "\" a\"");
}

TEST_CASE("a CSV cell that looks like a formula gets a leading apostrophe", "[csv]") {
  CHECK(csv_cell("=HYPERLINK(1)") == "'=HYPERLINK(1)");
  CHECK(csv_cell("+1") == "'+1");
  CHECK(csv_cell("-1") == "'-1");
  CHECK(csv_cell("@SUM(A1)") == "'@SUM(A1)");
  CHECK(csv_cell("\tx") == "\"'\tx\"");
  CHECK(csv_cell("=1,2") == "\"'=1,2\"");
}

TEST_CASE("a CSV row ends in a line feed and keeps empty cells", "[csv]") {
  CHECK(csv_row(std::vector<std::string>{"a", "", "b,c"}) == "a,,\"b,c\"\n");
}
