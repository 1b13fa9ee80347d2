#include "base/bytes.hpp"
#include "tests/plant/modbus_service.hpp"
#include "tests/plant/modbus_unit.hpp"
#include "tests/plant/spoiler.hpp"

namespace ot::plant {
namespace {

// Messaging on TCP/IP V1.0b, 3.1.3; the PDU follows the unit.
constexpr std::size_t kLength = 4;
constexpr std::size_t kTcpPdu = 7;
constexpr std::size_t kRtuPdu = 1;
constexpr std::size_t kCrcSize = 2;

/// Of FC 43 the number of objects, of FC 17 the number of bytes.
void lie(std::string& frame, std::size_t pdu) {
  constexpr std::size_t kObjectCount = 6;
  constexpr std::size_t kByteCount = 1;
  const bool is_fc43 = frame.size() > pdu + kObjectCount && frame[pdu] == 0x2B;
  if (is_fc43) {
    put(frame, pdu + kObjectCount, "\xFF");
  } else if (frame.size() > pdu + kByteCount && frame[pdu] == 0x11) {
    put(frame, pdu + kByteCount, "\xF0");
  }
}

std::string with_crc(std::string frame) {
  const std::uint16_t crc = modbus_crc(frame);
  return ByteWriter().bytes(frame).u16_le(crc).take();
}

std::string without_crc(std::string frame) {
  frame.resize(frame.size() - std::min(kCrcSize, frame.size()));
  return frame;
}

std::optional<std::string> foreign_tcp(std::string frame) {
  if (frame.size() < kTcpPdu) {
    return std::nullopt;
  }
  frame[0] = static_cast<char>(frame[0] ^ 0x55);
  frame[1] = static_cast<char>(frame[1] ^ 0x55);
  shift_letters(frame, kTcpPdu);
  return frame;
}

std::string huge_tcp(std::string frame) {
  put(frame, kLength, "\xFF\xFF");
  return frame;
}

std::string lying_tcp(std::string frame) {
  lie(frame, kTcpPdu);
  return frame;
}

std::optional<Answer> busy_tcp(std::string_view request) {
  if (request.size() <= kTcpPdu) {
    return std::nullopt;
  }
  constexpr std::string_view kThreeBytes("\x00\x03", 2);
  std::string refused(request.substr(0, kTcpPdu));
  put(refused, kLength, kThreeBytes);
  return Answer::of(refused + modbus_exception(request.substr(kTcpPdu), kServerBusy));
}

std::optional<std::string> foreign_rtu(std::string frame) {
  if (frame.size() <= kCrcSize) {
    return std::nullopt;
  }
  frame = without_crc(std::move(frame));
  ++frame[0];
  shift_letters(frame, kRtuPdu);
  return with_crc(std::move(frame));
}

/// No length is in it: it is longer than the line allows.
std::string huge_rtu(std::string frame) {
  constexpr std::size_t kBeyondRtu = 600;
  frame = without_crc(std::move(frame));
  frame.resize(kBeyondRtu, 'A');
  return with_crc(std::move(frame));
}

std::string lying_rtu(std::string frame) {
  frame = without_crc(std::move(frame));
  lie(frame, kRtuPdu);
  return with_crc(std::move(frame));
}

std::optional<Answer> busy_rtu(std::string_view request) {
  const std::string refused = std::string(request.substr(0, kRtuPdu)) +
                              modbus_exception(request.substr(kRtuPdu), kServerBusy);
  return Answer::of(with_crc(refused));
}

}  // namespace

const Spoiler kModbusTcpSpoiler{foreign_tcp, huge_tcp, lying_tcp, busy_tcp};
const Spoiler kModbusRtuSpoiler{foreign_rtu, huge_rtu, lying_rtu, busy_rtu};

}  // namespace ot::plant
