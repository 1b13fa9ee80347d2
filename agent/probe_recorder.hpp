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
  Recorder(StoreThread& store, store::Place place) : store_(store), place_(std::move(place)) {}

  bool failed() const { return failed_; }

  /// The assets that a target's answers are.
  asio::awaitable<std::vector<Found>> record(std::vector<Answer>& answers);
  Result<void> finish();

 private:
  /// Few writes: a commit for so many targets.
  static constexpr int kTargetsInBatch = 16;

  std::vector<Found> put(store::Store& store, std::vector<Answer>& answers);

  StoreThread& store_;
  store::Place place_;
  std::optional<Error> failure_;
  std::atomic<bool> failed_{false};  ///< for other threads
  int in_batch_ = 0;
};

}  // namespace ot::agent
