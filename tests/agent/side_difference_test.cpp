#include "agent/side_difference.hpp"

#include "tests/catch.hpp"

using namespace ot;
using namespace ot::agent;

namespace {

using Kind = Difference::Kind;

AddOn unit(const std::string& address, const std::string& model, const std::string& order = "") {
  AddOn add_on;
  add_on.unit_address = address;
  add_on.hardware.model = model;
  add_on.order_id = order;
  return add_on;
}

store::Sides sides() {
  store::Sides sides;
  sides.configured.hardware.vendor = "Omron";
  sides.configured.hardware.model = "CJ2M-CPU33";
  sides.configured.add_ons = {unit("16", "CJ2M-EIP21"), unit("18", "CJ1W-ETN21")};
  sides.observed = sides.configured;
  sides.all_seen = true;
  return sides;
}

}  // namespace

TEST_CASE("a project and a device that agree have no differences", "[show][observe]") {
  auto same = sides();
  CHECK(differences(same).empty());
  same.configured.firmware_version = "V2.01";
  same.observed.firmware_version = "2.01";
  same.configured.hardware.vendor = "Omron Corporation";
  CHECK(differences(same).empty());
  same.observed.serial_number = "1";
  same.observed.add_ons[0].serial_number = "2";
  CHECK(differences(same).empty());
}

TEST_CASE("what a project and a device contradict each other in is told with both values",
          "[show][observe]") {
  auto both = sides();
  both.configured.firmware_version = "2.00";
  both.observed.firmware_version = "2.01";
  both.observed.add_ons[1].hardware.model = "CJ1W-SCU41";
  const auto found = differences(both);
  REQUIRE(found.size() == 2);
  CHECK(found[0] == Difference{Kind::firmware_version, "", "2.00", "2.01"});
  CHECK(found[1] == Difference{Kind::model, "unit 18", "CJ1W-ETN21", "CJ1W-SCU41"});
  CHECK(words(found[0]) == "firmware \"2.01\", in the project \"2.00\"");
  CHECK(words(found[1]) == "unit 18: model \"CJ1W-SCU41\", in the project \"CJ1W-ETN21\"");
}

TEST_CASE("an order number that a device gives as its model is no other model", "[show][observe]") {
  store::Sides both;
  both.configured.hardware.model = "CPU 412-3H";
  both.configured.order_id = "6ES7412-3HJ14-0AB0";
  both.observed.hardware.model = "6ES7 412-3HJ14-0AB0";
  CHECK(differences(both).empty());
  both.observed.hardware.model = "6ES7 414-3XM05-0AB0";
  CHECK(differences(both).size() == 1);
}

TEST_CASE("a module is missing only where the device named all that it bears", "[show][observe]") {
  auto both = sides();
  both.observed.add_ons.erase(both.observed.add_ons.begin());
  both.observed.add_ons.push_back(unit("20", "CJ1W-SCU41"));
  SECTION("all was named") {
    const auto found = differences(both);
    REQUIRE(found.size() == 2);
    CHECK(found[0].kind == Kind::missing);
    CHECK(words(found[0]) == "unit 16: missing in the rack; the project has \"CJ2M-EIP21\"");
    CHECK(words(found[1]) == "unit 20: not in the project; the device has \"CJ1W-SCU41\"");
  }
  SECTION("the device was not asked for all") {
    both.all_seen = false;
    REQUIRE(differences(both).size() == 1);
    CHECK(differences(both)[0].kind == Kind::unplanned);
  }
  SECTION("a field bus is none of the rack's") {
    both.configured.add_ons[0].bus = "DPSUBSYSTEM 1";
    REQUIRE(differences(both).size() == 1);
    CHECK(differences(both)[0].kind == Kind::unplanned);
  }
}
