#include "protocols/enip/encapsulation.hpp"

#include "base/bytes.hpp"
#include "protocols/link/allow_list.hpp"

namespace ot::protocols::enip {
namespace {

constexpr std::size_t kSessionAt = 4;
constexpr std::size_t kContextAt = 12;
constexpr std::size_t kContextSize = 8;
constexpr std::size_t kHeader = 24;

/// Common packet format: CIP volume 2, 2-6.
constexpr std::uint16_t kNullAddress = 0x0000;
constexpr std::uint16_t kIdentityItem = 0x000C;
constexpr std::uint16_t kUnconnectedData = 0x00B2;

std::string frame(std::uint16_t command, std::uint32_t session, std::uint32_t context,
                  std::string_view body) {
  return ByteWriter()
      .u16_le(command)
      .u16_le(static_cast<std::uint16_t>(body.size()))
      .u32_le(session)
      .u32_le(0)  // status
      .u32_le(context)
      .u32_le(0)  // the rest of the context
      .u32_le(0)  // options
      .bytes(body)
      .take();
}

/// The data of the first item of a type, after the item count.
Result<std::string_view> find_item(ByteReader& reader, std::uint16_t wanted) {
  const auto count = reader.u16_le();
  if (!count) {
    return fail(count.error());
  }
  for (unsigned i = 0; i < *count; ++i) {
    const auto type = reader.u16_le();
    const auto size = reader.u16_le();
    const auto data = reader.bytes(size.value_or(std::uint16_t{0}));
    if (!type || !size || !data) {
      return fail(Errc::malformed, "the list of items is cut off");
    }
    if (*type == wanted) {
      return *data;
    }
  }
  return fail(Errc::malformed, "the item that answers is missing");
}

}  // namespace

std::string list_identity() {
  return frame(link::kListIdentity, 0, 0, {});
}

std::string list_identity_over_udp() {
  constexpr std::uint32_t kAnswerWithinMs = 500;  // else devices take up to 2 s
  return frame(link::kListIdentity, 0, kAnswerWithinMs, {});
}

std::string register_session() {
  const auto version_and_flags = ByteWriter().u16_le(1).u16_le(0).take();
  return frame(link::kRegisterSession, 0, 0, version_and_flags);
}

std::string unregister_session(std::uint32_t session) {
  return frame(link::kUnregisterSession, session, 0, {});
}

std::string send_rr_data(std::uint32_t session, std::uint32_t context, std::string_view message) {
  constexpr std::uint32_t kCipInterface = 0;
  constexpr std::uint16_t kTimeoutSeconds = 2;  // above that of an Unconnected_Send
  const auto body = ByteWriter()
                        .u32_le(kCipInterface)
                        .u16_le(kTimeoutSeconds)
                        .u16_le(2)  // items
                        .u16_le(kNullAddress)
                        .u16_le(0)
                        .u16_le(kUnconnectedData)
                        .u16_le(static_cast<std::uint16_t>(message.size()))
                        .bytes(message)
                        .take();
  return frame(link::kSendRrData, session, context, body);
}

bool is_answer(std::string_view request, std::string_view reply) {
  if (request.size() < kHeader || reply.size() < kHeader ||
      request.substr(0, 2) != reply.substr(0, 2)) {
    return false;
  }
  const auto command = ByteReader(request).u16_le();
  const bool same_session = request.substr(kSessionAt, 4) == reply.substr(kSessionAt, 4);
  const bool same_context =
      request.substr(kContextAt, kContextSize) == reply.substr(kContextAt, kContextSize);
  // A list may come with any context (over UDP ours carries a delay), a new session has
  // a number of its own.
  return command == link::kListIdentity ||
         (same_context && (same_session || command == link::kRegisterSession));
}

Result<Encapsulation> parse_encapsulation(std::string_view frame) {
  if (frame.size() < kHeader) {
    return fail(Errc::malformed, "the EtherNet/IP header is cut off");
  }
  ByteReader reader(frame);
  Encapsulation reply;
  (void)reader.u16_le();  // the command, which is_answer() has compared
  const auto length = reader.u16_le().value_or(std::uint16_t{0});
  reply.session = reader.u32_le().value_or(0U);
  reply.status = reader.u32_le().value_or(0U);
  if (reply.status != 0) {
    return reply;
  }
  if (length > frame.size() - kHeader) {
    return fail(Errc::malformed, "the EtherNet/IP frame is cut off");
  }
  reply.body = frame.substr(kHeader, length);
  return reply;
}

Result<Identity> parse_list_identity(std::string_view body) {
  ByteReader reader(body);
  const auto item = find_item(reader, kIdentityItem);
  if (!item) {
    return fail(item.error());
  }
  constexpr std::size_t kVersionAndSocketAddress = 2 + 16;
  ByteReader identity(*item);
  const auto skipped = identity.skip(kVersionAndSocketAddress);
  if (!skipped) {
    return fail(skipped.error());
  }
  return read_identity(identity);
}

Result<std::string_view> parse_rr_data(std::string_view body) {
  ByteReader reader(body);
  constexpr std::size_t kInterfaceAndTimeout = 4 + 2;
  const auto skipped = reader.skip(kInterfaceAndTimeout);
  if (!skipped) {
    return fail(skipped.error());
  }
  return find_item(reader, kUnconnectedData);
}

}  // namespace ot::protocols::enip
