#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include "protocols/link/carrier.hpp"
#include "protocols/link/dialogue.hpp"
#include "protocols/link/ledger.hpp"
#include "protocols/link/permits.hpp"
#include "protocols/link/recollection.hpp"
#include "protocols/link/rules.hpp"

namespace ot::protocols::link {

/// What all conversations of a run share.
struct Network {
  Network(asio::any_io_executor on, Rules kept, Exclusions excluded)
      : executor(std::move(on)),
        rules(kept),
        exclusions(std::move(excluded)),
        conversations(kept.conversations),
        first_connects(kept.first_connects),
        serial_pool(kSerialLines) {}

  static constexpr std::size_t kSerialLines = 4;  ///< driven at once

  asio::any_io_executor executor;
  Rules rules;
  Exclusions exclusions;
  Permits conversations;
  Permits first_connects;
  asio::thread_pool serial_pool;
  Ledger* ledger = nullptr;              ///< may be null
  Recollection* recollection = nullptr;  ///< what needs not be asked again; may be null
  std::function<bool()> stop;            ///< asked before each frame; may be empty
};

/// What is known in this run of one target, over all its protocols.
class Host {
 public:
  using Clock = std::chrono::steady_clock;

  /// Nothing more is sent to it; the first reason stays.
  void end(std::string why) { ended_ = ended_.empty() ? std::move(why) : ended_; }
  const std::string& ended() const { return ended_; }

  /// A request that was not answered after its retry; true when these are too many.
  bool count_silence(std::uint32_t most) { return ++silences_ >= most; }

  /// A frame was sent to it or came from it.
  void touch() { last_ = Clock::now(); }
  /// When that was; nothing before the first frame.
  std::optional<Clock::time_point> last() const { return last_; }

  std::uint64_t requests = 0;     ///< sent, retries included
  std::uint64_t connections = 0;  ///< that came about, over TCP
  std::uint64_t frames = 0;       ///< that came from it
  std::uint64_t unheard = 0;      ///< answers that may have gone to a port that was taken
  std::uint64_t unrecorded = 0;   ///< requests that a recording can't answer
  bool refused = false;           ///< it refused a connection: it is there
  Time heard{};                   ///< when it last said something
  bool shows_life() const { return refused || connections > 0 || frames > 0; }

  /// One connection at a time: the conversation that has it.
  const void* connection = nullptr;

 private:
  std::string ended_;
  std::uint32_t silences_ = 0;
  std::optional<Clock::time_point> last_;
};

/// A conversation over the real network or line. Both must outlive it.
std::unique_ptr<Dialogue> converse(Network& network, Host& host, Endpoint target);

}  // namespace ot::protocols::link
