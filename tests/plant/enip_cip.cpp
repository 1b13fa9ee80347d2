#include "tests/plant/enip_cip.hpp"

#include "base/bytes.hpp"

namespace ot::plant {
namespace {

// CIP volume 1, appendix A: services.
constexpr std::uint8_t kGetAttributesAll = 0x01;
constexpr std::uint8_t kGetAttributeSingle = 0x0E;
constexpr std::uint8_t kUnconnectedSend = 0x52;
constexpr std::uint8_t kReplyBit = 0x80;

constexpr std::uint16_t kIdentity = 0x01;
constexpr std::uint16_t kConnectionManager = 0x06;
constexpr std::uint16_t kBackplane = 0x66;

// CIP volume 1, appendix B: general status, and extended ones of 01.
constexpr std::uint16_t kConnectionFailure = 0x01;
constexpr std::uint16_t kPathSegmentError = 0x04;
constexpr std::uint16_t kPathUnknown = 0x05;
constexpr std::uint16_t kServiceNotSupported = 0x08;
constexpr std::uint16_t kNotEnoughData = 0x13;
constexpr std::uint16_t kAttributeNotSupported = 0x14;
constexpr std::uint16_t kPortNotAvailable = 0x0311;
constexpr std::uint16_t kLinkNotAvailable = 0x0312;
constexpr std::uint16_t kLinkToSelf = 0x0318;
constexpr std::uint8_t kBackplanePort = 1;

struct Message {
  std::uint8_t service = 0;
  std::uint16_t class_id = 0;
  std::uint16_t instance = 0;
  std::optional<std::uint16_t> attribute;
  std::string_view parameters;
};

struct Routed {
  std::string_view message;
  std::uint8_t port = 0;
  std::uint8_t slot = 0;
};

/// CIP volume 1, C-1.4.2: logical segments of 8 and 16 bits.
bool read_path(std::string_view path, Message& message) {
  constexpr unsigned kClass = 0x20;
  constexpr unsigned kInstance = 0x24;
  constexpr unsigned kAttribute = 0x30;
  ByteReader in(path);
  while (!in.at_end()) {
    const unsigned segment = in.u8().value_or(0);
    const bool is_wide = (segment & 1u) != 0;
    if (is_wide && !in.skip(1)) {
      return false;
    }
    const auto low = in.u8();
    const unsigned high = is_wide ? in.u8().value_or(0) : 0u;
    const auto value = static_cast<std::uint16_t>(low.value_or(0) | high << 8u);
    switch (segment & ~1u) {
      case kClass: message.class_id = value; break;
      case kInstance: message.instance = value; break;
      case kAttribute: message.attribute = value; break;
      default: return false;
    }
    if (!low) {
      return false;
    }
  }
  return true;
}

std::optional<Message> read_message(std::string_view bytes) {
  ByteReader in(bytes);
  const auto service = in.u8();
  const auto words = in.u8();
  const auto path = in.bytes(2 * static_cast<std::size_t>(words.value_or(0)));
  Message message;
  if (!service || !words || !path || !read_path(*path, message)) {
    return std::nullopt;
  }
  message.service = *service;
  message.parameters = bytes.substr(in.offset());
  return message;
}

/// CIP volume 1, 3-5.5.4: tick, ticks, the message, its pad, and a route of one hop.
std::optional<Routed> read_routed(std::string_view parameters) {
  ByteReader in(parameters);
  const auto timeout = in.skip(2);
  const auto size = in.u16_le();
  const auto message = in.bytes(size.value_or(0));
  const auto pad = in.skip(size.value_or(0) % 2);
  const auto words = in.u8();
  const auto reserved = in.skip(1);
  const auto port = in.u8();
  const auto link = in.u8();
  const bool is_whole = timeout && size && message && pad && words && reserved && port && link;
  if (!is_whole || *words != 1 || !in.at_end()) {
    return std::nullopt;
  }
  return Routed{.message = *message, .port = *port, .slot = *link};
}

std::string succeeded(std::uint8_t service, std::string_view data) {
  ByteWriter out;
  return out.u8(service | kReplyBit).u8(0).u8(0).u8(0).bytes(data).take();
}

/// The general status, then extended words.
std::string failed(std::uint8_t service, const std::vector<std::uint16_t>& status) {
  ByteWriter out;
  out.u8(service | kReplyBit).u8(0).u8(static_cast<std::uint8_t>(status.at(0)));
  out.u8(static_cast<std::uint8_t>(status.size() - 1));
  for (std::size_t i = 1; i < status.size(); ++i) {
    out.u16_le(status[i]);
  }
  return out.take();
}

std::string short_string(std::string_view text) {
  ByteWriter out;
  return out.u8(static_cast<std::uint8_t>(text.size())).bytes(text).take();
}

/// CIP volume 1, 5-2: an attribute of the Identity object; empty where unknown.
std::string identity_attribute(const EnipIdentity& identity, std::uint16_t attribute) {
  ByteWriter out;
  switch (attribute) {
    case 1: return out.u16_le(identity.vendor).take();
    case 2: return out.u16_le(identity.type).take();
    case 3: return out.u16_le(identity.code).take();
    case 4: return out.u8(identity.major).u8(identity.minor).take();
    case 5: return out.u16_le(identity.status).take();
    case 6: return out.u32_le(identity.serial).take();
    case 7: return short_string(identity.name);
    case 8: return out.u8(identity.state).take();
    default: return {};
  }
}

std::string all_identity_attributes(const EnipIdentity& identity) {
  std::string all;
  constexpr std::uint16_t kName = 7;
  for (std::uint16_t attribute = 1; attribute <= kName; ++attribute) {
    all += identity_attribute(identity, attribute);
  }
  return all + identity.tail;
}

std::string identity_reply(const EnipIdentity& identity, const Message& message) {
  if (message.instance != 1) {
    return failed(message.service, {kPathUnknown});
  }
  if (message.service == kGetAttributesAll) {
    return succeeded(message.service, all_identity_attributes(identity));
  }
  if (message.service != kGetAttributeSingle) {
    return failed(message.service, {kServiceNotSupported});
  }
  const std::string value = identity_attribute(identity, message.attribute.value_or(0));
  return value.empty() ? failed(message.service, {kAttributeNotSupported})
                       : succeeded(message.service, value);
}

/// What one module knows of itself: its identity, and its place in the chassis.
struct Module {
  const EnipIdentity& identity;
  std::string backplane;  ///< empty: no such class
};

std::string module_reply(const Module& module, std::string_view bytes) {
  const auto message = read_message(bytes);
  if (!message) {
    const auto service = bytes.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(bytes[0]);
    return failed(service, {kPathSegmentError});
  }
  if (message->class_id == kIdentity) {
    return identity_reply(module.identity, *message);
  }
  if (message->class_id != kBackplane || message->instance != 1 || module.backplane.empty()) {
    return failed(message->service, {kPathUnknown});
  }
  return message->service == kGetAttributesAll ? succeeded(message->service, module.backplane)
                                               : failed(message->service, {kServiceNotSupported});
}

/// Class 0x66 of a module that knows the chassis: 18 bytes, as two racks sent them.
std::string backplane_of(std::string_view head, std::uint8_t slot, const EnipChassis& chassis) {
  ByteWriter out;
  out.bytes(head).u8(slot).u8(0).u8(1).u8(1);
  return out.u32_le(chassis.serial).u16_le(chassis.slots).take();
}

Module module_at(const EnipModule& module, const EnipChassis& chassis) {
  constexpr std::uint16_t kDiscreteIo = 0x07;
  constexpr std::uint16_t kAnalogIo = 0x73;  // Rockwell's own
  const std::uint16_t type = module.identity.type;
  if (!module.has_backplane) {
    return {.identity = module.identity, .backplane = {}};
  }
  if (type == kDiscreteIo || type == kAnalogIo) {
    return {.identity = module.identity, .backplane = module.backplane};
  }
  return {.identity = module.identity,
          .backplane = backplane_of(module.backplane, module.slot, chassis)};
}

}  // namespace

CipReply CipDevice::reply_to(std::string_view bytes) const {
  const auto message = read_message(bytes);
  const bool is_manager = message && message->class_id == kConnectionManager;
  if (is_manager && message->service == kUnconnectedSend) {
    return unconnected_send(message->parameters);
  }
  if (is_manager) {
    return {.bytes = failed(message->service, {kServiceNotSupported})};
  }
  std::string backplane;
  if (device_.chassis) {
    backplane =
        backplane_of(device_.chassis->backplane, device_.chassis->own_slot, *device_.chassis);
  }
  return {.bytes = module_reply({.identity = device_.identity, .backplane = backplane}, bytes)};
}

CipReply CipDevice::unconnected_send(std::string_view parameters) const {
  if (device_.send_status != 0) {
    return {.encapsulation_refused = true, .bytes = {}};
  }
  if (device_.no_unconnected_send) {
    return {.bytes = failed(kUnconnectedSend, {kServiceNotSupported})};
  }
  const auto routed = read_routed(parameters);
  if (!routed) {
    return {.bytes = failed(kUnconnectedSend, {kNotEnoughData})};
  }
  if (device_.everyslot) {
    return {.bytes =
                module_reply({.identity = device_.identity, .backplane = {}}, routed->message)};
  }
  if (routed->port != kBackplanePort || !device_.chassis) {
    return {.bytes = failed(kUnconnectedSend, {kConnectionFailure, kPortNotAvailable})};
  }
  return through_backplane(routed->slot, routed->message);
}

CipReply CipDevice::through_backplane(std::uint8_t slot, std::string_view message) const {
  const EnipChassis& chassis = *device_.chassis;
  if (slot == chassis.own_slot) {
    return {.bytes = failed(kUnconnectedSend, {kConnectionFailure, kLinkToSelf})};
  }
  const auto found = chassis.modules.find(slot);
  if (found == chassis.modules.end()) {
    return {.bytes = failed(kUnconnectedSend, {kConnectionFailure, kLinkNotAvailable})};
  }
  const EnipModule& module = found->second;
  if (module.silent) {
    return {.silent = true, .bytes = {}};
  }
  if (!module.refuses.empty()) {
    return {.bytes = failed(kUnconnectedSend, module.refuses)};
  }
  return {.bytes = module_reply(module_at(module, chassis), message)};
}

bool cip_is_harmless(std::string_view bytes) {
  auto message = read_message(bytes);
  if (message && message->service == kUnconnectedSend && message->class_id == kConnectionManager) {
    const auto routed = read_routed(message->parameters);
    if (!routed || routed->port != kBackplanePort) {
      return false;
    }
    message = read_message(routed->message);
  }
  return message &&
         (message->service == kGetAttributesAll ||  //
          message->service == kGetAttributeSingle) &&
         (message->class_id == kIdentity || message->class_id == kBackplane);
}

}  // namespace ot::plant
