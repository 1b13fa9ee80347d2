#include "protocols/link/wire.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "protocols/link/allow_list.hpp"

namespace ot::protocols::link {
namespace {

using Size = std::optional<std::size_t>;

/// In the order of Wire.
constexpr std::array<std::string_view, 6> kNames = {
    "FINS/TCP", "FINS/UDP", "EtherNet/IP", "EtherNet/IP over UDP", "Modbus/TCP", "Modbus RTU"};

/// A FINS/TCP header up to its length field, and what that may be (W420, 7-4).
constexpr std::size_t kFinsLengthEnd = 8;
constexpr std::uint32_t kFinsLeast = 8;
constexpr std::uint32_t kFinsMost = 2020;

constexpr std::size_t kEnipHeader = 24;

/// A Modbus/TCP header up to its length field; what that counts.
constexpr std::size_t kMbapLengthEnd = 6;
constexpr std::uint16_t kMbapLeast = 2;
constexpr std::uint16_t kMbapMost = 254;

tl::unexpected<Error> no_frame(std::string why) {
  return fail(Errc::malformed, std::move(why));
}

std::uint32_t number_be(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes) {
    value = value << 8 | static_cast<std::uint8_t>(byte);
  }
  return value;
}
std::uint16_t u16_le_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<std::uint8_t>(bytes[at]) |
                                    static_cast<std::uint8_t>(bytes[at + 1]) << 8);
}

Result<Size> fins_tcp_size(std::string_view stream) {
  constexpr std::string_view kMagic = "FINS";
  if (!kMagic.starts_with(stream.substr(0, kMagic.size()))) {
    return no_frame("the answer does not begin with \"FINS\"");
  }
  if (stream.size() < kFinsLengthEnd) {
    return Size();
  }
  const auto length = number_be(stream.substr(4, 4));
  if (length < kFinsLeast || length > kFinsMost) {
    return no_frame(fmt::format("FINS/TCP length {} is out of range ({} to {})", length, kFinsLeast,
                                kFinsMost));
  }
  return Size(kFinsLengthEnd + length);
}

Result<Size> enip_size(std::string_view stream) {
  if (stream.size() < 4) {
    return Size();
  }
  const auto command = u16_le_at(stream, 0);
  if (find(kEnipCommands, command) == nullptr) {
    return no_frame(
        fmt::format("EtherNet/IP command {:04X} answers nothing that was asked", command));
  }
  return Size(kEnipHeader + u16_le_at(stream, 2));
}

Result<Size> modbus_tcp_size(std::string_view stream) {
  if (stream.size() < kMbapLengthEnd) {
    return Size();
  }
  const auto protocol = number_be(stream.substr(2, 2));
  const auto length = number_be(stream.substr(4, 2));
  if (protocol != 0) {
    return no_frame(fmt::format("Modbus/TCP protocol identifier {} instead of 0", protocol));
  }
  if (length < kMbapLeast || length > kMbapMost) {
    return no_frame(fmt::format("Modbus/TCP length {} is out of range ({} to {})", length,
                                kMbapLeast, kMbapMost));
  }
  return Size(kMbapLengthEnd + length);
}

std::string describe_fins(std::string_view frame) {
  if (frame.size() < 14) {
    return fmt::format("{} bytes that are no FINS response", frame.size());
  }
  return fmt::format("FINS {:04X} response of unit {:02X}, end code {:04X}",
                     number_be(frame.substr(10, 2)), number_be(frame.substr(8, 1)),
                     number_be(frame.substr(12, 2)));
}

std::string describe_fins_tcp(std::string_view frame) {
  constexpr std::uint32_t kFrameSend = 2;
  if (frame.size() < 16 || !frame.starts_with("FINS")) {
    return fmt::format("{} bytes that are no FINS/TCP frame", frame.size());
  }
  const auto command = number_be(frame.substr(8, 4));
  const auto error = number_be(frame.substr(12, 4));
  if (command == kFrameSend && error == 0) {
    return describe_fins(frame.substr(16));
  }
  return fmt::format("FINS/TCP command {}, error {:X}", command, error);
}

std::string describe_enip(std::string_view frame) {
  if (frame.size() < kEnipHeader) {
    return fmt::format("{} bytes that are no EtherNet/IP frame", frame.size());
  }
  const auto command = u16_le_at(frame, 0);
  const auto* known = find(kEnipCommands, command);
  const auto status = u16_le_at(frame, 8) | static_cast<std::uint32_t>(u16_le_at(frame, 10)) << 16;
  constexpr std::size_t kCipReply = kEnipHeader + 16;
  const bool has_cip = command == kSendRrData && status == 0 && frame.size() >= kCipReply + 3;
  const auto cip = has_cip ? fmt::format(", CIP reply {:02X} status {:02X}",
                                         static_cast<std::uint8_t>(frame[kCipReply]),
                                         static_cast<std::uint8_t>(frame[kCipReply + 2]))
                           : std::string();
  return fmt::format("EtherNet/IP {} reply, status {:04X}{}",
                     known == nullptr ? "unknown" : known->name, status, cip);
}

std::string describe_modbus(std::string_view frame, std::size_t unit_at) {
  if (frame.size() < unit_at + 2) {
    return fmt::format("{} bytes that are no Modbus frame", frame.size());
  }
  const auto unit = static_cast<std::uint8_t>(frame[unit_at]);
  const auto function = static_cast<std::uint8_t>(frame[unit_at + 1]);
  constexpr unsigned kExceptionBit = 0x80;
  if ((function & kExceptionBit) == 0) {
    return fmt::format("Modbus {:02X} response of unit {}", function, unit);
  }
  const auto code = frame.size() > unit_at + 2 ? static_cast<std::uint8_t>(frame[unit_at + 2]) : 0;
  return fmt::format("Modbus {:02X} exception {:02X} of unit {}", function & ~kExceptionBit, code,
                     unit);
}

}  // namespace

std::string_view to_string(Wire wire) {
  return kNames.at(static_cast<std::size_t>(wire));
}

std::optional<Wire> wire_from(std::string_view text) {
  const auto* found = std::find(kNames.begin(), kNames.end(), text);
  return found == kNames.end() ? std::nullopt
                               : std::optional(static_cast<Wire>(found - kNames.begin()));
}

bool is_datagram(Wire wire) {
  return wire == Wire::fins_udp || wire == Wire::enip_udp;
}

Result<Size> frame_size(Wire wire, std::string_view stream) {
  switch (wire) {
    case Wire::fins_tcp: return fins_tcp_size(stream);
    case Wire::enip_tcp: return enip_size(stream);
    case Wire::modbus_tcp: return modbus_tcp_size(stream);
    case Wire::fins_udp:
    case Wire::enip_udp:
    case Wire::modbus_rtu: break;
  }
  return Size(stream.size());
}

std::string describe_received(Wire wire, std::string_view frame) {
  switch (wire) {
    case Wire::fins_tcp: return describe_fins_tcp(frame);
    case Wire::fins_udp: return describe_fins(frame);
    case Wire::enip_tcp:
    case Wire::enip_udp: return describe_enip(frame);
    case Wire::modbus_tcp: return describe_modbus(frame, 6);
    case Wire::modbus_rtu: break;
  }
  return describe_modbus(frame, 0);
}

}  // namespace ot::protocols::link
