#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/async.hpp"
#include "base/ipv4.hpp"
#include "base/result.hpp"
#include "protocols/link/frame.hpp"

namespace ot::protocols::link {

/// Whom a silence tells of: the target, or one unit id, slot or bus unit, which
/// may just be empty.
enum class Subject : std::uint8_t { target, part };

/// A question, and how its answer is known among what else may come in.
class Request {
 public:
  using Accepts = std::function<bool(std::string_view frame)>;

  /// `accepts`: whether a received frame is the answer. Other frames (late ones,
  /// of another transaction) are dropped, and the waiting goes on.
  Request(Frame frame, Accepts accepts, Subject subject = Subject::target)
      : frame_(std::move(frame)), accepts_(std::move(accepts)), subject_(subject) {}

  const Frame& frame() const { return frame_; }
  bool accepts(std::string_view received) const { return accepts_(received); }
  Subject subject() const { return subject_; }

 private:
  Frame frame_;
  Accepts accepts_;
  Subject subject_;
};

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
