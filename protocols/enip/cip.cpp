#include "protocols/enip/cip.hpp"

#include "base/bytes.hpp"
#include "protocols/enip/status.hpp"

namespace ot::protocols::enip {
namespace {

constexpr std::uint8_t kIdentityClass = 0x01;
constexpr std::uint8_t kConnectionManagerClass = 0x06;
constexpr std::uint8_t kBackplaneClass = 0x66;

/// A service on instance 1 of a class.
ByteWriter message(std::uint8_t service, std::uint8_t object_class) {
  constexpr std::uint8_t kLogicalClass = 0x20;
  constexpr std::uint8_t kLogicalInstance = 0x24;
  ByteWriter writer;
  writer.u8(service)
      .u8(2)  // words of the path
      .u8(kLogicalClass)
      .u8(object_class)
      .u8(kLogicalInstance)
      .u8(1);
  return writer;
}

}  // namespace

std::string get_identity() {
  return message(kGetAttributesAll, kIdentityClass).take();
}

std::string get_backplane() {
  return message(kGetAttributesAll, kBackplaneClass).take();
}

std::string get_identity_of(std::uint8_t slot) {
  constexpr std::uint8_t kTick32ms = 0x05;  // 2 to the 5th
  constexpr std::uint8_t kTicks = 0x20;     // 1.02 s: the router answers before we stop waiting
  constexpr std::uint8_t kBackplanePort = 0x01;
  const auto inner = get_identity();
  return message(kUnconnectedSend, kConnectionManagerClass)
      .u8(kTick32ms)
      .u8(kTicks)
      .u16_le(static_cast<std::uint16_t>(inner.size()))
      .bytes(inner)
      .zeros(inner.size() % 2)
      .u8(1)  // words of the route
      .u8(0)
      .u8(kBackplanePort)
      .u8(slot)
      .take();
}

std::string CipReply::status_words() const {
  return status_text(status, extended.empty() ? nullptr : extended.data());
}

Result<CipReply> parse_cip_reply(std::string_view message) {
  constexpr std::uint8_t kReply = 0x80;
  ByteReader reader(message);
  const auto service = reader.u8();
  const auto reserved = reader.u8();
  const auto status = reader.u8();
  const auto words = reader.u8();
  if (!service || !reserved || !status || !words || reader.left() < std::size_t{*words} * 2) {
    return fail(Errc::malformed, "the CIP reply is cut off");
  }
  if ((*service & kReply) == 0) {
    return fail(Errc::malformed, "a CIP request came where a reply was due");
  }
  CipReply reply;
  reply.service = static_cast<std::uint8_t>(*service & ~kReply);
  reply.status = *status;
  for (unsigned i = 0; i < *words; ++i) {
    reply.extended.push_back(reader.u16_le().value_or(std::uint16_t{0}));
  }
  reply.data = reader.bytes(reader.left()).value_or(std::string_view());
  return reply;
}

}  // namespace ot::protocols::enip
