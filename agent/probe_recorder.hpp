#pragma once

#include <atomic>
#include <optional>
#include <vector>

#include "agent/probe_run.hpp"
#include "agent/store_thread.hpp"

namespace ot::agent {

/// What one protocol brought from one target.
struct Answer {
  const protocols::Probe* probe = nullptr;
  protocols::link::Endpoint target;
  Time at;
  std::optional<protocols::Observation> found;
  std::optional<Error> error;
  bool connected = false;  ///< over TCP
  bool heard = false;      ///< it sent a frame
  bool of_part = false;    ///< what answered is but a module of the device
  bool unheard = false;    ///< what it sent may have gone to a port that was taken

  /// Why not all is known.
  const std::optional<Error>& failure() const { return found ? found->incomplete : error; }
};

/// Carries observations into the store.
class Recorder {
 public:
  /// `targets_in_batch`: a commit for so many targets that answered.
  Recorder(StoreThread& store, store::Place place, std::size_t targets_in_batch)
      : store_(store), place_(std::move(place)), targets_in_batch_(targets_in_batch) {}

  bool failed() const { return failed_; }

  /// The assets that a target's answers are.
  asio::awaitable<std::vector<Found>> record(std::vector<Answer>& answers);
  Result<void> finish();

 private:
  std::vector<Found> put(store::Store& store, std::vector<Answer>& answers);

  StoreThread& store_;
  store::Place place_;
  std::size_t targets_in_batch_;
  std::optional<Error> failure_;
  std::atomic<bool> failed_{false};  ///< for other threads
  std::size_t in_batch_ = 0;
};

}  // namespace ot::agent
