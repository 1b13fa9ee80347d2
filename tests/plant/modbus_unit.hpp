#pragma once

#include <string>
#include <string_view>

#include "tests/plant/scene.hpp"

namespace ot::plant {

// Modbus Application Protocol V1.1b3, section 7: exception codes.
constexpr std::uint8_t kIllegalFunction = 0x01;
constexpr std::uint8_t kIllegalDataAddress = 0x02;
constexpr std::uint8_t kIllegalDataValue = 0x03;
constexpr std::uint8_t kServerBusy = 0x06;

/// The PDU that refuses this one.
std::string modbus_exception(std::string_view pdu, std::uint8_t code);

/// The PDU that a unit answers to this one; empty where it is silent.
std::string modbus_reply(const ModbusUnit& unit, std::string_view pdu);

/// Whether the PDU asks for identification and nothing else: 2B/0E or 11.
bool modbus_is_harmless(std::string_view pdu);

}  // namespace ot::plant
