#pragma once

#include <cstdint>
#include <string>

#include "protocols/enip/cip.hpp"
#include "protocols/enip/identity.hpp"
#include "protocols/link/dialogue.hpp"

namespace ot::protocols::enip {

/// The requests to one device, one connection and one registered session.
///
/// Errors are the dialogue's, and two of the device's: `unsupported` for a status of
/// the encapsulation (`ended` when it says that the device is out of memory), and
/// `malformed` for an answer that can't be read.
class Session {
 public:
  explicit Session(link::Dialogue& dialogue) : dialogue_(dialogue) {}

  /// Asks who it is: over a new connection, or with one datagram and no session.
  Task<Identity> ask_identity(link::Wire wire);

  /// RegisterSession.
  Task<void> begin();
  /// One CIP message.
  Task<CipReply> ask(std::string message, link::Subject subject);
  /// UnRegisterSession where the device still listens, and the connection's end.
  asio::awaitable<void> end();

  /// Whether more can be asked: a silence, a status or an odd answer ends nothing, a
  /// lost connection does.
  bool is_alive() const { return is_alive_; }

 private:
  enum class Over : std::uint8_t { new_connection, open_connection };

  Task<std::string> exchange(Over over, link::Request request);
  Result<std::string> checked(std::string frame);

  link::Dialogue& dialogue_;
  std::uint32_t handle_ = 0;
  std::uint32_t context_ = 0;
  bool is_alive_ = false;
};

}  // namespace ot::protocols::enip
