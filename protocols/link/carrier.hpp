#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "base/async.hpp"
#include "protocols/link/endpoint.hpp"
#include "protocols/link/wire.hpp"

namespace ot::protocols::link {

/// Carries frames to and from one target. It knows nothing of what they ask;
/// every frame is looked up in the allow-list once more before its bytes go out.
class Carrier {
 public:
  using Time = std::chrono::steady_clock::duration;

  virtual ~Carrier() = default;

  /// Errors: refused, unreachable, io.
  virtual Task<void> connect(Time limit) = 0;
  /// Errors: forbidden, closed, io.
  virtual Task<void> send(std::string frame) = 0;
  /// The next whole frame. Errors: silent, closed, malformed.
  virtual Task<std::string> receive(Time limit) = 0;
  /// Ends the connection; waits that long for the other side's end.
  virtual asio::awaitable<void> close(Time limit) = 0;

  /// Whether the other side's end is here already: what is sent now comes too late.
  virtual bool has_ended() { return false; }

  /// What came and is no whole frame, or was not waited for; for the ledger.
  virtual std::string take_rest() { return {}; }

  /// What the bytes of a frame are on the wire, for the ledger.
  virtual std::string on_wire(std::string frame) const { return frame; }
};

std::unique_ptr<Carrier> make_tcp(const asio::any_io_executor& executor, Wire wire,
                                  Endpoint target);

/// From `own_port`, or from a free one when it is 0.
std::unique_ptr<Carrier> make_udp(const asio::any_io_executor& executor, Wire wire, Endpoint target,
                                  std::uint16_t own_port);

/// Blocking calls run on the pool.
std::unique_ptr<Carrier> make_serial(asio::thread_pool& pool, Wire wire, Endpoint target);

/// The address that packets to the target would come from. Sends nothing.
Result<Ipv4> own_address_towards(const asio::any_io_executor& executor, Ipv4 target);

}  // namespace ot::protocols::link
