#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "agent/ingest.hpp"
#include "agent/survey/walk_bundle.hpp"
#include "agent/survey/walk_folder.hpp"
#include "base/result.hpp"

namespace ot::agent::survey {

/// What a walk depends on, beside its folder.
struct WalkOptions {
  wall::Options wall;                 ///< around what reads project files
  bool ask_nobody = false;            ///< what the ledger does not hold stays unknown
  std::function<std::string()> stop;  ///< what ends it; asked before each frame
  /// Whether to go on with the next area; asked before each but the first of a run.
  std::function<bool(const bundle::Leg& next)> go_on;
  std::function<void(const IngestSummary& files)> on_files;
  /// Of a leg that this run walked, as far as it came. Before it is kept that the leg is walked:
  /// who is killed has told too much rather than too little.
  std::function<void(const bundle::Leg& leg, const ProbeSummary& summary)> on_leg;
};

/// How a run of a walk ended.
struct WalkSummary {
  IngestSummary files;
  std::uint64_t targets = 0;
  std::uint64_t answered = 0;
  std::uint64_t requests = 0;               ///< over all runs, retries included
  bool trouble = false;                     ///< something was not read to its end,
  std::vector<std::string> trouble_before;  ///< and in these areas an earlier run told what
  std::string stopped_by;                   ///< empty: what was to be walked is walked
  bool waits = false;                       ///< for the next area
  WalkFindings findings;
};

/// Reads the project files, and walks leg after leg; what an earlier run heard is not asked again.
/// Fails when the store or the ledger does.
Result<WalkSummary> run_walk(store::Store& store, const WalkFolder& folder, Walk& walk,
                             WalkLedger& ledger, WalkLedger::Recordings& heard,
                             const WalkOptions& options);

}  // namespace ot::agent::survey
