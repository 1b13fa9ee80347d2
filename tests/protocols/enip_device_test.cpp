#include "tests/protocols/enip_device.hpp"
#include "tests/catch.hpp"

namespace ot::protocols::enip {
extern const Probe module;
}

namespace ot::tests {
namespace {

using protocols::Observation;
using Texts = std::vector<std::string>;

constexpr std::uint16_t kAdapter = 0x0C;
constexpr std::uint16_t kCpu = 0x0E;

const std::string kDrive = identity(0x02, 0x1234, "PowerFlex 525 1P 110V");

Error failure(EnipDevice& device) {
  auto found = device.run();
  CHECK(device.script().complaint().empty());
  REQUIRE_FALSE(found.has_value());
  return std::move(found).error();
}

/// The ENBT's ListIdentity reply with another device type.
std::string listed_type(std::string_view type) {
  std::string reply(kListedEnbt);
  return reply.replace(reply.find("01000c003a00") + 4, 4, type);
}

TEST_CASE("a device that has no chassis is read alone", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kDrive).backplane("81000500").slot(0, kNoSuchService);
  device.leaves();
  const auto found = observed(device);
  CHECK(found.asset.hardware.model == "PowerFlex 525 1P 110V");
  CHECK(found.asset.hardware.category == Category::unknown);
  CHECK(found.asset.serial_number == "0x00001234");
  CHECK(found.asset.add_ons.empty());
  CHECK(found.notes == Texts{"slot 0: 08 Service not supported, so there is no chassis"});
  CHECK_FALSE(found.incomplete.has_value());
  CHECK(found.whole);
}

TEST_CASE("each way to say that there is no route ends at the first slot", "[enip]") {
  for (const auto* status : {"d2000101 1103", "d2000101 0502", "d2000400", "d2000500"}) {
    EnipDevice device;
    device.lists().registers().identity(kDrive).backplane("81001600").slot(0, status).leaves();
    const auto found = observed(device);
    CHECK(found.notes.size() == 1);
    CHECK_FALSE(found.incomplete.has_value());
  }
}

TEST_CASE("a refused route with a status of the device's own and no body ends it too", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kDrive).backplane("81000800");
  device.refuses_slot(0, "08000000").leaves();
  const auto found = observed(device);
  CHECK(found.notes == Texts{"slot 0: EtherNet/IP status 0008, so there is no chassis"});
  CHECK_FALSE(found.incomplete.has_value());
}

TEST_CASE("two silent slots where no chassis shows are none", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kDrive).backplane("81000800");
  device.fails_in_slot(0, Errc::silent).fails_in_slot(1, Errc::silent).leaves();
  CHECK_FALSE(observed(device).incomplete.has_value());
}

TEST_CASE("what changes while a device runs is no fact, a fault is one", "[enip]") {
  const auto names = [](const std::string& reply) {
    EnipDevice device;
    device.lists().registers().identity(reply).backplane("81000800").slot(0, kNoSuchService);
    device.leaves();
    Texts texts;
    for (const auto& detail : observed(device).asset.details) {
      texts.push_back(detail.name + " " + detail.value);
    }
    return texts;
  };
  CHECK(names(kDrive + "03") == Texts{"deviceType AC Drive", "productCode 54"});
  CHECK(names(std::string(kL61Real)) == Texts{"deviceType Programmable Logic Controller",
                                              "productCode 54",
                                              "deviceStatus minor recoverable fault"});
}

TEST_CASE("a device that refuses ListIdentity is asked in a session", "[enip]") {
  EnipDevice device;
  device.lists("6300 0000 00000000 a5860100 0000000000000000 00000000");
  device.registers().identity(kDrive).backplane("81000800").slot(0, kNoSuchService).leaves();
  const auto found = observed(device);
  CHECK(found.asset.serial_number == "0x00001234");
  CHECK(found.notes.front() == "ListIdentity: EtherNet/IP status 186A5");
}

TEST_CASE("a device that is silent to ListIdentity is asked in a session", "[enip]") {
  EnipDevice device;
  device.fails_to_list(Errc::silent).registers().identity(kDrive).backplane("81000800");
  device.slot(0, kNoSuchService).leaves();
  CHECK(observed(device).asset.serial_number == "0x00001234");
}

TEST_CASE("a device that says nothing at all is an error", "[enip]") {
  EnipDevice device;
  device.fails_to_list(Errc::silent).fails_to_register(Errc::silent);
  const auto error = failure(device);
  CHECK(error.code() == Errc::silent);
  CHECK(error.message().starts_with("RegisterSession: "));
}

TEST_CASE("a device that hangs up at ListIdentity is an error", "[enip]") {
  EnipDevice device;
  device.fails_to_list(Errc::closed);
  CHECK(failure(device).code() == Errc::closed);
}

TEST_CASE("a refused session leaves what ListIdentity said", "[enip]") {
  // Status 1; and a good status with session 0.
  for (const auto* reply : {"6500 0400 00021e01 01000000 0000000000000000 00000000 01000000",
                            "6500 0400 00000000 00000000 0000000000000000 00000000 01000000"}) {
    EnipDevice device;
    device.lists().registers(reply);
    const auto found = observed(device);
    CHECK(found.asset.hardware.model == "1756-ENBT/A");
    REQUIRE(found.incomplete.has_value());
    CHECK(found.incomplete->code() == Errc::unsupported);
    CHECK_FALSE(found.whole);
  }
}

TEST_CASE("a device without memory for a session is sent nothing more", "[enip]") {
  EnipDevice device;
  device.lists().registers("6500 0000 00000000 02000000 0000000000000000 00000000");
  CHECK(observed(device).incomplete->code() == Errc::ended);
  CHECK_FALSE(device.script().distressed().empty());
}

TEST_CASE("a device that refuses its Identity is the one it listed", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity("81000800").backplane(backplane(1, 3));
  device.slot(0, kL61Real).slot(2, kEmpty).leaves();
  const auto found = observed(device);
  CHECK(found.asset.hardware.model == "1756-L61/B");
  REQUIRE(found.asset.add_ons.size() == 1);
  CHECK(found.asset.add_ons.front().hardware.model == "1756-ENBT/A");
  CHECK(found.notes == Texts{"Identity: status 08 Service not supported; ListIdentity's is taken",
                             "slot 0: its status reports: minor recoverable fault"});
  CHECK_FALSE(found.incomplete.has_value());
  CHECK(found.whole);
}

TEST_CASE("a device that refuses its Identity and lists none is an error", "[enip]") {
  EnipDevice device;
  device.fails_to_list(Errc::silent).registers().identity("81000800").leaves();
  CHECK(failure(device).message() == "Identity: status 08 Service not supported");
}

TEST_CASE("an Identity that fails otherwise leaves what ListIdentity said", "[enip]") {
  EnipDevice busy;
  busy.lists().registers().identity("81000200").leaves();
  const auto found = observed(busy);
  CHECK(found.asset.hardware.model == "1756-ENBT/A");
  CHECK(found.incomplete->message() == "Identity: status 02 Resource unavailable");
  CHECK_FALSE(found.whole);

  EnipDevice other;
  other.lists().registers().refuses_identity("03000000").leaves();
  CHECK(observed(other).incomplete->message() ==
        "Identity: EtherNet/IP status 0003 incorrect data");
}

TEST_CASE("where TCP is refused a datagram tells what the device is", "[enip]") {
  EnipDevice device;
  device.fails_to_list(Errc::refused).lists_over_udp();
  const auto found = observed(device);
  CHECK(found.asset.hardware.model == "1756-ENBT/A");
  CHECK(found.asset.hardware.category == Category::communication);
  CHECK(found.asset.firmware_version == "4.3");
  REQUIRE(found.incomplete.has_value());
  CHECK(found.incomplete->code() == Errc::refused);
  CHECK_FALSE(found.whole);
}

TEST_CASE("where the datagram is in vain too both reasons are told", "[enip]") {
  EnipDevice device;
  device.fails_to_list(Errc::refused).fails_over_udp(Errc::silent);
  CHECK(failure(device).message() == "TCP: as the script says; UDP: as the script says");
}

TEST_CASE("a safety controller is asked nothing further", "[enip]") {
  for (const auto* type : {"2a00", "2d00", "2e00"}) {
    EnipDevice device;
    const auto reply = listed_type(type);
    device.lists(reply);
    const auto found = observed(device);
    CHECK(found.safety.starts_with("CIP device type 2"));
    CHECK(found.asset.serial_number == "0x00524d8e");
  }
}

TEST_CASE("a device that calls itself one in its session ends it there", "[enip]") {
  EnipDevice device;
  device.fails_to_list(Errc::silent).registers();
  device.identity(identity(0x2E, 1, "Safety Drive")).leaves();
  CHECK(observed(device).safety == "CIP device type 2E, Safety Drive Device");
}

TEST_CASE("a GuardLogix that answers itself is asked nothing further", "[enip]") {
  std::string reply(kListedEnbt);  // "1756-L72S/B" is as long as "1756-ENBT/A"
  reply.replace(reply.find("313735362d454e42542f41"), 22, "313735362d4c3732532f42");
  EnipDevice listed;
  listed.lists(reply);
  CHECK(observed(listed).safety == "1756-L72S is a safety controller");

  EnipDevice device;
  device.lists().registers().identity(identity(kCpu, 9, "1756-L81ES/B")).leaves();
  CHECK(observed(device).safety == "1756-L81ES is a safety controller");
}

TEST_CASE("an OMRON device has no slots for EtherNet/IP", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(identity(kAdapter, 7, "CJ2M-EIP21", 47)).leaves();
  const auto found = observed(device);
  CHECK(found.asset.hardware.vendor == "Omron");
  CHECK(found.asset.hardware.model == "CJ2M-EIP21");
  CHECK(found.safety.empty());
  CHECK(found.notes.empty());
}

TEST_CASE("another vendor's device is not asked for Rockwell's backplane", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(identity(kCpu, 7, "Some PLC 2", 9999));
  device.slot(0, kNoSuchService).leaves();
  const auto found = observed(device);
  CHECK(found.asset.hardware.vendor == "CIP vendor 9999");
  CHECK(found.asset.hardware.model == "Some PLC 2");
}

TEST_CASE("a device without resources for the backplane is asked no slots", "[enip]") {
  EnipDevice device;
  device.lists().registers().identity(kDrive).backplane("81000200").leaves();
  CHECK(observed(device).incomplete->code() == Errc::ended);
}

TEST_CASE("the plan holds every request, and the walk's bound", "[enip]") {
  const auto& probe = protocols::enip::module;
  const auto planned = probe.plan({});
  REQUIRE(planned.size() == 7);
  CHECK(planned[1].carrier == "udp");
  CHECK(planned[5].at_most == 33);
  CHECK(probe.port == 44818);
  CHECK(probe.name == "enip");
}

}  // namespace
}  // namespace ot::tests
