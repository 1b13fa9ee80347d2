#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/bundle/bundle.hpp"
#include "agent/bundle/recording.hpp"
#include "agent/bundle/replay_difference.hpp"
#include "agent/bundle/replay_reading.hpp"
#include "store/store.hpp"

namespace ot::agent {
class Progress;
}

namespace ot::agent::bundle {

/// What one protocol of a target was read as.
struct ReplayedTarget {
  std::string area;
  std::string target;    ///< "10.0.0.5:9600"
  std::string protocol;  ///< "fins"
  std::string device;    ///< "Omron CJ2M-CPU33"
  std::vector<FieldChange> changes;

  /// "Hall 1, 10.0.0.5:9600 fins"
  std::string name() const;
};

/// An exchange that no probe of today makes use of.
struct UnusedExchange {
  std::string area;
  std::string target;
  Time at;
  protocols::link::Wire wire{};
  Reading reading;
};

/// What today's decoders read in the exchanges of a bundle.
struct ReplayReport {
  std::uint64_t exchanges = 0;          ///< requests with what came of them
  std::uint64_t used = 0;               ///< by today's probes
  std::uint64_t same = 0;               ///< targets and protocols that are read as before
  std::vector<ReplayedTarget> changed;  ///< are read otherwise
  std::vector<ReplayedTarget> gained;   ///< are read now, and were not
  std::vector<ReplayedTarget> lost;     ///< were read, and are not any more
  std::vector<UnusedExchange> unused;
};

/// Runs the probes over the exchanges of a bundle, without a single packet. What they read goes
/// into the store, with the times of the walk. Errors: malformed, cancelled, those of the store.
Result<ReplayReport> replay(const Bundle& bundle, store::Store& store, Progress& progress);

/// The same into a store that is thrown away.
Result<ReplayReport> replay(const Bundle& bundle, Progress& progress);

}  // namespace ot::agent::bundle
