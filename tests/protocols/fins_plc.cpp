#include "tests/protocols/fins_plc.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/hash.hpp"

namespace ot::protocols::fins {
extern const Probe module;
}

namespace ot::tests {
namespace {

using protocols::link::Wire;

constexpr std::string_view kHandshake = "46494e53 0000000c 00000000 00000000 00000000";
constexpr std::uint8_t kPlcNode = 200;
constexpr std::uint8_t kTcpNode = 251;
constexpr std::uint8_t kUdpNode = 99;  // of the script's own address, 10.0.0.99

std::uint8_t byte(int value) {
  return static_cast<std::uint8_t>(value);
}

}  // namespace

std::string field20(std::string_view text, char fill) {
  std::string field(text.substr(0, 20));
  field.resize(20, fill);
  return field;
}

std::string cpu_data(std::string_view model, std::string_view version) {
  const auto area = from_hex("0014 17 8000 08 01 0000 00 0000 00");
  return field20(model) + field20(version, '\0') + std::string(40, '\0') + area.substr(0, 12);
}

std::string unit_page(int count_octet, const Units& units) {
  ByteWriter page;
  page.u8(byte(count_octet));
  for (const auto& [address, model] : units) {
    page.u8(byte(address)).bytes(field20(model));
  }
  return page.take();
}

FinsPlc& FinsPlc::allots_nodes() {
  answers_handshake("46494e53 00000010 00000001 00000000 000000fb 000000c8");
  tcp_ = true;
  return *this;
}
FinsPlc& FinsPlc::answers_handshake(std::string_view hex) {
  script_.expect(Wire::fins_tcp, kHandshake).reply(hex);
  return *this;
}
FinsPlc& FinsPlc::fails_handshake(Errc code) {
  script_.expect(Wire::fins_tcp, kHandshake).fail_with(code);
  return *this;
}

FinsPlc& FinsPlc::expect(int unit, std::string command) {
  ByteWriter fins;
  fins.bytes(from_hex("80000200")).u8(tcp_ ? kPlcNode : 0).u8(byte(unit));
  fins.u8(0).u8(tcp_ ? kTcpNode : kUdpNode).u8(0).u8(byte(++sid_)).bytes(command);
  unit_ = unit;
  command_ = command.substr(0, 2);
  script_.expect(tcp_ ? Wire::fins_tcp : Wire::fins_udp, hex(wrapped(fins.take())));
  return *this;
}
FinsPlc& FinsPlc::is_asked_for_cpu() {
  return expect(0, from_hex("0501 00"));
}
FinsPlc& FinsPlc::is_asked_for_units(int from) {
  return expect(0, from_hex("0502") + static_cast<char>(from) + '\x19');
}
FinsPlc& FinsPlc::is_asked_for_bus_unit(int unit) {
  return expect(unit, from_hex("0501"));
}

std::string FinsPlc::wrapped(std::string_view fins_frame) const {
  ByteWriter frame;
  if (tcp_) {
    frame.bytes("FINS").u32_be(static_cast<std::uint32_t>(8 + fins_frame.size()));
    frame.u32_be(2).u32_be(0);
  }
  return frame.bytes(fins_frame).take();
}
std::string FinsPlc::response(std::string_view data, int end_code) const {
  ByteWriter fins;
  fins.bytes(from_hex("c0000200")).u8(tcp_ ? kTcpNode : kUdpNode).u8(0);
  fins.u8(0).u8(kPlcNode).u8(byte(unit_)).u8(byte(sid_)).bytes(command_);
  return fins.u16_be(static_cast<std::uint16_t>(end_code)).bytes(data).take();
}

FinsPlc& FinsPlc::answers(std::string_view data, int end_code) {
  return sends(wrapped(response(data, end_code)));
}
FinsPlc& FinsPlc::sends(std::string_view bytes) {
  script_.reply(hex(bytes));
  return *this;
}
FinsPlc& FinsPlc::fails(Errc code) {
  script_.fail_with(code);
  return *this;
}

FinsPlc& FinsPlc::cpu(std::string_view model, std::string_view version) {
  return is_asked_for_cpu().answers(cpu_data(model, version));
}
FinsPlc& FinsPlc::units(int from, int count_octet, const Units& units) {
  return is_asked_for_units(from).answers(unit_page(count_octet, units));
}
FinsPlc& FinsPlc::bus_unit(int unit, std::string_view model, std::string_view version) {
  return is_asked_for_bus_unit(unit).answers(field20(model) + field20(version));
}

Result<protocols::Observation> FinsPlc::run() {
  return run_probe(protocols::fins::module, script_);
}

}  // namespace ot::tests
