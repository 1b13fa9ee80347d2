#pragma once

#include "agent/command_survey_offline.hpp"
#include "agent/survey/walk_folder.hpp"
#include "base/result.hpp"

namespace ot::agent {

/// The walk that a command line begins. Errors: wrong_use, io.
Result<survey::Walk> new_walk(const OfflineOptions& options);

/// What a command line adds to a walk that is gone on with.
Result<void> add_to(survey::Walk& walk, const OfflineOptions& options);

/// What --plan tells of: a new walk, or the one that would be gone on with.
Result<survey::Walk> planned_walk(const OfflineOptions& options);

}  // namespace ot::agent
