#include "tests/protocols/enip_device.hpp"

#include <fmt/format.h>

#include "base/hash.hpp"
#include "tests/catch.hpp"

namespace ot::protocols::enip {
extern const Probe module;
}

namespace ot::tests {
namespace {

using protocols::link::Wire;

constexpr std::string_view kSession = "00021e01";
constexpr std::string_view kIdentityMessage = "01 02 2001 2401";
constexpr std::string_view kBackplaneMessage = "01 02 2066 2401";

std::string le16(unsigned value) {
  return fmt::format("{:02x}{:02x}", value & 0xFF, value >> 8 & 0xFF);
}
std::string le32(std::uint32_t value) {
  return le16(value & 0xFFFF) + le16(value >> 16);
}

std::string slot_message(unsigned number) {
  return fmt::format("52 02 2006 2401 05 20 0600 {} 01 00 01 {:02x}", kIdentityMessage, number);
}

std::string with_header(std::string_view command, std::string_view status, std::string_view context,
                        std::string_view body) {
  return fmt::format("{}{}{}{}{}00000000{}", command, le16(unsigned(from_hex(body).size())),
                     kSession, status, context, body);
}

/// SendRRData around a message.
std::string data(unsigned context, std::string_view timeout, std::string_view message) {
  const auto body = fmt::format("00000000 {} 0200 0000 0000 b200 {} {}", timeout,
                                le16(unsigned(from_hex(message).size())), message);
  return with_header("6f00", "00000000", le32(context) + "00000000", body);
}

constexpr std::string_view kListIdentity = "630000000000000000000000000000000000000000000000";
constexpr std::string_view kListIdentityUdp = "630000000000000000000000f40100000000000000000000";
constexpr std::string_view kRegister = "65000400000000000000000000000000000000000000000001000000";

}  // namespace

std::string identity(std::uint16_t device_type, std::uint32_t serial, std::string_view name,
                     std::uint16_t vendor) {
  return fmt::format("81000000 {} {} 3600 0307 0000 {} {:02x} {}", le16(vendor), le16(device_type),
                     le32(serial), name.size(), hex(name));
}

std::string backplane(std::uint16_t own_slot, std::uint16_t slots) {
  return fmt::format("81000000 0008000000002d00 {:02x} 000101 eeffc000 {}", own_slot, le16(slots));
}

EnipDevice& EnipDevice::lists(std::string_view reply) {
  script_.expect(Wire::enip_tcp, kListIdentity).reply(reply);
  return *this;
}
EnipDevice& EnipDevice::fails_to_list(Errc code) {
  script_.expect(Wire::enip_tcp, kListIdentity).fail_with(code);
  return *this;
}
EnipDevice& EnipDevice::lists_over_udp(std::string_view reply) {
  script_.expect(Wire::enip_udp, kListIdentityUdp).reply(reply);
  return *this;
}
EnipDevice& EnipDevice::fails_over_udp(Errc code) {
  script_.expect(Wire::enip_udp, kListIdentityUdp).fail_with(code);
  return *this;
}

EnipDevice& EnipDevice::registers() {
  return registers(with_header("6500", "00000000", "0000000000000000", "01000000"));
}
EnipDevice& EnipDevice::registers(std::string_view reply) {
  script_.expect(Wire::enip_tcp, kRegister).reply(reply);
  return *this;
}
EnipDevice& EnipDevice::fails_to_register(Errc code) {
  script_.expect(Wire::enip_tcp, kRegister).fail_with(code);
  return *this;
}

EnipDevice& EnipDevice::identity(std::string_view reply) {
  return answer(kIdentityMessage, reply);
}
EnipDevice& EnipDevice::backplane(std::string_view reply) {
  return answer(kBackplaneMessage, reply);
}
EnipDevice& EnipDevice::slot(unsigned number, std::string_view reply) {
  return answer(slot_message(number), reply);
}
EnipDevice& EnipDevice::slots(unsigned first, unsigned last, std::string_view reply) {
  for (unsigned number = first; number <= last; ++number) {
    slot(number, reply);
  }
  return *this;
}
EnipDevice& EnipDevice::fails_in_slot(unsigned number, Errc code) {
  expect_message(slot_message(number));
  script_.fail_with(code);
  return *this;
}
EnipDevice& EnipDevice::refuses_slot(unsigned number, std::string_view status) {
  return refuse(slot_message(number), status);
}
EnipDevice& EnipDevice::refuses_identity(std::string_view status) {
  return refuse(kIdentityMessage, status);
}

EnipDevice& EnipDevice::leaves() {
  script_.expect(Wire::enip_tcp, with_header("6600", "00000000", "0000000000000000", ""));
  return *this;
}

void EnipDevice::expect_message(std::string_view message) {
  script_.expect(Wire::enip_tcp, data(++context_, "0200", message));
}

/// A late answer to another request comes first, and must be left aside.
EnipDevice& EnipDevice::answer(std::string_view message, std::string_view reply) {
  expect_message(message);
  script_.reply(data(context_ + 1000, "0000", "81001600"));
  script_.reply(data(context_, "0000", reply));
  return *this;
}

EnipDevice& EnipDevice::refuse(std::string_view message, std::string_view status) {
  expect_message(message);
  script_.reply(with_header("6f00", status, le32(context_) + "00000000", ""));
  return *this;
}

Result<protocols::Observation> EnipDevice::run() {
  return run_probe(protocols::enip::module, script_);
}

protocols::Observation observed(EnipDevice& device) {
  auto found = device.run();
  CHECK(device.script().complaint().empty());
  INFO((found ? "" : found.error().text()));
  REQUIRE(found.has_value());
  return std::move(*found);
}

}  // namespace ot::tests
