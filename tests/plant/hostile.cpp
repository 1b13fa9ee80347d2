#include "tests/plant/hostile.hpp"

namespace ot::plant {
namespace {

/// Clears the screen, closes a quotation; 20 bytes at most.
const std::string kShort = "\x1B[2J';DROP TABLE t";
/// And names the window, turns the writing direction, is a formula, breaks UTF-8 and the line.
const std::string kLong =
    "=cmd|'/C calc'!A0\x1B]0;owned\x07\x1B[2J\xE2\x80\xAE"
    "<script>alert(1)</script>"
    "'); DROP TABLE assets; --\r\n\xFF\xC0\x80";

void make_hostile(ModbusUnit& unit) {
  for (auto& [id, value] : unit.objects) {
    value = kLong;
  }
  if (!unit.server_id.empty()) {
    unit.server_id = kLong;
  }
}

void make_hostile(FinsDevice& device) {
  device.cpu = kShort;
  device.version = "\x1B]0;x\x07\xFF";
  for (FinsUnit& unit : device.units) {
    unit.model = kShort;
    unit.version = unit.version.empty() ? unit.version : device.version;
  }
}

void make_hostile(ModbusDevice& device) {
  if (device.own) {
    make_hostile(*device.own);
  }
  for (auto& [address, unit] : device.units) {
    make_hostile(unit);
  }
}

void make_hostile(EnipDevice& device) {
  device.identity.name = kLong;
  if (device.chassis) {
    for (auto& [slot, module] : device.chassis->modules) {
      module.identity.name = kLong;
    }
  }
}

}  // namespace

void make_hostile(Host& host) {
  if (host.fins) {
    make_hostile(*host.fins);
  }
  if (host.enip) {
    make_hostile(*host.enip);
  }
  if (host.modbus) {
    make_hostile(*host.modbus);
  }
}

void make_hostile(SerialLine& line) {
  for (auto& [address, unit] : line.units) {
    make_hostile(unit);
  }
}

}  // namespace ot::plant
