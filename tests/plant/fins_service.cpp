#include "tests/plant/fins_service.hpp"

#include <set>

#include "base/bytes.hpp"
#include "tests/plant/fins_rack.hpp"

namespace ot::plant {
namespace {

// W421, 7-4-2: the header of FINS/TCP.
constexpr std::string_view kMagic = "FINS";
constexpr std::size_t kHeaderSize = 16;
constexpr std::size_t kLengthEnd = 8;  // what the length counts begins here
constexpr std::uint32_t kMostLength = 2020;

constexpr std::uint32_t kClientNode = 0;
constexpr std::uint32_t kServerNode = 1;
constexpr std::uint32_t kFrameSend = 2;
constexpr std::uint32_t kErrorNotification = 3;
constexpr std::uint32_t kConnectionConfirmation = 6;

// Error codes of FINS/TCP.
constexpr std::uint32_t kNotFins = 1;
constexpr std::uint32_t kTooLong = 2;
constexpr std::uint32_t kUnsupported = 3;
constexpr std::uint32_t kAllConnectionsInUse = 0x20;
constexpr std::uint32_t kNodeConnected = 0x21;
constexpr std::uint32_t kNodeOutOfRange = 0x23;
constexpr std::uint32_t kSameNode = 0x24;
constexpr std::uint32_t kNoNodeLeft = 0x25;

constexpr std::uint8_t kFirstAutomaticNode = 239;
constexpr std::uint8_t kLastNode = 254;

struct Header {
  std::string magic;
  std::uint32_t length = 0;
  std::uint32_t command = 0;

  static Header of(std::string_view frame) {
    ByteReader in(frame);
    const auto magic = in.bytes(kMagic.size()).value_or(std::string_view());
    const auto length = in.u32_be().value_or(0);
    return {.magic = std::string(magic), .length = length, .command = in.u32_be().value_or(0)};
  }
};

std::string wrapped(std::uint32_t command, std::uint32_t error, std::string_view body) {
  const auto length = static_cast<std::uint32_t>(kHeaderSize - kLengthEnd + body.size());
  ByteWriter out;
  out.bytes(kMagic).u32_be(length).u32_be(command).u32_be(error).bytes(body);
  return out.take();
}

/// What the connections of one unit share: the nodes that are taken.
struct Unit {
  Unit(const FinsDevice& of, Ipv4 address) : device(of), rack(of, address) {}

  /// The allotted node, or the error with which the handshake ends.
  Result<std::uint8_t> allot(std::uint32_t wanted, std::uint32_t& error);

  const FinsDevice& device;
  FinsRack rack;
  std::set<std::uint8_t> nodes;
};

Result<std::uint8_t> Unit::allot(std::uint32_t wanted, std::uint32_t& error) {
  error = device.handshake_error;
  if (error == 0 && nodes.size() >= device.connections) {
    error = kAllConnectionsInUse;
  } else if (error == 0 && wanted > kLastNode) {
    error = kNodeOutOfRange;
  } else if (error == 0 && wanted == rack.node()) {
    error = kSameNode;
  } else if (error == 0 && nodes.contains(static_cast<std::uint8_t>(wanted))) {
    error = kNodeConnected;
  }
  if (error != 0) {
    return fail(Errc::refused, "no connection for this node");
  }
  if (wanted != 0) {
    return static_cast<std::uint8_t>(wanted);
  }
  std::uint8_t node = device.first_client_node;
  constexpr int kAutomaticNodes = kLastNode - kFirstAutomaticNode + 1;
  for (int tries = 0; tries < kAutomaticNodes; ++tries) {
    if (!nodes.contains(node) && node != rack.node()) {
      return node;
    }
    node = node == kLastNode ? kFirstAutomaticNode : static_cast<std::uint8_t>(node + 1);
  }
  error = kNoNodeLeft;
  return fail(Errc::refused, "no node address is left");
}

class TcpConversation final : public Conversation {
 public:
  explicit TcpConversation(Unit& unit) : unit_(unit) {}
  TcpConversation(const TcpConversation&) = delete;
  TcpConversation& operator=(const TcpConversation&) = delete;
  ~TcpConversation() override { unit_.nodes.erase(client_); }

  std::optional<std::size_t> frame_size(std::string_view received) const override {
    if (received.size() < kLengthEnd) {
      return std::nullopt;
    }
    const Header header = Header::of(received);
    const bool is_sound = header.magic == kMagic && header.length <= kMostLength;
    return is_sound ? kLengthEnd + header.length : received.size();
  }

  Answer answer(std::string_view request) override {
    const Header header = Header::of(request);
    if (header.magic != kMagic) {
      return refuse(kNotFins);
    }
    if (header.length > kMostLength) {
      return refuse(kTooLong);
    }
    if (request.size() < kHeaderSize) {
      return refuse(kUnsupported);
    }
    if (header.command == kClientNode && client_ == 0 && request.size() == kHeaderSize + 4) {
      return handshake(request.substr(kHeaderSize));
    }
    if (header.command != kFrameSend || client_ == 0) {
      return refuse(kUnsupported);
    }
    return frame(request.substr(kHeaderSize));
  }

 private:
  static Answer refuse(std::uint32_t error) {
    Answer refused = Answer::of(wrapped(kErrorNotification, error, {}));
    refused.closes = true;
    refused.forbidden = true;
    return refused;
  }

  Answer handshake(std::string_view body) {
    std::uint32_t error = 0;
    const auto node = unit_.allot(ByteReader(body).u32_be().value_or(0), error);
    if (node) {
      client_ = *node;
      unit_.nodes.insert(client_);
    }
    ByteWriter nodes;
    nodes.u32_be(client_).u32_be(unit_.rack.node());
    Answer done = Answer::of(wrapped(kServerNode, error, nodes.take()));
    done.closes = error != 0;
    return done;
  }

  Answer frame(std::string_view fins) {
    Answer done;
    done.forbidden = !fins_is_harmless(fins);
    if (unit_.device.confirms) {
      done.frames.push_back(wrapped(kConnectionConfirmation, 0, {}));
    }
    const std::string reply = unit_.rack.reply_to(fins, client_);
    if (!reply.empty()) {
      done.frames.push_back(wrapped(kFrameSend, 0, reply));
    }
    return done;
  }

  Unit& unit_;
  std::uint8_t client_ = 0;
};

class UdpConversation final : public Conversation {
 public:
  explicit UdpConversation(Unit& unit) : unit_(unit) {}

  std::optional<std::size_t> frame_size(std::string_view received) const override {
    return received.size();
  }

  Answer answer(std::string_view request) override {
    Answer done;
    done.forbidden = !fins_is_harmless(request);
    std::string reply = unit_.rack.reply_to(request, 0);
    if (!reply.empty()) {
      done.frames.push_back(std::move(reply));
    }
    return done;
  }

 private:
  Unit& unit_;
};

class FinsService final : public Service {
 public:
  FinsService(const FinsDevice& device, Ipv4 address) : unit_(device, address) {}

  std::unique_ptr<Conversation> connected() override {
    return std::make_unique<TcpConversation>(unit_);
  }
  std::unique_ptr<Conversation> datagrams() override {
    return std::make_unique<UdpConversation>(unit_);
  }

 private:
  Unit unit_;
};

}  // namespace

std::unique_ptr<Service> fins_service(const FinsDevice& device, Ipv4 address) {
  return std::make_unique<FinsService>(device, address);
}

}  // namespace ot::plant
