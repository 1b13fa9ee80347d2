#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ot::protocols::link {

/// A protocol together with what carries it: it decides how bytes become frames.
/// A frame of `modbus_rtu` is the address and the PDU; its CRC belongs to the line.
enum class Wire : std::uint8_t { fins_tcp, fins_udp, enip_tcp, enip_udp, modbus_tcp, modbus_rtu };

/// "FINS/TCP", "EtherNet/IP over UDP", "Modbus RTU".
std::string_view to_string(Wire wire);
std::optional<Wire> wire_from(std::string_view text);

/// Whether the wire carries datagrams: one frame each.
bool is_datagram(Wire wire);

/// How many bytes the frame at the head of a TCP stream takes: nothing while
/// too few have come to tell; malformed when it is no frame of this protocol or
/// longer than the protocol allows.
Result<std::optional<std::size_t>> frame_size(Wire wire, std::string_view stream);

/// What a frame from the device is, in a few words for the ledger: "FINS 0501
/// response, end code 0040". Never fails: "9 bytes that are no FINS frame".
std::string describe_received(Wire wire, std::string_view frame);

}  // namespace ot::protocols::link
