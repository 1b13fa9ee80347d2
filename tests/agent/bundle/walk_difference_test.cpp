#include "agent/bundle/walk_difference.hpp"

#include <algorithm>

#include "tests/agent/bundle/walks.hpp"
#include "tests/catch.hpp"
#include "tests/store/omron.hpp"

namespace ot::agent::bundle::test {
namespace {

using Kind = WalkChange::Kind;
using store::test::cj2m;
using store::test::cpu;
using store::test::meter;
using store::test::unit;

store::Observation moved(store::Observation observation, const std::string& address) {
  observation.record.interfaces.front().address = address;
  observation.target = address + observation.target.substr(observation.target.find(':'));
  return observation;
}

std::vector<std::string> lines_of(const std::vector<WalkChange>& changes) {
  std::vector<std::string> lines;
  for (const auto& change : changes) {
    lines.push_back(change.device + ": " + words(change));
  }
  return lines;
}

using Lines = std::vector<std::string>;

/// Two walks, and what is otherwise in the second one.
struct Walks {
  TestWalk a{'a', 1};
  TestWalk b{'b', 5};

  std::vector<WalkChange> changes() { return differences(a.found(), b.found()); }
  Lines lines() { return lines_of(changes()); }
};

}  // namespace

TEST_CASE("a plant that did not change has no differences", "[bundle]") {
  Walks walks;
  for (auto* walk : {&walks.a, &walks.b}) {
    walk->observe(cj2m()).observe(meter("77")).import({.assets = {cpu("S1", "A1")}});
  }
  CHECK(walks.changes().empty());
  const auto covered = coverage(walks.a.found(), walks.b.found());
  CHECK(covered.is_whole());
  CHECK(covered.targets == 2);
  CHECK(difference_text({}, covered) ==
        "The later walk asked all of the 2 targets that the earlier one asked.\n");
}

TEST_CASE("modules are added, removed and swapped, and get other firmware", "[bundle]") {
  Walks walks;
  auto before = cj2m();
  before.record.add_ons[1].serial_number = "123";
  auto after = cj2m();
  after.record.firmware_version = "2.10";
  after.record.add_ons = {unit("16", "CJ2M-EIP21", Category::communication, "2.18"),
                          unit("35", "CJ1W-DAO21", Category::io),
                          unit("40", "CJ1W-ID211", Category::io)};
  after.record.add_ons[1].serial_number = "456";
  walks.a.observe(before);
  walks.b.observe(after);
  CHECK(walks.lines() == Lines{"10.113.0.5 CJ2M-CPU33: firmware: 2.01 -> 2.10",
                               "10.113.0.5 CJ2M-CPU33: unit 16: firmware: 2.17 -> 2.18",
                               "10.113.0.5 CJ2M-CPU33: unit 18: removed: CJ1W-ETN21",
                               "10.113.0.5 CJ2M-CPU33: unit 35: swapped: serial number 123 -> 456",
                               "10.113.0.5 CJ2M-CPU33: unit 40: added: CJ1W-ID211"});
  const auto text = difference_text(walks.changes(), coverage(walks.a.found(), walks.b.found()));
  CHECK(text.starts_with("Hall 1, 10.113.0.5 CJ2M-CPU33\n  firmware: 2.01 -> 2.10\n  unit 16: "));
}

TEST_CASE("another model in the place is a swap of both", "[bundle]") {
  Walks walks;
  auto after = cj2m();
  after.record.add_ons[1] = unit("35", "CJ1W-MAD42", Category::io);
  walks.a.observe(cj2m());
  walks.b.observe(after);
  const auto changes = walks.changes();
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].kind == Kind::module_swapped);
  CHECK(words(changes[0]) == "unit 35: swapped: CJ1W-DAO21 -> CJ1W-MAD42");
}

TEST_CASE("a module that was not heard is not said to be removed without a remark", "[bundle]") {
  Walks walks;
  auto after = cj2m();
  after.record.add_ons.pop_back();
  walks.a.observe(cj2m());
  walks.b.observe(after, false);
  CHECK(walks.lines() == Lines{"10.113.0.5 CJ2M-CPU33: unit 18: removed: CJ1W-ETN21"
                               " (incomplete: unit 35 was silent)"});
}

TEST_CASE("a device that is gone was silent, not asked, or is another one", "[bundle]") {
  Walks walks;
  walks.a.observe(meter("77"));
  SECTION("silent") {
    walks.b.end("10.113.0.9", "silent");
    CHECK(walks.lines() == Lines{"10.113.0.9 PM1: gone: PM1, serial number 77 (silent)"});
    CHECK(coverage(walks.a.found(), walks.b.found()).silent.size() == 1);
  }
  SECTION("not asked") {
    CHECK(walks.lines() == Lines{"10.113.0.9 PM1: gone: PM1, serial number 77 (it was not asked)"});
    const auto covered = coverage(walks.a.found(), walks.b.found());
    CHECK_FALSE(covered.is_whole());
    REQUIRE(covered.not_asked.size() == 1);
    CHECK(covered.not_asked[0].target == "10.113.0.9");
  }
  SECTION("asked in another area") {
    walks.b.end("10.113.0.9", "silent", "Hall 2");
    CHECK(coverage(walks.a.found(), walks.b.found()).not_asked.size() == 1);
  }
  SECTION("another one") {
    walks.b.observe(meter("88"));
    CHECK(walks.lines() == Lines{"10.113.0.9 PM1: gone: PM1, serial number 77"
                                 " (another one answers there: PM1, serial number 88)",
                                 "10.113.0.9 PM1: new: PM1, serial number 88"});
  }
}

TEST_CASE("a device that moved is the same by its serial number", "[bundle]") {
  Walks walks;
  walks.a.observe(meter("77")).observe(moved(meter("88"), "10.113.0.20"));
  walks.b.observe(meter("88")).observe(moved(meter("77"), "10.113.0.20"));
  CHECK(walks.lines() == Lines{"10.113.0.9 PM1: address: 10.113.0.20 -> 10.113.0.9",
                               "10.113.0.20 PM1: address: 10.113.0.9 -> 10.113.0.20"});
}

TEST_CASE("a device that says its serial number for the first time is not another one",
          "[bundle]") {
  Walks walks;
  walks.a.observe(meter(""));
  walks.b.observe(meter("77"));
  CHECK(walks.lines() == Lines{"10.113.0.9 PM1: serial number: nothing -> 77"});
}

TEST_CASE("a new device is said to have been asked before, or not", "[bundle]") {
  Walks walks;
  walks.b.observe(meter("77"));
  SECTION("not") {
    CHECK(walks.lines() ==
          Lines{"10.113.0.9 PM1: new: PM1, serial number 77 (it was not asked before)"});
  }
  SECTION("asked") {
    walks.a.end("10.113.0.9", "silent");
    CHECK(walks.lines() == Lines{"10.113.0.9 PM1: new: PM1, serial number 77"});
  }
}

TEST_CASE("equal addresses of two areas are two devices", "[bundle]") {
  Walks walks;
  auto other = meter("");
  other.place = hall(2);
  other.record.firmware_version = "9";
  walks.a.observe(meter("")).observe(other);
  other.record.firmware_version = "10";
  walks.b.observe(meter("")).observe(other);
  const auto changes = walks.changes();
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].area == "Hall 2");
  CHECK(changes[0].kind == Kind::firmware);
}

TEST_CASE("project files are added, removed and changed", "[bundle]") {
  Walks walks;
  const auto station = cpu("S1", "A1");
  walks.a.import({.path = "/plant/a.cfg", .content = "first", .assets = {station}})
      .import({.path = "/plant/b.cfg", .content = "b", .assets = {cpu("S2", "A2")}})
      .import({.path = "/plant/same.cfg", .content = "c", .assets = {cpu("S3", "A3")}});
  walks.b.import({.path = "/plant/a.cfg", .content = "second", .assets = {station}})
      .import({.path = "/plants/d.cfg", .content = "d", .assets = {cpu("S2", "A2")}})
      .import({.path = "/plant/same.cfg", .content = "c", .assets = {cpu("S3", "A3")}});
  const auto changes = walks.changes();
  REQUIRE(changes.size() == 3);
  CHECK(changes[0].kind == Kind::file_changed);
  CHECK(changes[0].device == "/plant/a.cfg");
  CHECK(changes[1].kind == Kind::file_removed);
  CHECK(changes[1].note.empty());
  CHECK(changes[2].kind == Kind::file_added);
  CHECK(changes[2].note == "its folder was not read before");
  CHECK(coverage(walks.a.found(), walks.b.found()).projects.empty());
  walks.b.manifest().projects.clear();
  CHECK(coverage(walks.a.found(), walks.b.found()).projects == Lines{"/plant"});
}

TEST_CASE("what comes from a device can't drive the terminal, and programs get it as it is",
          "[bundle]") {
  Walks walks;
  auto device = meter("77");
  device.record.hardware.model = "PM\x1b[31m1";
  walks.b.observe(device);
  const auto changes = walks.changes();
  const auto text = difference_text(changes, {});
  CHECK(text.find('\x1b') == std::string::npos);
  const auto json = difference_json(changes, coverage(walks.a.found(), walks.b.found()));
  REQUIRE(json["changes"].size() == 1);
  CHECK(json["changes"][0]["kind"] == "deviceNew");
  CHECK(json["changes"][0]["after"] == "PM\x1b[31m1, serial number 77");
  CHECK(json["coverage"]["whole"] == true);
}

}  // namespace ot::agent::bundle::test
