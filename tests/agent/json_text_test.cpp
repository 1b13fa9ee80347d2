#include "agent/json_text.hpp"

#include "tests/catch.hpp"

using namespace ot::agent;

namespace {

std::string list_text(JsonList::Layout layout, const std::vector<Json>& elements) {
  std::string text;
  JsonList list(layout, [&text](std::string_view piece) { text += piece; });
  for (const auto& element : elements) {
    list.add(element);
  }
  list.finish();
  return text;
}

const Json kOne = {{"name", "a"}};

}  // namespace

TEST_CASE("a list without elements is valid JSON", "[json]") {
  CHECK(list_text(JsonList::Layout::bare, {}) == "[]\n");
  CHECK(list_text(JsonList::Layout::assets, {}) == "{\n  \"assets\": []\n}\n");
  CHECK(list_text(JsonList::Layout::lines, {}).empty());
}

TEST_CASE("a list written element by element equals one written whole", "[json]") {
  const auto all = Json::array({kOne, kOne});
  CHECK(list_text(JsonList::Layout::bare, {kOne, kOne}) == all.dump(2) + "\n");
  CHECK(list_text(JsonList::Layout::assets, {kOne, kOne}) ==
        Json({{"assets", all}}).dump(2) + "\n");
  CHECK(list_text(JsonList::Layout::lines, {kOne, kOne}) == "{\"name\":\"a\"}\n{\"name\":\"a\"}\n");
}

TEST_CASE("what could drive a terminal is escaped without changing the JSON", "[json]") {
  const Json hostile = "\x1b[2J \xc2\x9b \xe2\x80\xae \x7f \xf3\xa0\x81\x81 Müller 工";
  const auto text = json_text(hostile, -1);
  CHECK(text.find("\\u009b") != std::string::npos);
  CHECK(text.find("\\u202e") != std::string::npos);
  CHECK(text.find("Müller 工") != std::string::npos);
  CHECK(text.find_first_of("\x1b\x7f") == std::string::npos);
  CHECK(Json::parse(text) == hostile);
}

TEST_CASE("broken UTF-8 does not stop the output", "[json]") {
  CHECK(json_text(Json("a\xff"
                       "b"),
                  -1) ==
        "\"a\xef\xbf\xbd"
        "b\"");
}
