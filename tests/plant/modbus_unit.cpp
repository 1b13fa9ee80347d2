#include "tests/plant/modbus_unit.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace ot::plant {
namespace {

// Modbus Application Protocol V1.1b3: 6.13, 6.19 and 6.21.
constexpr char kReportServerId = 0x11;
constexpr char kEncapsulatedInterface = 0x2B;
constexpr char kReadDeviceIdentification = 0x0E;
constexpr std::size_t kIdentificationRequest = 4;

constexpr std::uint8_t kBasic = 1;
constexpr std::uint8_t kRegular = 2;
constexpr std::uint8_t kExtended = 3;
constexpr std::uint8_t kIndividual = 4;
constexpr std::uint8_t kIndividualAccess = 0x80;  // a bit of the conformity level

constexpr std::uint8_t kLastBasicObject = 0x02;
constexpr std::uint8_t kLastRegularObject = 0x7F;
constexpr std::uint8_t kLastObject = 0xFF;

std::uint8_t last_object_of(std::uint8_t level) {
  switch (level) {
    case kBasic: return kLastBasicObject;
    case kRegular: return kLastRegularObject;
    case kExtended:
    default: return kLastObject;
  }
}

std::string object_bytes(std::uint8_t id, std::string_view value) {
  ByteWriter out;
  return out.u8(id).u8(static_cast<std::uint8_t>(value.size())).bytes(value).take();
}

struct Page {
  std::uint8_t next = 0;  ///< 0: nothing follows
  std::uint8_t count = 0;
  std::string objects;
};

/// The objects from `first` on, as many as fit.
Page page_from(const ModbusUnit& unit, std::uint8_t first, std::uint8_t last) {
  constexpr std::size_t kHead = 7;
  Page page;
  auto at = unit.objects.lower_bound(first);
  for (; at != unit.objects.end() && at->first <= last; ++at) {
    const std::string bytes = object_bytes(at->first, at->second);
    if (page.count > 0 && kHead + page.objects.size() + bytes.size() > unit.page) {
      page.next = at->first;
      break;
    }
    page.objects += bytes;
    ++page.count;
  }
  return page;
}

std::string identification(std::uint8_t code, std::uint8_t conformity, const Page& page) {
  constexpr std::uint8_t kMoreFollows = 0xFF;
  ByteWriter out;
  out.bytes({&kEncapsulatedInterface, 1}).bytes({&kReadDeviceIdentification, 1});
  out.u8(code).u8(conformity).u8(page.next != 0 ? kMoreFollows : 0).u8(page.next);
  return out.u8(page.count).bytes(page.objects).take();
}

std::string read_device_identification(const ModbusUnit& unit, std::string_view pdu) {
  const auto code = static_cast<std::uint8_t>(pdu[2]);
  const auto object = static_cast<std::uint8_t>(pdu[3]);
  const bool has_object = unit.objects.contains(object);
  const bool is_individual = (unit.conformity & kIndividualAccess) != 0;
  if (code < kBasic || code > kIndividual || (code == kIndividual && !is_individual)) {
    return modbus_exception(pdu, kIllegalDataValue);
  }
  if (code == kIndividual) {
    return has_object ? identification(code, unit.conformity, page_from(unit, object, object))
                      : modbus_exception(pdu, kIllegalDataAddress);
  }
  // Asked above its level it answers at its own; an unknown object restarts at 0.
  const std::uint8_t own_level = unit.conformity & static_cast<std::uint8_t>(~kIndividualAccess);
  const std::uint8_t last = last_object_of(std::min(code, own_level));
  const std::uint8_t first = has_object && object <= last ? object : std::uint8_t{0};
  return identification(code, unit.conformity, page_from(unit, first, last));
}

std::string manner_reply(Manner manner, std::string_view pdu, std::string reply) {
  switch (manner) {
    case Manner::answers: return reply;
    case Manner::refuses: return modbus_exception(pdu, kIllegalFunction);
    case Manner::silent: break;
  }
  return {};
}

}  // namespace

std::string modbus_exception(std::string_view pdu, std::uint8_t code) {
  constexpr std::uint8_t kExceptionBit = 0x80;
  const auto function = pdu.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(pdu[0]);
  ByteWriter out;
  return out.u8(function | kExceptionBit).u8(code).take();
}

std::string modbus_reply(const ModbusUnit& unit, std::string_view pdu) {
  if (pdu.size() == 1 && pdu[0] == kReportServerId) {
    ByteWriter out;
    out.bytes(pdu).u8(static_cast<std::uint8_t>(unit.server_id.size())).bytes(unit.server_id);
    return manner_reply(unit.fc17, pdu, out.take());
  }
  const bool is_mei = pdu.size() >= 2 && pdu[0] == kEncapsulatedInterface;
  if (!is_mei || pdu[1] != kReadDeviceIdentification) {
    return modbus_exception(pdu, kIllegalFunction);
  }
  if (pdu.size() != kIdentificationRequest) {
    return manner_reply(unit.fc43, pdu, modbus_exception(pdu, kIllegalDataValue));
  }
  return manner_reply(unit.fc43, pdu, read_device_identification(unit, pdu));
}

bool modbus_is_harmless(std::string_view pdu) {
  const bool is_identification = pdu.size() == kIdentificationRequest &&
                                 pdu[0] == kEncapsulatedInterface &&
                                 pdu[1] == kReadDeviceIdentification;
  return is_identification || (pdu.size() == 1 && pdu[0] == kReportServerId);
}

}  // namespace ot::plant
