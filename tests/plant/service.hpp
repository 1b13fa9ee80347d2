#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ot::plant {

/// What travels on an endpoint: how a frame of it is told apart, and spoilt.
enum class Wire : std::uint8_t { fins_tcp, fins_udp, enip_tcp, enip_udp, modbus_tcp, modbus_rtu };

/// What a device makes of one request.
struct Answer {
  std::vector<std::string> frames;     ///< sent in this order; none: it is silent
  bool closes = false;                 ///< and then it ends the connection
  bool forbidden = false;              ///< an asker of identities must never send this
  std::chrono::milliseconds delay{0};  ///< a gateway's wait for a unit that is not there

  static Answer of(std::string frame) { return Answer{.frames = {std::move(frame)}}; }
};

/// A device at one TCP connection, at its UDP socket, or on a serial line.
class Conversation {
 public:
  Conversation() = default;
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;
  virtual ~Conversation() = default;

  /// How long the frame is that begins here; nothing while too little has come.
  virtual std::optional<std::size_t> frame_size(std::string_view received) const = 0;

  virtual Answer answer(std::string_view request) = 0;
};

/// One protocol of one host. Its conversations may outlive neither it nor each other's state.
class Service {
 public:
  Service() = default;
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  virtual ~Service() = default;

  virtual std::unique_ptr<Conversation> connected() = 0;
  virtual std::unique_ptr<Conversation> datagrams() = 0;
};

}  // namespace ot::plant
