#include "agent/uplink/json_fields.hpp"

#include <string>

#include "tests/catch.hpp"

using namespace ot;
using namespace ot::agent;

namespace {

std::string lists(std::size_t deep, const std::string& within = "") {
  return std::string(deep, '[') + within + std::string(deep, ']');
}

std::string objects(std::size_t deep) {
  std::string text = "{}";
  for (std::size_t i = 1; i < deep; ++i) {
    text = R"({"a":)" + text + "}";
  }
  return text;
}

std::string list_of(std::size_t count, const std::string& part) {
  std::string text = "[" + part;
  for (std::size_t i = 1; i < count; ++i) {
    text += "," + part;
  }
  return text + "]";
}

std::string trouble_with(const std::string& text) {
  const auto value = parse_bounded(text);
  return value ? value->is_discarded() ? "malformed" : "" : value.error().message();
}

}  // namespace

TEST_CASE("JSON is read to a depth", "[uplink]") {
  const std::string too_deep = "it is nested over 32 deep";
  CHECK(trouble_with(lists(33)).empty());
  CHECK(trouble_with(lists(34)) == too_deep);
  CHECK(trouble_with(lists(32, "1")).empty());
  for (const auto* value : {"1", "-1", "1.5", "\"\"", "true", "null"}) {
    CHECK(trouble_with(lists(33, value)) == too_deep);
  }
  CHECK(trouble_with(objects(33)).empty());
  CHECK(trouble_with(objects(34)) == too_deep);
  CHECK(trouble_with(std::string(1'000'000, '[')) == too_deep);
}

TEST_CASE("JSON is read up to so many objects and lists", "[uplink]") {
  const std::string too_many = "it has over 100000 objects and lists";
  CHECK(trouble_with(list_of(99'999, "[]")).empty());
  CHECK(trouble_with(list_of(100'000, "[]")) == too_many);
  CHECK(trouble_with(list_of(100'000, "{}")) == too_many);
  CHECK(trouble_with(list_of(200'000, "1")).empty());
}

TEST_CASE("what is no JSON is told from what is too large", "[uplink]") {
  for (const auto* text : {"", "[", "[1,]", "{\"a\"}", "[1] 2", "\xff", "nul"}) {
    CHECK(trouble_with(text) == "malformed");
  }
}

TEST_CASE("JSON within its bounds is read as it is", "[uplink]") {
  const std::string text = R"({"a":[1,-2,1.5,"x",null,true],"b":{"c":{}},"a":[]})";
  CHECK(parse_bounded(text) == nlohmann::json::parse(text));
}
