#include "protocols/link/frame.hpp"

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "base/hash.hpp"
#include "protocols/link/allow_list.hpp"

namespace ot::protocols::link {
namespace {

tl::unexpected<Error> forbidden(std::string why) {
  return fail(Errc::forbidden, "not sent: " + std::move(why));
}

/// Reads numbers of a frame; past its end they are zero, and `whole()` says so.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : reader_(bytes) {}

  std::uint8_t u8() { return value(reader_.u8()); }
  std::uint16_t u16_be() { return value(reader_.u16_be()); }
  std::uint32_t u32_be() { return value(reader_.u32_be()); }
  std::uint16_t u16_le() { return value(reader_.u16_le()); }
  std::uint32_t u32_le() { return value(reader_.u32_le()); }
  std::string_view bytes(std::size_t count) {
    const auto run = reader_.bytes(count);
    whole_ = whole_ && run.has_value();
    return run.value_or(std::string_view());
  }
  std::string_view rest() { return bytes(reader_.left()); }
  std::size_t left() const { return reader_.left(); }

  /// Whether nothing was read past the end.
  bool whole() const { return whole_; }
  /// Whether every byte was read, and none past the end.
  bool exact() const { return whole_ && reader_.at_end(); }

 private:
  template <class Number>
  Number value(const Result<Number>& read) {
    whole_ = whole_ && read.has_value();
    return read.value_or(Number{});
  }

  ByteReader reader_;
  bool whole_ = true;
};

// --- FINS: W227-E1 and W342, section 5 ---

constexpr std::uint8_t kCommandWantsResponse = 0x80;  // ICF
constexpr std::uint8_t kBroadcastNode = 0xFF;

/// CPU, CPU bus units, inner board, and the unit that the network is connected to.
bool is_askable_unit(std::uint8_t da2) {
  return da2 == 0x00 || (da2 >= 0x10 && da2 <= 0x1F) || da2 == 0xE1 || da2 == 0xFE;
}

Result<std::string> allowed_fins(std::string_view frame) {
  Fields fields(frame);
  const auto icf = fields.u8();
  fields.bytes(2);  // RSV, GCT
  const auto dna = fields.u8();
  const auto da1 = fields.u8();
  const auto da2 = fields.u8();
  fields.bytes(4);  // SNA, SA1, SA2, SID
  const auto command = fields.u16_be();
  const auto parameters = fields.rest();
  if (!fields.whole()) {
    return forbidden("the FINS frame is cut off");
  }
  if (icf != kCommandWantsResponse || dna != 0 || da1 == kBroadcastNode || !is_askable_unit(da2)) {
    return forbidden("the FINS frame is no command to one unit of the local network");
  }
  const auto* function = find(kFinsCommands, command);
  if (function == nullptr || parameters.size() < function->least_parameters ||
      parameters.size() > function->most_parameters) {
    return forbidden(
        fmt::format("FINS command {:04X} with {} bytes of parameters is not on the list", command,
                    parameters.size()));
  }
  return fmt::format("FINS {:04X} {} of unit {:02X}{}{}", command, function->name, da2,
                     parameters.empty() ? "" : ", parameters ", hex(parameters));
}

Result<std::string> allowed_fins_tcp(std::string_view frame) {
  Fields fields(frame);
  const auto magic = fields.bytes(4);
  const auto length = fields.u32_be();
  const auto command = fields.u32_be();
  const auto error = fields.u32_be();
  const auto body = fields.rest();
  if (!fields.whole() || magic != "FINS" || length != frame.size() - 8 || error != 0) {
    return forbidden("no FINS/TCP frame");
  }
  constexpr std::uint32_t kNodeAddress = 0;
  constexpr std::uint32_t kFrameSend = 2;
  if (command == kNodeAddress && body == std::string_view("\0\0\0\0", 4)) {
    return "FINS/TCP node address, to be allotted automatically";
  }
  if (command == kFrameSend) {
    return allowed_fins(body);
  }
  return forbidden(fmt::format("FINS/TCP command {} is not on the list", command));
}

// --- EtherNet/IP: CIP volume 2, 2-3; CIP volume 1, 3-5.5 ---

/// "20 class 24 instance", and "30 attribute" behind it when one is asked for.
struct CipPath {
  std::uint8_t object_class = 0;
  std::uint8_t instance = 0;
  std::optional<std::uint8_t> attribute;
};

std::optional<CipPath> path_of(std::string_view bytes) {
  Fields fields(bytes);
  CipPath path;
  const bool has_class = fields.u8() == 0x20;
  path.object_class = fields.u8();
  const bool has_instance = fields.u8() == 0x24;
  path.instance = fields.u8();
  if (fields.left() > 0) {
    const bool has_attribute = fields.u8() == 0x30;
    path.attribute = fields.u8();
    if (!has_attribute) {
      return std::nullopt;
    }
  }
  return has_class && has_instance && fields.exact() ? std::optional(path) : std::nullopt;
}

Result<std::string> allowed_read(std::uint8_t service, const CipPath& path) {
  const auto* name = find(kCipServices, service);
  const auto* object = find(kCipClasses, path.object_class);
  const bool single = service == kGetAttributeSingle;
  if (name == nullptr || object == nullptr || path.attribute.has_value() != single) {
    return forbidden(fmt::format("CIP service {:02X} on class {:02X} is not on the list", service,
                                 path.object_class));
  }
  const auto attribute = single ? fmt::format(" attribute {}", *path.attribute) : std::string();
  return fmt::format("CIP {} of {} {}{}", name->name, object->name, path.instance, attribute);
}

/// A service that carries no other one.
Result<std::string> allowed_inner(std::string_view message) {
  Fields fields(message);
  const auto service = fields.u8();
  const auto words = fields.u8();
  const auto path = path_of(fields.bytes(std::size_t{words} * 2));
  if (!fields.exact() || !path) {
    return forbidden(fmt::format("CIP message {} is not on the list", hex(message)));
  }
  return allowed_read(service, *path);
}

/// Unconnected_Send: one message to one slot of the device's own backplane.
Result<std::string> allowed_through_backplane(std::string_view parameters) {
  Fields fields(parameters);
  fields.bytes(2);  // priority and tick time, ticks
  const auto size = fields.u16_le();
  const auto message = fields.bytes(size);
  fields.bytes(size % 2);
  const auto route_words = fields.u16_le();  // and a reserved zero
  const auto port = fields.u8();
  const auto slot = fields.u8();
  constexpr std::uint8_t kBackplanePort = 1;
  if (!fields.exact() || route_words != 1 || port != kBackplanePort) {
    return forbidden("the route of the CIP Unconnected_Send is not port 1 and a slot");
  }
  auto inner = allowed_inner(message);
  if (!inner) {
    return inner;
  }
  return fmt::format("{} in slot {}", *inner, slot);
}

Result<std::string> allowed_cip(std::string_view message) {
  Fields fields(message);
  const auto service = fields.u8();
  const auto words = fields.u8();
  const auto path = path_of(fields.bytes(std::size_t{words} * 2));
  constexpr std::uint8_t kUnconnectedSend = 0x52;
  constexpr std::uint8_t kConnectionManager = 0x06;
  if (service != kUnconnectedSend) {
    return allowed_inner(message);
  }
  if (!fields.whole() || !path || path->object_class != kConnectionManager || path->attribute) {
    return forbidden("CIP service 52 goes to the Connection Manager alone");
  }
  return allowed_through_backplane(fields.rest());
}

/// The one unconnected message of a SendRRData.
Result<std::string> allowed_data(std::string_view body) {
  Fields fields(body);
  const auto interface_handle = fields.u32_le();
  fields.u16_le();  // timeout
  const auto items = fields.u16_le();
  const auto address_item = fields.u32_le();
  const auto data_type = fields.u16_le();
  const auto size = fields.u16_le();
  const auto message = fields.bytes(size);
  constexpr std::uint16_t kUnconnectedData = 0x00B2;
  if (!fields.exact() || interface_handle != 0 || items != 2 || address_item != 0 ||
      data_type != kUnconnectedData) {
    return forbidden("the SendRRData is not one unconnected message");
  }
  return allowed_cip(message);
}

Result<std::string> allowed_enip(Wire wire, std::string_view frame) {
  Fields fields(frame);
  const auto command = fields.u16_le();
  const auto length = fields.u16_le();
  fields.u32_le();  // session
  const auto status = fields.u32_le();
  const auto context = fields.bytes(8);
  const auto options = fields.u32_le();
  const auto body = fields.rest();
  if (!fields.whole() || length != body.size() || status != 0 || options != 0) {
    return forbidden("no EtherNet/IP frame");
  }
  const auto* function = find(kEnipCommands, command);
  if (function == nullptr || (wire == Wire::enip_udp && command != kListIdentity)) {
    return forbidden(fmt::format("EtherNet/IP command {:04X} is not on the list", command));
  }
  if (command == kSendRrData) {
    return allowed_data(body);
  }
  const bool registers = command == kRegisterSession;
  const std::string_view wanted = registers ? std::string_view("\1\0\0\0", 4) : "";
  const bool blank = context.find_first_not_of('\0') == std::string_view::npos;
  if (body != wanted || (registers && !blank)) {
    return forbidden(
        fmt::format("EtherNet/IP {} with a body or context of its own", function->name));
  }
  return fmt::format("EtherNet/IP {}", function->name);
}

// --- Modbus: Application Protocol V1.1b3, 6.13 and 6.21 ---

Result<std::string> allowed_pdu(std::uint8_t unit, std::string_view pdu) {
  Fields fields(pdu);
  const auto function = fields.u8();
  constexpr std::uint8_t kReportServerId = 0x11;
  constexpr std::uint8_t kEncapsulatedInterface = 0x2B;
  constexpr std::uint8_t kReadDeviceIdentification = 0x0E;
  if (function == kReportServerId && fields.exact()) {
    return fmt::format("Modbus 11 Report Server ID of unit {}", unit);
  }
  const auto mei = fields.u8();
  const auto code = fields.u8();
  const auto object = fields.u8();
  if (function == kEncapsulatedInterface && mei == kReadDeviceIdentification && code >= 1 &&
      code <= 4 && fields.exact()) {
    return fmt::format(
        "Modbus 2B/0E Read Device Identification of unit {}, code {:02X} from {:02X}", unit, code,
        object);
  }
  return forbidden(fmt::format("Modbus function {:02X} is not on the list", function));
}

Result<std::string> allowed_modbus_tcp(std::string_view frame) {
  Fields fields(frame);
  fields.u16_be();  // transaction
  const auto protocol = fields.u16_be();
  const auto length = fields.u16_be();
  const auto unit = fields.u8();
  const auto pdu = fields.rest();
  if (!fields.whole() || protocol != 0 || length != pdu.size() + 1) {
    return forbidden("no Modbus/TCP frame");
  }
  return allowed_pdu(unit, pdu);
}

Result<std::string> allowed_modbus_rtu(std::string_view frame) {
  Fields fields(frame);
  const auto unit = fields.u8();
  const auto pdu = fields.rest();
  constexpr std::uint8_t kLastServer = 247;
  if (!fields.whole() || unit == 0 || unit > kLastServer) {
    return forbidden(fmt::format("address {} is no server on a serial line", unit));
  }
  return allowed_pdu(unit, pdu);
}

}  // namespace

Result<std::string> allowed(Wire wire, std::string_view frame) {
  switch (wire) {
    case Wire::fins_tcp: return allowed_fins_tcp(frame);
    case Wire::fins_udp: return allowed_fins(frame);
    case Wire::enip_tcp:
    case Wire::enip_udp: return allowed_enip(wire, frame);
    case Wire::modbus_tcp: return allowed_modbus_tcp(frame);
    case Wire::modbus_rtu: break;
  }
  return allowed_modbus_rtu(frame);
}

Result<Frame> Frame::build(Wire wire, std::string bytes) {
  auto meaning = allowed(wire, bytes);
  if (!meaning) {
    return fail(std::move(meaning).error());
  }
  return Frame(wire, std::move(bytes), std::move(*meaning));
}

bool opens_session(const Frame& frame) {
  Fields fields(frame.bytes());
  switch (frame.wire()) {
    case Wire::fins_tcp: {
      fields.bytes(8);  // "FINS", length
      return fields.u32_be() == 0;
    }
    case Wire::enip_tcp: return fields.u16_le() == kRegisterSession;
    default: return false;
  }
}

}  // namespace ot::protocols::link
