#include "agent/bundle/manifest.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "agent/bundle/walk_target.hpp"
#include "tests/catch.hpp"

namespace {

using namespace ot;
using namespace ot::agent::bundle;
using nlohmann::ordered_json;

const std::string kHash(64, 'a');

Manifest sample() {
  Manifest manifest;
  manifest.walk = "4da66005-911b-59b0-bb8d-193d3255af7e";
  manifest.site = "Kraftwerk \u202e N\u00f6rd";
  manifest.operator_name = "Anna";
  manifest.note = "line\nand line";
  manifest.sensor = "laptop";
  manifest.version = "0.9.0";
  manifest.writer = "libarchive 3.6.2";
  manifest.began = Time{std::chrono::milliseconds(1'793'000'000'123)};
  manifest.ended = Time{std::chrono::milliseconds(1'793'000'900'000)};
  Leg leg;
  leg.area = "North";
  leg.targets = {"10.0.0.0/24"};
  leg.protocols = {"fins", "modbus"};
  leg.exclude = {"10.0.0.7"};
  leg.units = {"1-20"};
  leg.serial = "19200,8E1";
  leg.gap = 250;
  leg.at_once = 4;
  leg.began = manifest.began;
  leg.ended = manifest.ended;
  manifest.legs = {leg, Leg{}};
  manifest.projects = {"/mnt/projects"};
  manifest.exchanges = 12;
  manifest.chain = kHash;
  manifest.signer = "3f1c-09ab-77d0-e512";
  manifest.signer_name = "Anna";
  for (const auto name : {kRecords, kObservations, kTargets, kExchanges, kJournal}) {
    manifest.members.push_back({std::string(name), 10, kHash});
  }
  for (const char digit : {'a', 'b'}) {
    const std::string hash(64, digit);
    manifest.members.push_back({"files/" + hash, 5'000'000'000, hash});
  }
  return manifest;
}

/// What is said of a manifest in which something was changed.
std::string refusal_of(const std::function<void(ordered_json&)>& change) {
  auto json = ordered_json::parse(manifest_text(sample()));
  change(json);
  const auto read = manifest_from(json.dump());
  return read ? "" : read.error().text();
}

}  // namespace

TEST_CASE("a manifest that was written is read as it was", "[bundle]") {
  const auto text = manifest_text(sample());
  const auto read = manifest_from(text);
  REQUIRE(read);
  CHECK(*read == sample());
  CHECK(text.ends_with("\n}\n"));
  CHECK(text.starts_with("{\n  \"format\": \"rackscout bundle\",\n  \"version\": 1,\n  \"walk\""));
  CHECK(text.find("\u202e") == std::string::npos);
}

TEST_CASE("what is empty is left out of a manifest", "[bundle]") {
  auto manifest = sample();
  manifest.note.clear();
  manifest.signer.clear();
  manifest.signer_name.clear();
  manifest.projects.clear();
  const auto text = manifest_text(manifest);
  const auto json = ordered_json::parse(text);
  CHECK_FALSE(json.contains("note"));
  CHECK_FALSE(json.contains("signer"));
  CHECK_FALSE(json.contains("projects"));
  CHECK(json["legs"][1] == ordered_json::parse(R"({"gap":100,"atOnce":16})"));
  CHECK(text.find("null") == std::string::npos);
  CHECK(text.find("\"\"") == std::string::npos);
  CHECK(manifest_from(text) == manifest);
}

TEST_CASE("a manifest is refused for what is no manifest of ours", "[bundle]") {
  CHECK(manifest_from("").error().code() == Errc::malformed);
  CHECK(manifest_from("[1]").error().code() == Errc::malformed);
  CHECK(refusal_of([](auto& json) { json["format"] = "records"; }) != "");
  CHECK(refusal_of([](auto& json) { json["walk"] = "../../etc"; }) == "walk is no UUID");
  CHECK(refusal_of([](auto& json) { json["site"] = 7; }) == "site is no text");
  CHECK(refusal_of([](auto& json) { json["note"] = std::string(5000, 'x'); }) ==
        "note is too long, or holds a NUL");
  CHECK(refusal_of([](auto& json) { json["legs"] = 1; }) == "legs is no list");
  CHECK(refusal_of([](auto& json) { json["legs"][0]["gap"] = -1; }) ==
        "gap is no whole number from 0 on");
  CHECK(refusal_of([](auto& json) { json["legs"][0]["targets"][0] = 5; }) ==
        "targets has an element that is no text, or too long a one");
  CHECK(refusal_of([](auto& json) { json["exchanges"].erase("chain"); }) ==
        "exchanges has no chain");
  CHECK(refusal_of([](auto& json) { json["signer"].erase("keyId"); }) == "signer has no keyId");

  auto text = manifest_text(sample());
  text.replace(text.find("\"version\": 1"), 12, "\"version\": 2");
  CHECK(manifest_from(text).error().code() == Errc::unsupported);
  const std::string deep(40'000, '[');
  CHECK(manifest_from(deep).error().code() == Errc::too_large);
}

TEST_CASE("a manifest lists the members of the form, and no others", "[bundle]") {
  const auto expected = "members is not the list that a bundle has";
  CHECK(refusal_of([](auto& json) { json["members"].erase(2); }) == expected);
  CHECK(refusal_of([](auto& json) { json["members"][0]["name"] = "other"; }) == expected);
  CHECK(refusal_of([](auto& json) { json["members"][5]["name"] = "files/../x"; }) == expected);
  CHECK(refusal_of([](auto& json) { std::swap(json["members"][5], json["members"][6]); }) ==
        expected);
  CHECK(refusal_of([](auto& json) { json["members"][6] = json["members"][5]; }) == expected);
  CHECK(refusal_of([](auto& json) { json["members"][1]["sha256"] = "abc"; }) == expected);
}

TEST_CASE("targets of a walk are read as they were written", "[bundle]") {
  WalkTarget first;
  first.area = "North";
  first.target = "10.0.0.5";
  first.named = true;
  first.answered = true;
  first.outcome = "incomplete";
  first.reason = "it closed the connection";
  first.troubles = {{"incomplete", "fins", "unit 3 is silent"}, {"note", "", "\x1b[31mred"}};
  WalkTarget second;
  second.target = "/dev/ttyUSB0";
  second.outcome = "silent";
  const auto text = walk_target_line(first) + walk_target_line(second);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  CHECK(text.find('\x1b') == std::string::npos);
  const auto read = walk_targets_from(text);
  REQUIRE(read);
  CHECK(*read == std::vector{first, second});
  CHECK(walk_targets_from("")->empty());
}

TEST_CASE("a text that is too long for a target's line is cut between letters", "[bundle]") {
  WalkTarget target;
  target.target = "10.0.0.5";
  target.outcome = "failed";
  target.reason = "x";
  while (target.reason.size() < 5000) {
    target.reason += "\u20ac";
  }
  const auto read = walk_targets_from(walk_target_line(target));
  REQUIRE(read);
  const auto& reason = read->front().reason;
  CHECK(reason.size() > 4000);
  CHECK(target.reason.starts_with(reason));
  CHECK(reason.ends_with("\u20ac"));
}

TEST_CASE("a line that is no target is named by its number", "[bundle]") {
  const std::string good = "{\"target\":\"a\",\"outcome\":\"silent\"}\n";
  const auto message = [](const std::string& text) {
    const auto read = walk_targets_from(text);
    return read ? "" : read.error().text();
  };
  CHECK(message(good + "{}\n") == "line 2: target is missing");
  CHECK(message(good + good + "no\n") == "line 3: it is no JSON object");
  CHECK(message(good + good.substr(0, 8)) == "line 2: it is cut short");
  CHECK(message("{\"target\":\"a\",\"outcome\":\"x\",\"troubles\":[1]}\n") ==
        "line 1: troubles has an element that is no object");
}
