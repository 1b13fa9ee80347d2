#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "agent/targets.hpp"
#include "protocols/link/endpoint.hpp"
#include "protocols/link/ledger.hpp"
#include "protocols/link/recollection.hpp"
#include "protocols/link/rules.hpp"
#include "protocols/probe.hpp"
#include "store/store.hpp"

namespace ot::agent {

class Progress;
class StoreThread;
struct Answer;

/// How a target ended.
struct TargetEnd {
  std::string target;  ///< "10.0.0.5", "/dev/ttyUSB0"
  bool named = false;  ///< by itself, not as one of a range
  bool answered = false;
  std::string outcome;  ///< "answered", "incomplete", "silent", "refused", "excluded", ...
  std::string reason;   ///< why not, or why not all
};

struct ProbeJob {
  Targets targets;
  std::vector<const protocols::Probe*> protocols;
  protocols::ProbeOptions options;
  protocols::link::Rules rules;
  protocols::link::Exclusions exclusions;
  protocols::link::SerialSettings serial;
  protocols::link::Ledger* ledger = nullptr;
  /// What an earlier run heard, and needs not be asked again; may be null.
  protocols::link::Recollection* recollection = nullptr;
  std::function<std::string()> stop;  ///< asked before each frame: what ends the run, or nothing
  store::Place place;
  /// Few writes: a commit for so many targets. 1 where others write to the store meanwhile.
  std::size_t targets_in_batch = 16;
  /// Told of each target that was not cut short, as it ends; may be empty.
  std::function<void(const TargetEnd&)> on_end;
  /// Told of what the protocols brought from a target, before it goes into the store; may be empty.
  std::function<void(const std::vector<Answer>&)> on_answers;
};

/// How one target ended otherwise than by saying what it is.
struct Trouble {
  enum class Kind : std::uint8_t {
    incomplete,  ///< read in part
    silent,      ///< it took a connection, but gave no answer
    distressed,  ///< left alone for this run
    safety,      ///< a safety controller: asked nothing further
    failed,      ///< something answered, but not as the protocol wants it
    note,        ///< read, with something odd
  };

  Kind kind = Kind::failed;
  Ipv4 address;  ///< 0.0.0.0 for a serial line
  std::string target;
  std::string protocol;
  std::string text;
};
std::string_view to_string(Trouble::Kind kind);

/// Where an asset answered; 0.0.0.0 for a serial line.
struct Found {
  Ipv4 address;
  store::AssetId asset = 0;
  bool incomplete = false;  ///< it was not read to its end

  auto operator<=>(const Found&) const = default;  // NOLINT: no literal 0 in it
};

struct ProbeSummary {
  std::uint64_t targets = 0;
  std::uint64_t answered = 0;
  std::uint64_t requests = 0;     ///< sent, retries included
  TargetList excluded;            ///< nothing was sent to them
  TargetList refused;             ///< there, but with no port of ours open
  TargetList silent;              ///< no answer of any kind
  TargetList cut_short;           ///< by the stop, while they were asked
  TargetList not_asked;           ///< because it was stopped
  std::string next;               ///< whom another run should begin with, if this was stopped
  std::vector<Trouble> troubles;  ///< in the order of the targets
  std::vector<Found> found;       ///< in the order of their addresses, each asset once
  std::chrono::milliseconds elapsed{0};
  std::string stopped_by;  ///< "Ctrl-C"; empty when it came to its end

  bool stopped() const { return !stopped_by.empty(); }
  std::uint64_t asked() const { return targets - excluded.size() - not_asked.size(); }
};

/// Asks all targets, and brings what they say into the store. Fails only when
/// the store does. It blocks; stop() and on_end() are called on the same thread.
Result<ProbeSummary> run_probes(StoreThread& store, ProbeJob job, Progress& progress);
Result<ProbeSummary> run_probes(store::Store& store, ProbeJob job, Progress& progress);

}  // namespace ot::agent
