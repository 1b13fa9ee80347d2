#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "agent/config/config.hpp"
#include "agent/uplink/parcel.hpp"
#include "base/async_task.hpp"

namespace ot::agent {

/// What came of a parcel. It has constructors on purpose: GCC 12 destroys aggregate temporaries
/// of a co_await expression twice.
struct Outcome {
  enum class Kind : std::uint8_t {
    landed,    ///< it is there, but for `refused`
    too_much,  ///< not as it is; less of it may be
    unknown,   ///< the other side is not where we think: everything is to be told anew
    later,     ///< a while, or `wait`
  };
  /// Which record, and why.
  using Refused = std::vector<std::pair<std::size_t, std::string>>;

  Outcome() = default;
  explicit Outcome(Kind which, std::string why = {}) : kind(which), reason(std::move(why)) {}

  Kind kind = Kind::landed;
  std::string reason;
  std::string hint;
  std::optional<std::chrono::seconds> wait;
  bool needs_person = false;  ///< of `later`: by itself it won't be otherwise soon
  Refused refused;
};

/// The way out to one sink. It runs on one thread.
class Outlet {
 public:
  Outlet() = default;
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;
  virtual ~Outlet() = default;

  /// Every deadline is its own; the parcel outlives the call.
  virtual asio::awaitable<Outcome> send(const Parcel& parcel) = 0;

  /// What would be sent: the exact requests, secrets masked.
  virtual std::string preview(const Parcel& parcel) = 0;

  virtual asio::awaitable<void> close() = 0;

  /// Ends what is under way.
  virtual void abort() = 0;
};

/// Errors: a secret or a certificate that can't be read; the folder of a file sink.
Result<std::unique_ptr<Outlet>> make_outlet(const asio::any_io_executor& executor,
                                            const SinkConfig& config);

/// One for each kind of sink.
Result<std::unique_ptr<Outlet>> make_hub_outlet(const asio::any_io_executor& executor,
                                                const SinkConfig& config);
Result<std::unique_ptr<Outlet>> make_csam_outlet(const asio::any_io_executor& executor,
                                                 const SinkConfig& config);
Result<std::unique_ptr<Outlet>> make_file_outlet(const SinkConfig& config);

}  // namespace ot::agent
