#pragma once

#include <string>

#include "base/async_task.hpp"
#include "base/ipv4.hpp"
#include "base/result.hpp"
#include "protocols/link/request.hpp"

namespace ot::protocols::link {

/// A conversation with one target: one connection, one request at a time. The
/// pace, the deadline, the one retry, and when to leave a target alone are kept
/// by the dialogue; a probe only asks.
///
/// Errors of open() and ask(): `refused`, `unreachable` (no connection in time),
/// `silent` (no answer after the retry; the connection stays), `closed` (by the
/// device), `malformed` (no frame of the protocol), and those after which nothing
/// more is sent to this target: `ended`, `forbidden`, `cancelled`.
class Dialogue {
 public:
  virtual ~Dialogue() = default;

  /// Our own address towards the target; 0.0.0.0 on a serial line.
  virtual Result<Ipv4> own_address() = 0;

  /// The target's address; 0.0.0.0 on a serial line.
  virtual Ipv4 target_address() const = 0;

  /// Connects, asks the first request and gives its answer. Over datagrams there
  /// is nothing to connect: the first request is what finds the device. An open
  /// connection is closed first.
  virtual Task<std::string> open(Request first) = 0;

  /// Asks over the open connection and gives the frame that answers.
  virtual Task<std::string> ask(Request request) = 0;

  /// Sends what has no answer: the end of a session.
  virtual Task<void> tell(Frame frame) = 0;

  /// Ends the connection with a FIN; may be called without one.
  virtual asio::awaitable<void> close() = 0;

  /// The device shows that it has too much to do, or less than before: nothing
  /// more is sent to it in this run. Gives the error to end the probe with.
  virtual Error distress(std::string why) = 0;
};

}  // namespace ot::protocols::link
