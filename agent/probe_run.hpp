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
#include "protocols/link/rules.hpp"
#include "protocols/probe.hpp"
#include "store/store.hpp"

namespace ot::agent {

class Progress;

struct ProbeJob {
  Targets targets;
  std::vector<const protocols::Probe*> protocols;
  protocols::ProbeOptions options;
  protocols::link::Rules rules;
  protocols::link::Exclusions exclusions;
  protocols::link::SerialSettings serial;
  protocols::link::Ledger* ledger = nullptr;
  std::function<bool()> stop;  ///< asked before each frame
  store::Place place;
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
  std::string target;
  std::string protocol;
  std::string text;
};
std::string_view to_string(Trouble::Kind kind);

/// Where an asset answered; 0.0.0.0 for a serial line.
struct Found {
  Ipv4 address;
  store::AssetId asset = 0;

  auto operator<=>(const Found&) const = default;  // NOLINT: no literal 0 in it
};

struct ProbeSummary {
  std::uint64_t targets = 0;
  std::uint64_t answered = 0;
  std::uint64_t requests = 0;     ///< sent, retries included
  std::vector<Ipv4> excluded;     ///< of the targets; nothing was sent to them
  std::vector<Ipv4> refused;      ///< there, but with no port of ours open
  std::vector<Ipv4> silent;       ///< no answer of any kind
  std::vector<Trouble> troubles;  ///< in the order of the targets
  std::vector<Found> found;       ///< in the order of their addresses, each asset once
  std::chrono::milliseconds elapsed{0};
  bool stopped = false;
};

/// Asks all targets, and brings what they say into the store. Fails only when
/// the store does.
Result<ProbeSummary> run_probes(store::Store& store, ProbeJob job, Progress& progress);

}  // namespace ot::agent
