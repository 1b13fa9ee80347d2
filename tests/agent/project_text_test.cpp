#include "agent/project_text.hpp"

#include "agent/records_json.hpp"
#include "tests/catch.hpp"

using namespace ot;
using namespace ot::agent;

namespace {

std::string text_of(const Project& project, bool compact) {
  std::string text;
  write_project(project, {}, compact, [&text](std::string_view part) { text += part; });
  return text;
}

}  // namespace

TEST_CASE("an asset without add-ons has no empty list of them", "[parse]") {
  Project project;
  project.assets.resize(2);
  project.assets[1].add_ons.resize(1);
  for (const bool compact : {false, true}) {
    const auto json = Json::parse(text_of(project, compact));
    REQUIRE(json["assets"].size() == 2);
    CHECK_FALSE(json["assets"][0].contains("addOns"));
    CHECK(json["assets"][1]["addOns"].size() == 1);
  }
}

TEST_CASE("a project without anything still has its lists of assets and warnings", "[parse]") {
  const auto json = Json::parse(text_of({}, false));
  CHECK(json["assets"] == Json::array());
  CHECK(json["warnings"] == Json::array());
}
