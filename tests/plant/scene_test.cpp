#include <string>

#include "tests/catch.hpp"
#include "tests/plant/scene_reader.hpp"

namespace ot::plant {
namespace {

std::string mistake(std::string_view toml) {
  const auto scene = read_scene(toml);
  return scene ? std::string("none") : scene.error().text("plant.toml");
}

constexpr auto kHost = R"([[host]]
name = "pump"
address = "127.1.0.5"
[host.modbus]
objects = {0 = "Pumps Inc"}
)";

TEST_CASE("a misspelt key is named with its line and what may be meant", "[plant]") {
  CHECK(mistake("[[host]]\naddress = \"127.1.0.5\"\n[host.fins]\nprot = 9600\ncpu = \"CJ2M\"\n") ==
        "plant.toml:4: host.fins.prot: unknown key; did you mean \"port\"?");
  CHECK(
      mistake("[[host]]\naddres = \"127.1.0.5\"\n").starts_with("plant.toml:1: host.address: is"));
}

TEST_CASE("a value of another kind is named with what it must be", "[plant]") {
  CHECK(mistake("[[host]]\naddress = \"127.1.0\"\n") ==
        "plant.toml:2: host.address: is no IPv4 address; write it as \"127.1.0.5\"");
  CHECK(mistake("[[host]]\naddress = \"127.1.0.5\"\n[host.modbus]\nport = 70000\n") ==
        "plant.toml:4: host.modbus.port: must be a number from 0 to 65535");
  CHECK(mistake("[[host]]\naddress = \"127.1.0.5\"\n[host.modbus]\nignores_unit = 1\n") ==
        "plant.toml:4: host.modbus.ignores_unit: must be true or false");
}

TEST_CASE("an unknown fault is named with those there are", "[plant]") {
  const auto said = mistake(std::string(kHost) + "[host.fault]\nkind = \"silense\"\n");
  CHECK(
      said.starts_with("plant.toml:7: host.fault.kind: \"silense\" is none of its words; "
                       "did you mean \"silence\"?"));
}

TEST_CASE("what is no TOML, and a scene without hosts, are mistakes", "[plant]") {
  CHECK(mistake("[[host]\n").starts_with("plant.toml:1: "));
  CHECK(mistake("").starts_with("plant.toml"));
}

TEST_CASE("a template's name that does not exist is named with the nearest", "[plant]") {
  CHECK(mistake(std::string(kHost) +
                "[[hosts]]\ncount = 2\nfirst = \"127.2.0.1\"\nlike = \"pumb\"\n") ==
        "plant.toml:9: hosts.like: no host is named \"pumb\"; did you mean \"pump\"?");
}

TEST_CASE("hosts of a template have their own names, addresses and serial numbers", "[plant]") {
  const auto scene = read_scene(R"(
[[host]]
name = "rack"
template = true
[host.enip]
identity = {serial = 256, name = "1756-EN2T/B"}
chassis = {serial = 7, slots = 4, own_slot = 1, modules = [{slot = 0, serial = 257}]}
[[hosts]]
count = 300
first = "127.2.0.254"
like = "rack"
)");
  REQUIRE(scene);
  REQUIRE(scene->hosts.size() == 300);
  CHECK(scene->hosts[0].name == "rack-1");
  CHECK(scene->hosts[0].address.text() == "127.2.0.254");
  CHECK(scene->hosts[1].address.text() == "127.2.1.1");  // neither .255 nor .0: no FINS nodes
  CHECK(scene->hosts[0].enip->identity.serial != scene->hosts[1].enip->identity.serial);
  CHECK(scene->hosts[0].enip->chassis->serial != scene->hosts[1].enip->chassis->serial);
}

TEST_CASE("two hosts of one name, two modules in one slot and two units of one address are wrong",
          "[plant]") {
  CHECK(mistake(std::string(kHost) + kHost) == "plant.toml:1: host: two hosts are named \"pump\"");
  CHECK(mistake("[[host]]\naddress = \"127.1.0.5\"\n[host.enip]\nidentity = {}\n"
                "chassis = {slots = 4, own_slot = 1, modules = [{slot = 0}, {slot = 0}]}\n") ==
        "plant.toml:5: host.enip.chassis.modules.slot: has two modules");
  CHECK(mistake("[[rtu]]\nunits = [{address = 5}, {address = 5}]\n") ==
        "plant.toml:2: rtu.units.address: has two units");
}

}  // namespace
}  // namespace ot::plant
