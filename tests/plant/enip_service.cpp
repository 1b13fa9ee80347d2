#include "tests/plant/enip_service.hpp"

#include "base/bytes.hpp"
#include "tests/plant/enip_cip.hpp"

namespace ot::plant {
namespace {

// CIP volume 2, 2-3: encapsulation.
constexpr std::size_t kHeaderSize = 24;
constexpr std::uint16_t kNop = 0x0000;
constexpr std::uint16_t kListServices = 0x0004;
constexpr std::uint16_t kListIdentity = 0x0063;
constexpr std::uint16_t kListInterfaces = 0x0064;
constexpr std::uint16_t kRegisterSession = 0x0065;
constexpr std::uint16_t kUnregisterSession = 0x0066;
constexpr std::uint16_t kSendRrData = 0x006F;

constexpr std::uint32_t kInvalidCommand = 0x0001;
constexpr std::uint32_t kIncorrectData = 0x0003;
constexpr std::uint32_t kInvalidSession = 0x0064;
constexpr std::uint32_t kInvalidLength = 0x0065;
constexpr std::uint32_t kUnsupportedRevision = 0x0069;

// CIP volume 2, 2-6: common packet format.
constexpr std::uint16_t kNullItem = 0x0000;
constexpr std::uint16_t kIdentityItem = 0x000C;
constexpr std::uint16_t kUnconnectedItem = 0x00B2;

struct Header {
  std::uint16_t command = 0;
  std::uint32_t session = 0;
  std::string context;

  static Header of(std::string_view frame) {
    constexpr std::size_t kContextSize = 8;
    ByteReader in(frame);
    Header header;
    header.command = in.u16_le().value_or(0);
    const auto length = in.u16_le();
    header.session = in.u32_le().value_or(0);
    const auto status = in.u32_le();
    const auto context = in.bytes(kContextSize);
    header.context = length && status ? context.value_or(std::string_view()) : std::string_view();
    return header;
  }
};

std::size_t size_by_header(std::string_view frame) {
  return kHeaderSize + ByteReader(frame.substr(2)).u16_le().value_or(0);
}

std::string encapsulated(const Header& header, std::uint32_t status, std::string_view body) {
  ByteWriter out;
  out.u16_le(header.command).u16_le(static_cast<std::uint16_t>(body.size()));
  out.u32_le(header.session).u32_le(status).bytes(header.context).u32_le(0).bytes(body);
  return out.take();
}

/// CIP volume 2, 2-4.2.
std::string identity_list(const EnipIdentity& identity, Ipv4 address, std::uint16_t port) {
  constexpr std::uint16_t kInternetFamily = 2;
  ByteWriter item;
  item.u16_le(1);  // protocol version
  item.u16_be(kInternetFamily).u16_be(port).u32_be(address.number).zeros(8);
  item.u16_le(identity.vendor).u16_le(identity.type).u16_le(identity.code);
  item.u8(identity.major).u8(identity.minor).u16_le(identity.status).u32_le(identity.serial);
  item.u8(static_cast<std::uint8_t>(identity.name.size())).bytes(identity.name);
  item.u8(identity.state);
  ByteWriter out;
  out.u16_le(1).u16_le(kIdentityItem).u16_le(static_cast<std::uint16_t>(item.size()));
  return out.bytes(item.take()).take();
}

std::string services_list() {
  constexpr std::uint16_t kCommunications = 0x0100;
  constexpr std::uint16_t kCipOverTcpAndClass01 = 0x0120;
  ByteWriter out;
  out.u16_le(1).u16_le(kCommunications).u16_le(0x14).u16_le(1).u16_le(kCipOverTcpAndClass01);
  return out.bytes("Communications").zeros(2).take();
}

/// The timeout and the CIP message of a SendRRData body.
struct Unconnected {
  std::uint16_t timeout = 0;
  std::string_view message;
};

std::optional<Unconnected> read_unconnected(std::string_view body) {
  ByteReader in(body);
  const auto interface = in.u32_le();
  const auto timeout = in.u16_le();
  const auto items = in.u16_le();
  const auto null_type = in.u16_le();
  const auto null_size = in.u16_le();
  const auto type = in.u16_le();
  const auto message = in.bytes(in.u16_le().value_or(0xFFFF));
  const bool is_sound = message && in.at_end() && *interface == 0 && *items == 2 &&
                        *null_type == kNullItem && *null_size == 0 && *type == kUnconnectedItem;
  if (!is_sound) {
    return std::nullopt;
  }
  return Unconnected{.timeout = *timeout, .message = *message};
}

std::string unconnected_reply(std::uint16_t timeout, std::string_view message) {
  ByteWriter out;
  out.u32_le(0).u16_le(timeout).u16_le(2).u16_le(kNullItem).u16_le(0);
  out.u16_le(kUnconnectedItem).u16_le(static_cast<std::uint16_t>(message.size()));
  return out.bytes(message).take();
}

/// What the conversations of one device share.
struct Adapter {
  const EnipDevice& device;
  Ipv4 address;
  CipDevice cip;
  std::uint32_t next_session;
};

class EnipConversation final : public Conversation {
 public:
  EnipConversation(Adapter& adapter, bool has_sessions)
      : adapter_(adapter), has_sessions_(has_sessions) {}

  std::optional<std::size_t> frame_size(std::string_view received) const override {
    if (!has_sessions_) {
      return received.size();  // a datagram
    }
    if (received.size() < kHeaderSize) {
      return std::nullopt;
    }
    return size_by_header(received);
  }

  Answer answer(std::string_view request) override {
    if (request.size() < kHeaderSize || request.size() != size_by_header(request)) {
      return Answer{.forbidden = true};
    }
    const Header header = Header::of(request);
    const std::string_view body = request.substr(kHeaderSize);
    switch (header.command) {
      case kListIdentity: return list_identity(header);
      case kRegisterSession: return register_session(header, body);
      case kUnregisterSession: return Answer{.closes = true};
      case kSendRrData: return send_rr_data(header, body);
      default: return foreign(header);
    }
  }

 private:
  static Answer status(const Header& header, std::uint32_t status) {
    return Answer::of(encapsulated(header, status, {}));
  }

  Answer list_identity(const Header& header) const {
    const EnipDevice& device = adapter_.device;
    if (device.list_identity_silent) {
      return {};
    }
    if (device.list_identity_status != 0) {
      return status(header, device.list_identity_status);
    }
    const std::string list = identity_list(device.identity, adapter_.address, device.port);
    return Answer::of(encapsulated(header, 0, list));
  }

  Answer register_session(Header header, std::string_view body) {
    constexpr std::string_view kVersionOne("\x01\x00\x00\x00", 4);
    const bool has_context = header.context != std::string(header.context.size(), '\0');
    const bool is_strict = adapter_.device.strict_context && has_context;
    header.session = 0;
    if (!has_sessions_ || session_ != 0 || is_strict) {
      return status(header, kInvalidCommand);
    }
    if (body.size() != kVersionOne.size()) {
      return status(header, kInvalidLength);
    }
    if (body != kVersionOne) {
      return status(header, kUnsupportedRevision);
    }
    session_ = adapter_.next_session++;
    header.session = session_;
    return Answer::of(encapsulated(header, 0, body));
  }

  Answer send_rr_data(const Header& header, std::string_view body) const {
    const auto unconnected = read_unconnected(body);
    Answer done;
    done.forbidden = !unconnected || !cip_is_harmless(unconnected->message);
    if (!has_sessions_ || session_ == 0 || header.session != session_) {
      done.frames = status(header, has_sessions_ ? kInvalidSession : kInvalidCommand).frames;
      return done;
    }
    if (!unconnected) {
      done.frames = status(header, kIncorrectData).frames;
      return done;
    }
    const CipReply reply = adapter_.cip.reply_to(unconnected->message);
    if (reply.encapsulation_refused) {
      done.frames = status(header, adapter_.device.send_status).frames;
    } else if (!reply.silent) {
      const std::string data = unconnected_reply(unconnected->timeout, reply.bytes);
      done.frames.push_back(encapsulated(header, 0, data));
    }
    return done;
  }

  /// Answered by a real device, but not ours to ask.
  static Answer foreign(const Header& header) {
    Answer done{.forbidden = true};
    switch (header.command) {
      case kNop: break;
      case kListServices: done.frames.push_back(encapsulated(header, 0, services_list())); break;
      case kListInterfaces:
        done.frames.push_back(encapsulated(header, 0, std::string(2, '\0')));
        break;
      default: done.frames = status(header, kInvalidCommand).frames;
    }
    return done;
  }

  Adapter& adapter_;
  bool has_sessions_;
  std::uint32_t session_ = 0;
};

class EnipService final : public Service {
 public:
  EnipService(const EnipDevice& device, Ipv4 address)
      : adapter_{device, address, CipDevice(device), device.first_session} {}

  std::unique_ptr<Conversation> connected() override {
    return std::make_unique<EnipConversation>(adapter_, true);
  }
  std::unique_ptr<Conversation> datagrams() override {
    return std::make_unique<EnipConversation>(adapter_, false);
  }

 private:
  Adapter adapter_;
};

}  // namespace

std::unique_ptr<Service> enip_service(const EnipDevice& device, Ipv4 address) {
  return std::make_unique<EnipService>(device, address);
}

}  // namespace ot::plant
