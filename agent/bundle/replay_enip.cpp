#include <array>

#include <fmt/format.h>

#include "agent/bundle/replay_wires.hpp"
#include "base/bytes.hpp"
#include "protocols/enip/cip.hpp"
#include "protocols/enip/encapsulation.hpp"
#include "protocols/enip/findings.hpp"
#include "protocols/enip/status.hpp"

namespace ot::agent::bundle {
namespace {

namespace enip = protocols::enip;

constexpr std::size_t kHeader = 24;
constexpr std::uint16_t kListIdentity = 0x0063;
constexpr std::uint16_t kRegisterSession = 0x0065;
constexpr std::uint16_t kSendRrData = 0x006F;
constexpr std::uint16_t kSendUnitData = 0x0070;

/// CIP volume 2, table 2-3.2.
constexpr std::array kCommands = {
    CodeName{0x0000, "NOP"},
    CodeName{0x0001, "of older Rockwell devices"},
    CodeName{0x0004, "ListServices"},
    CodeName{0x0063, "ListIdentity"},
    CodeName{0x0064, "ListInterfaces"},
    CodeName{0x0065, "RegisterSession"},
    CodeName{0x0066, "UnRegisterSession"},
    CodeName{0x006F, "SendRRData"},
    CodeName{0x0070, "SendUnitData"},
    CodeName{0x0072, "IndicateStatus"},
    CodeName{0x0073, "Cancel"},
};

/// CIP volume 1, appendix A; 4B to 55 are of the object that is asked.
constexpr std::array kServices = {
    CodeName{0x01, "Get_Attributes_All"},
    CodeName{0x02, "Set_Attributes_All"},
    CodeName{0x03, "Get_Attribute_List"},
    CodeName{0x04, "Set_Attribute_List"},
    CodeName{0x05, "Reset"},
    CodeName{0x06, "Start"},
    CodeName{0x07, "Stop"},
    CodeName{0x08, "Create"},
    CodeName{0x09, "Delete"},
    CodeName{0x0A, "Multiple_Service_Packet"},
    CodeName{0x0D, "Apply_Attributes"},
    CodeName{0x0E, "Get_Attribute_Single"},
    CodeName{0x10, "Set_Attribute_Single"},
    CodeName{0x11, "Find_Next_Object_Instance"},
    CodeName{0x15, "Restore"},
    CodeName{0x16, "Save"},
    CodeName{0x17, "No_Operation"},
    CodeName{0x18, "Get_Member"},
    CodeName{0x19, "Set_Member"},
};
constexpr std::array kManagerServices = {
    CodeName{0x4E, "Forward_Close"},
    CodeName{0x52, "Unconnected_Send"},
    CodeName{0x54, "Forward_Open"},
    CodeName{0x5B, "Large_Forward_Open"},
};
/// Of Rockwell's symbols, templates and programs (1756-PM020).
constexpr std::array kTagServices = {
    CodeName{0x4B, "Execute_PCCC"},
    CodeName{0x4C, "Read_Tag"},
    CodeName{0x4D, "Write_Tag"},
    CodeName{0x4E, "Read_Modify_Write_Tag"},
    CodeName{0x52, "Read_Tag_Fragmented"},
    CodeName{0x53, "Write_Tag_Fragmented"},
    CodeName{0x55, "Get_Instance_Attribute_List"},
};

constexpr std::uint16_t kIdentityClass = 0x01;
constexpr std::uint16_t kConnectionManager = 0x06;
constexpr std::uint16_t kBackplaneClass = 0x66;
constexpr std::array kClasses = {
    CodeName{0x01, "Identity"},
    CodeName{0x02, "Message Router"},
    CodeName{0x04, "Assembly"},
    CodeName{0x05, "Connection"},
    CodeName{0x06, "Connection Manager"},
    CodeName{0x0F, "Parameter"},
    CodeName{0x37, "File"},
    CodeName{0x66, "Backplane"},
    CodeName{0x67, "PCCC"},
    CodeName{0x68, "Program"},
    CodeName{0x6B, "Symbol"},
    CodeName{0x6C, "Template"},
    CodeName{0x8B, "Wall Clock Time"},
    CodeName{0xF4, "Port"},
    CodeName{0xF5, "TCP/IP Interface"},
    CodeName{0xF6, "Ethernet Link"},
};

/// A CIP request, down to the innermost service of an Unconnected_Send.
struct Message {
  std::uint8_t service = 0;
  std::optional<std::uint16_t> object_class;
  std::string_view data;
  std::optional<std::uint8_t> slot;  ///< of port 1, the backplane
  bool is_sent_on = false;           ///< it was inside an Unconnected_Send
};

std::optional<std::uint16_t> class_in(std::string_view path) {
  constexpr std::uint8_t kClass8 = 0x20;
  constexpr std::uint8_t kClass16 = 0x21;
  switch (u8_at(path, 0)) {
    case kClass8: return u8_at(path, 1);
    case kClass16: return u16_le_at(path, 2);
    default: return std::nullopt;
  }
}

Message message_in(std::string_view bytes) {
  const auto path_size = std::size_t{u8_at(bytes, 1)} * 2;
  Message message;
  message.service = u8_at(bytes, 0);
  message.object_class = class_in(behind(bytes, 2).substr(0, path_size));
  message.data = behind(bytes, 2 + path_size);
  return message;
}

/// What an Unconnected_Send carries, and whereto; the message itself where it is none.
Message innermost(const Message& message) {
  if (message.service != enip::kUnconnectedSend || message.object_class != kConnectionManager) {
    return message;
  }
  constexpr std::size_t kTicks = 2;
  constexpr std::uint8_t kBackplanePort = 1;
  const std::size_t size = u16_le_at(message.data, kTicks);
  auto inner = message_in(behind(message.data, kTicks + 2).substr(0, size));
  const auto route = behind(message.data, kTicks + 2 + size + size % 2);
  if (u8_at(route, 0) == 1 && route.size() == 4 && u8_at(route, 2) == kBackplanePort) {
    inner.slot = u8_at(route, 3);
  }
  inner.is_sent_on = true;
  return inner;
}

std::string_view service_name(const Message& message) {
  const auto known = name_in(kServices, message.service);
  if (!known.empty()) {
    return known;
  }
  return message.object_class == kConnectionManager ? name_in(kManagerServices, message.service)
                                                    : name_in(kTagServices, message.service);
}

std::string kind_of(const Message& message) {
  std::string object = "a symbol";
  if (message.object_class) {
    const auto name = name_in(kClasses, *message.object_class);
    object = fmt::format("class {:02X}{}{}", *message.object_class, name.empty() ? "" : " ", name);
  }
  const auto name = service_name(message);
  return fmt::format("CIP {:02X}{}{} of {}{}", message.service, name.empty() ? "" : " ", name,
                     object, message.is_sent_on ? ", by Unconnected_Send" : "");
}

/// The data of the item of a type in a SendRRData or SendUnitData.
std::string_view item_in(std::string_view body, std::uint16_t wanted) {
  constexpr std::size_t kInterfaceAndTimeout = 6;
  ByteReader reader(behind(body, kInterfaceAndTimeout));
  const auto count = reader.u16_le().value_or(std::uint16_t{0});
  for (unsigned i = 0; i < count; ++i) {
    const auto type = reader.u16_le();
    const auto size = reader.u16_le().value_or(std::uint16_t{0});
    const auto data = reader.bytes(size);
    if (!type || !data) {
      break;
    }
    if (*type == wanted) {
      return *data;
    }
  }
  return {};
}

/// The message of a request or reply, without the sequence count of a connected one.
std::string_view cip_in(std::uint16_t command, std::string_view frame) {
  constexpr std::uint16_t kUnconnectedItem = 0x00B2;
  constexpr std::uint16_t kConnectedItem = 0x00B1;
  const auto body = behind(frame, kHeader);
  return command == kSendUnitData ? behind(item_in(body, kConnectedItem), 2)
                                  : item_in(body, kUnconnectedItem);
}

Json identity_fields(const enip::Identity& identity) {
  enip::Findings found;
  found.device = identity;
  const auto asset = enip::observation_of(std::move(found)).asset;
  auto fields = hardware_fields(asset.hardware);
  put_text(fields, "serialNumber", asset.serial_number);
  put_text(fields, "firmwareVersion", asset.firmware_version);
  for (const auto& detail : asset.details) {
    fields[detail.name] = detail.value;
  }
  return fields;
}

Json backplane_fields(std::string_view attributes) {
  const auto backplane = enip::parse_backplane(attributes);
  if (!backplane || !*backplane) {
    return nullptr;
  }
  return {{"ownSlot", (*backplane)->own_slot},
          {"chassisSerial", fmt::format("0x{:08x}", (*backplane)->serial_number)},
          {"chassisSlots", (*backplane)->slots}};
}

Json cip_fields(const Message& asked, const enip::CipReply& reply) {
  Json fields;
  if (!reply.succeeded() || asked.service != enip::kGetAttributesAll) {
    return fields;
  }
  if (asked.object_class == kIdentityClass) {
    ByteReader reader(reply.data);
    const auto identity = enip::read_identity(reader);
    fields = identity ? identity_fields(*identity) : Json();
  } else if (asked.object_class == kBackplaneClass) {
    fields = backplane_fields(reply.data);
  }
  if (!fields.is_null() && asked.slot) {
    fields["slot"] = *asked.slot;
  }
  return fields;
}

Reading cip_reading(std::uint16_t command, std::string_view request, std::string_view answer) {
  const auto message = cip_in(command, request);
  Reading reading;
  if (message.empty()) {
    reading.kind = fmt::format("EtherNet/IP {:04X} without a CIP message", command);
    reading.outcome = answer.empty() ? kNoAnswer : "answered";
    return reading;
  }
  const auto asked = innermost(message_in(message));
  reading.kind = kind_of(asked);
  const auto reply = enip::parse_cip_reply(cip_in(command, answer));
  reading.outcome = answer.empty() ? std::string(kNoAnswer)
                    : reply        ? "CIP status " + reply->status_words()
                                   : reply.error().message();
  if (reply) {
    reading.fields = cip_fields(asked, *reply);
  }
  return reading;
}

Json list_identity_fields(std::string_view body) {
  const auto identity = enip::parse_list_identity(body);
  return identity ? identity_fields(*identity) : Json();
}

}  // namespace

Reading enip_reading(std::string_view request, std::string_view answer) {
  Reading reading;
  const auto command = u16_le_at(request, 0);
  const auto name = name_in(kCommands, command);
  reading.kind = fmt::format("EtherNet/IP {:04X}{}{}", command, name.empty() ? "" : " ", name);
  if (request.size() < kHeader) {
    reading.kind = fmt::format("EtherNet/IP: {} bytes that are no frame", request.size());
  }
  const auto reply = enip::parse_encapsulation(answer);
  const bool is_good = reply && reply->status == 0;
  const bool has_cip = command == kSendRrData || command == kSendUnitData;
  if (has_cip && (is_good || answer.empty())) {
    return cip_reading(command, request, answer);
  }
  reading.outcome = answer.empty() ? std::string(kNoAnswer)
                    : !reply       ? reply.error().message()
                    : is_good      ? std::string("status 0000")
                                   : "status " + enip::encapsulation_status_text(reply->status);
  if (is_good && command == kListIdentity) {
    reading.fields = list_identity_fields(reply->body);
  } else if (is_good && command == kRegisterSession) {
    reading.fields = {{"session", fmt::format("0x{:08x}", reply->session)}};
  }
  return reading;
}

}  // namespace ot::agent::bundle
