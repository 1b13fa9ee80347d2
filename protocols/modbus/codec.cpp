#include "protocols/modbus/codec.hpp"

#include <fmt/format.h>

#include "base/bytes.hpp"

namespace ot::protocols::modbus {
namespace {

constexpr std::uint8_t kReportServerId = 0x11;
constexpr std::uint8_t kEncapsulatedInterface = 0x2B;
constexpr std::uint8_t kReadDeviceIdentification = 0x0E;
constexpr std::uint8_t kExceptionBit = 0x80;
constexpr std::size_t kMbapSize = 7;

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<std::uint8_t>(bytes[at]) : 0;
}

/// A response to this function, or an exception to it.
bool answers_function(std::string_view pdu, std::string_view asked) {
  return !pdu.empty() && (byte_at(pdu, 0) & ~kExceptionBit) == byte_at(asked, 0);
}

link::Request::Accepts accepts_tcp(std::string header, std::string asked) {
  // All but the length must come back as it was sent.
  return [header = std::move(header), asked = std::move(asked)](std::string_view frame) {
    return frame.size() > kMbapSize && frame.substr(0, 4) == header.substr(0, 4) &&
           frame[6] == header[6] && answers_function(frame.substr(kMbapSize), asked);
  };
}

link::Request::Accepts accepts_rtu(std::uint8_t unit, std::string asked) {
  return [unit, asked = std::move(asked)](std::string_view frame) {
    return frame.size() > 1 && byte_at(frame, 0) == unit &&
           answers_function(frame.substr(1), asked);
  };
}

/// Where the object list begins, and what comes before it.
Result<IdentificationPage> parse_head(ByteReader& reader) {
  const auto head = reader.bytes(7);
  if (!head) {
    return fail(Error(head.error()).during("device identification"));
  }
  if (byte_at(*head, 0) != kEncapsulatedInterface ||
      byte_at(*head, 1) != kReadDeviceIdentification) {
    return fail(Error(Errc::malformed, "not a device identification").at(Position::offset(0)));
  }
  IdentificationPage page;
  page.conformity_level = byte_at(*head, 3);
  constexpr std::uint8_t kMoreFollows = 0xFF;
  if (byte_at(*head, 4) == kMoreFollows) {
    page.next = byte_at(*head, 5);
  }
  return page;
}

}  // namespace

std::string describe(Exception exception) {
  switch (exception) {
    case Exception::illegal_function: return "illegal function";
    case Exception::illegal_data_address: return "illegal data address";
    case Exception::illegal_data_value: return "illegal data value";
    case Exception::server_device_failure: return "server device failure";
    case Exception::acknowledge: return "acknowledge";
    case Exception::server_device_busy: return "server device busy";
    case Exception::memory_parity_error: return "memory parity error";
    case Exception::gateway_path_unavailable: return "gateway path unavailable";
    case Exception::gateway_target_failed_to_respond:
      return "gateway target device failed to respond";
  }
  return fmt::format("exception {:02X}", static_cast<unsigned>(exception));
}

std::string read_device_identification(ReadCode code, std::uint8_t first_object) {
  return ByteWriter()
      .u8(kEncapsulatedInterface)
      .u8(kReadDeviceIdentification)
      .u8(static_cast<std::uint8_t>(code))
      .u8(first_object)
      .take();
}

std::string report_server_id() {
  return ByteWriter().u8(kReportServerId).take();
}

Result<link::Request> Envelope::request(std::uint8_t unit, std::string pdu, link::Subject subject) {
  const bool over_tcp = wire_ == link::Wire::modbus_tcp;
  std::string header;
  if (over_tcp) {
    const auto length = static_cast<std::uint16_t>(pdu.size() + 1);
    header = ByteWriter().u16_be(++transaction_).u16_be(0).u16_be(length).u8(unit).take();
  } else {
    header = ByteWriter().u8(unit).take();
  }
  auto frame = link::Frame::build(wire_, header + pdu);
  if (!frame) {
    return fail(std::move(frame).error());
  }
  auto accepts =
      over_tcp ? accepts_tcp(std::move(header), std::move(pdu)) : accepts_rtu(unit, std::move(pdu));
  return link::Request(std::move(*frame), std::move(accepts), subject);
}

std::string_view Envelope::pdu_of(std::string_view frame) const {
  const std::size_t head = wire_ == link::Wire::modbus_tcp ? kMbapSize : 1;
  return frame.substr(std::min(head, frame.size()));
}

std::optional<Exception> exception_in(std::string_view pdu) {
  const auto function = byte_at(pdu, 0);
  if ((function & kExceptionBit) == 0) {
    return std::nullopt;
  }
  // Some servers put the MEI type where the code belongs, and the code behind it.
  const bool shifted = function == (kEncapsulatedInterface | kExceptionBit) && pdu.size() >= 3 &&
                       byte_at(pdu, 1) == kReadDeviceIdentification;
  return static_cast<Exception>(byte_at(pdu, shifted ? 2 : 1));
}

Result<IdentificationPage> parse_identification(std::string_view pdu) {
  ByteReader reader(pdu);
  auto page = parse_head(reader);
  if (!page) {
    return page;
  }
  while (!reader.at_end()) {
    const auto id = reader.u8();
    const auto size = reader.u8();
    const auto text = size ? reader.bytes(*size) : Result<std::string_view>(fail(size.error()));
    if (!text) {
      return fail(Error(text.error()).during("object list"));
    }
    page->objects.try_emplace(*id, *text);
  }
  return page;
}

Result<ServerId> parse_server_id(std::string_view pdu) {
  ByteReader reader(pdu);
  const auto function = reader.u8();
  const auto count = reader.u8();
  if (!function || !count || *function != kReportServerId) {
    return fail(Error(Errc::malformed, "not a server id").at(Position::offset(0)));
  }
  const auto data = reader.bytes(*count);
  if (!data) {
    return fail(Error(data.error()).during("server id"));
  }
  ServerId id{std::string(*data), {}};
  const auto last = data->empty() ? std::uint8_t{1} : byte_at(*data, data->size() - 1);
  constexpr std::uint8_t kOn = 0xFF;
  if (last == kOn || last == 0) {
    id.run = last == kOn;
    id.data.pop_back();
  }
  return id;
}

}  // namespace ot::protocols::modbus
