#pragma once

#include <string>
#include <vector>

#include "agent/bundle/pack.hpp"
#include "agent/bundle/walk_target.hpp"
#include "agent/probe_run.hpp"
#include "agent/survey/walk_folder.hpp"
#include "agent/survey/walk_ledger.hpp"
#include "base/result.hpp"
#include "store/store.hpp"

namespace ot::agent::survey {

/// What came of a walk, beside what is in its store and its ledger.
struct WalkFindings {
  std::vector<bundle::WalkTarget> targets;
  std::string observations;  ///< lines

  /// Adds what the probes of a leg came to.
  void add(const std::string& area, const std::vector<TargetEnd>& ends,
           const ProbeSummary& summary);
};

/// All of it as a bundle's contents. The records bear the times at which they were observed.
Result<bundle::Contents> contents_of(store::Store& store, const Walk& walk,
                                     const WalkFolder& folder, const WalkLedger& ledger,
                                     const WalkFindings& findings);

}  // namespace ot::agent::survey
