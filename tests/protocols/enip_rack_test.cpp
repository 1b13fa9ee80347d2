#include <algorithm>

#include "tests/catch.hpp"
#include "tests/protocols/enip_device.hpp"

namespace ot::tests {
namespace {

using protocols::Observation;

constexpr std::uint16_t kAdapter = 0x0C;
constexpr std::uint16_t kCpu = 0x0E;
constexpr std::uint16_t kDiscrete = 0x07;

const std::string kEnbt = identity(kAdapter, 0x00524d8e, "1756-ENBT/A");
const std::string kOutput = identity(kDiscrete, 0x77, "1756-OB16I/A DCOUT ISOL");

std::vector<std::string> places(const Asset& asset) {
  std::vector<std::string> texts;
  for (const auto& add_on : asset.add_ons) {
    texts.push_back(add_on.unit_address + " " + add_on.hardware.model);
  }
  return texts;
}

using Texts = std::vector<std::string>;

std::string detail(const Asset& asset, std::string_view name) {
  const auto found = std::ranges::find(asset.details, name, &Detail::name);
  return found == asset.details.end() ? "" : found->value;
}

TEST_CASE("a 1756-A10 is read through its ENBT", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane(kBackplaneReal);
  device.slot(0, kL61Real).slot(2, kOutput).slots(3, 9, kEmpty).leaves();
  const auto found = observed(device);

  const auto& asset = found.asset;
  CHECK(asset.hardware.vendor == "Rockwell Automation/Allen-Bradley");
  CHECK(asset.hardware.model == "1756-L61/B");
  CHECK(asset.hardware.product_name == "1756-L61/B LOGIX5561");
  CHECK(asset.hardware.category == Category::plc);
  CHECK(asset.serial_number == "0x006c061a");
  CHECK(asset.firmware_version == "20.11");
  CHECK(asset.slot == 0U);
  CHECK(asset.origin == Origin::observed);
  CHECK(detail(asset, "deviceType") == "Programmable Logic Controller");
  CHECK(detail(asset, "productCode") == "54");
  CHECK(detail(asset, "chassisSlots") == "10");
  CHECK(found.chassis_serial == "0x001b2ab1");
  CHECK(places(asset) == Texts{"1 1756-ENBT/A", "2 1756-OB16I/A"});
  CHECK(detail(asset, "deviceStatus") == "minor recoverable fault");
  CHECK(found.notes == Texts{"slot 0: its status reports: minor recoverable fault"});
  CHECK_FALSE(found.incomplete.has_value());
}

TEST_CASE("an add-on has its slot, serial number, revision and category", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane(backplane(0, 2)).slot(1, kOutput).leaves();
  const auto found = observed(device);
  REQUIRE(found.asset.add_ons.size() == 1);
  const auto& add_on = found.asset.add_ons.front();
  CHECK(add_on.slot == 1U);
  CHECK(add_on.unit_address == "1");
  CHECK_FALSE(add_on.rack.has_value());
  CHECK(add_on.serial_number == "0x00000077");
  CHECK(add_on.firmware_version == "3.7");
  CHECK(add_on.hardware.product_name == "1756-OB16I/A DCOUT ISOL");
  CHECK(add_on.hardware.category == Category::io);
  CHECK(add_on.origin == Origin::observed);
  CHECK(add_on.confidence == Confidence::confirmed);
}

TEST_CASE("a chassis of four slots takes eight requests", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane(backplane(3, 4));
  device.slots(0, 2, kEmpty).leaves();
  const auto found = observed(device);
  CHECK(found.asset.hardware.model == "1756-ENBT/A");
  CHECK(found.asset.slot == 3U);
  CHECK(found.asset.add_ons.empty());
  CHECK(found.chassis_serial == "0x00c0ffee");
}

TEST_CASE("the CPU in the lowest slot is the asset, and the other one its add-on", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane(backplane(0, 4));
  device.slot(1, kOutput);
  device.slot(2, identity(kCpu, 2, "1756-L63/A LOGIX5563"));
  device.slot(3, identity(kCpu, 3, "1756-L81E/B")).leaves();
  const auto found = observed(device);
  CHECK(found.asset.hardware.model == "1756-L63/A");
  CHECK(found.asset.slot == 2U);
  CHECK(places(found.asset) == Texts{"0 1756-ENBT/A", "1 1756-OB16I/A", "3 1756-L81E/B"});
}

TEST_CASE("a CPU that is asked itself is the asset", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(identity(kCpu, 9, "1756-L81E/B"));
  device.backplane(backplane(1, 3)).slot(0, kEnbt).slot(2, kEmpty).leaves();
  const auto found = observed(device);
  CHECK(found.asset.hardware.model == "1756-L81E/B");
  CHECK(found.asset.slot == 1U);
  CHECK(places(found.asset) == Texts{"0 1756-ENBT/A"});
}

TEST_CASE("a GuardLogix in the chassis is a module with a note", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane(backplane(0, 4));
  device.slot(1, identity(kCpu, 2, "1756-L72S/B LOGIX5572S")).slot(2, kOutput);
  device.slot(3, identity(kCpu, 3, "1756-L7SP/B LOGIX557SP")).leaves();
  const auto found = observed(device);
  CHECK(found.asset.hardware.model == "1756-L72S/B");
  CHECK(places(found.asset) == Texts{"0 1756-ENBT/A", "2 1756-OB16I/A", "3 1756-L7SP/B"});
  CHECK(found.safety.empty());
  CHECK(found.notes == Texts{"slot 1: 1756-L72S is a safety controller",
                             "slot 3: 1756-L7SP is a safety controller"});
  CHECK(found.whole);
}

TEST_CASE("a slot that answers nothing is a note, and the next is asked", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane(backplane(0, 5));
  device.slot(1, kTimedOut).slot(2, kOutput);
  device.fails_in_slot(3, Errc::silent).slot(4, kEmpty).leaves();
  const auto found = observed(device);
  CHECK(places(found.asset) == Texts{"2 1756-OB16I/A"});
  CHECK(found.notes == Texts{"slot 1: 01 Connection failure, 0204 Unconnected request timed out",
                             "slot 3: no answer"});
  CHECK_FALSE(found.whole);
  CHECK_FALSE(found.incomplete.has_value());
}

TEST_CASE("two mute slots in a row end the walk", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane(backplane(0, 5));
  device.slot(1, kOutput).slot(2, kTimedOut).fails_in_slot(3, Errc::silent).leaves();
  const auto found = observed(device);
  CHECK(places(found.asset) == Texts{"1 1756-OB16I/A"});
  CHECK(found.notes.size() == 1);
  REQUIRE(found.incomplete.has_value());
  CHECK(found.incomplete->code() == Errc::silent);
  CHECK(found.incomplete->message() ==
        "slot 3: no answer, as before; it and those behind it are not read");
}

TEST_CASE("a device without resources is asked once more", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane(backplane(0, 3));
  device.slot(1, "d2000200").slot(1, kOutput).slot(2, kEmpty).leaves();
  const auto found = observed(device);
  CHECK(places(found.asset) == Texts{"1 1756-OB16I/A"});
  CHECK_FALSE(found.incomplete.has_value());
}

TEST_CASE("a device that stays without resources is left alone", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane(backplane(0, 4));
  device.slot(1, "d2000200").slot(1, kOutput).slot(2, "d2000200").leaves();
  const auto found = observed(device);
  CHECK(places(found.asset) == Texts{"1 1756-OB16I/A"});
  REQUIRE(found.incomplete.has_value());
  CHECK(found.incomplete->code() == Errc::ended);
}

TEST_CASE("a module that refuses its identity is a note", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane(backplane(0, 4));
  device.slot(1, "81000800").slot(2, "81000000 0100").slot(3, kOutput).leaves();
  const auto found = observed(device);
  CHECK(places(found.asset) == Texts{"3 1756-OB16I/A"});
  CHECK(found.notes.size() == 2);
  CHECK_FALSE(found.whole);
}

TEST_CASE("without its backplane's word a chassis ends with an error or slot 16", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane("81000500");
  device.slot(0, kL61Real).slot(1, kItself).slots(2, 16, kEmpty).leaves();
  const auto found = observed(device);
  CHECK(found.asset.slot == 0U);
  CHECK(places(found.asset) == Texts{"1 1756-ENBT/A"});
  CHECK(found.chassis_serial.empty());

  EnipDevice other;
  other.lists().registers().identity(kEnbt).backplane("81000500");
  other.slot(0, kL61Real).slot(1, kEmpty).slot(2, "81001f00").leaves();
  const auto ended = observed(other);
  CHECK(ended.notes ==
        Texts{"slot 2: service 01 status 1F Vendor specific error, so the chassis ends here",
              "slot 0: its status reports: minor recoverable fault"});
  CHECK_FALSE(ended.incomplete.has_value());
}

TEST_CASE("a device whose slot is not known is an add-on without one", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane("81000800");
  device.slot(0, kL61Real).slot(1, "d2000101 1103").leaves();
  const auto found = observed(device);
  CHECK(found.asset.hardware.model == "1756-L61/B");
  CHECK(places(found.asset) == Texts{" 1756-ENBT/A"});
  CHECK_FALSE(found.asset.add_ons.front().slot.has_value());
}

TEST_CASE("a backplane that can't be is not believed", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane(backplane(0, 60000));
  device.slot(0, kNoSuchService).leaves();
  const auto found = observed(device);
  CHECK(found.chassis_serial.empty());
  CHECK(found.notes.front() == "backplane: a chassis of 60000 slots, itself in slot 0");
}

TEST_CASE("a gateway that answers each slot with itself is one device", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kL61Real).backplane("81000800");
  device.slots(0, 2, std::string(kL61Real) + "ff000000").leaves();
  const auto found = observed(device);
  CHECK(found.asset.serial_number == "0x006c061a");
  CHECK_FALSE(found.asset.slot.has_value());
  CHECK(found.asset.add_ons.empty());
  CHECK(found.notes == Texts{"one module answers for several slots: slots are not told apart",
                             "its status reports: minor recoverable fault"});
  CHECK_FALSE(found.incomplete.has_value());
}

TEST_CASE("a gateway that answers each slot with one module has one module", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane("81000800");
  device.slots(0, 2, kOutput).leaves();
  const auto found = observed(device);
  CHECK(found.asset.hardware.model == "1756-ENBT/A");
  CHECK(places(found.asset) == Texts{"0 1756-OB16I/A"});
}

TEST_CASE("a gateway whose one module has no serial number has one module too", "[enip]") {
  EnipDevice device;
  const auto scale = identity(kDiscrete, 0, "Scale");
  device.lists().registers().identity(kEnbt).backplane("81000800");
  device.slots(0, 2, scale).leaves();
  const auto found = observed(device);
  CHECK(places(found.asset) == Texts{"0 Scale"});
  CHECK(found.notes == Texts{"one module answers for several slots: slots are not told apart"});
}

TEST_CASE("modules without serial numbers that differ are told apart", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane("81000800");
  for (unsigned slot = 0; slot < 3; ++slot) {
    device.slot(slot, identity(kDiscrete, 0, "Scale " + std::to_string(slot)));
  }
  device.slot(3, "d2000500").leaves();
  CHECK(places(observed(device).asset) == Texts{"0 Scale 0", "1 Scale 1", "2 Scale 2"});
}

TEST_CASE("the slot that answers as the device does is its own", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(identity(kCpu, 5, "1769-L35E")).backplane("81000800");
  device.slot(0, identity(kCpu, 5, "1769-L35E")).slot(1, kOutput).slot(2, "d2000500").leaves();
  const auto found = observed(device);
  CHECK(found.asset.slot == 0U);
  CHECK(places(found.asset) == Texts{"1 1756-OB16I/A"});
}

TEST_CASE("modules without serial numbers may be alike", "[enip]") {
  EnipDevice device;
  const auto input = identity(kDiscrete, 0, "1769-IQ16/A");
  device.lists().registers().identity(identity(kCpu, 5, "1769-L35E")).backplane(backplane(0, 4));
  device.slots(1, 3, input).leaves();
  const auto found = observed(device);
  CHECK(places(found.asset) == Texts{"1 1769-IQ16/A", "2 1769-IQ16/A", "3 1769-IQ16/A"});
  CHECK(found.asset.add_ons.front().serial_number.empty());
}

TEST_CASE("what was read before the connection broke is kept", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane(backplane(1, 4));
  device.slot(0, kL61Real).fails_in_slot(2, Errc::closed);
  const auto found = observed(device);
  CHECK(found.asset.hardware.model == "1756-L61/B");
  CHECK(places(found.asset) == Texts{"1 1756-ENBT/A"});
  REQUIRE(found.incomplete.has_value());
  CHECK(found.incomplete->code() == Errc::closed);
}

TEST_CASE("a device that runs out of memory is sent nothing more", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane(backplane(1, 4));
  device.slot(0, kL61Real).refuses_slot(2, "02000000");
  const auto found = observed(device);
  CHECK(device.script().distressed() == "EtherNet/IP status 0002 out of memory");
  CHECK(found.asset.hardware.model == "1756-L61/B");
  REQUIRE(found.incomplete.has_value());
  CHECK(found.incomplete->code() == Errc::ended);
}

TEST_CASE("another status of the encapsulation ends the walk over a chassis", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kEnbt).backplane(backplane(1, 4));
  device.slot(0, kL61Real).refuses_slot(2, "64000000").leaves();
  const auto found = observed(device);
  REQUIRE(found.incomplete.has_value());
  CHECK(found.incomplete->message() ==
        "slot 2: EtherNet/IP status 0064 invalid session handle; "
        "it and those behind it are not read");
}

}  // namespace
}  // namespace ot::tests
